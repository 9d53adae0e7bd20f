"""What the tests of this environment share: where things are, and a scale small enough for tests.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import functools
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jobs import Job, Work, draw_pair, generator, to_jsonl, to_yaml, work_of
from pristine import Sizes, fine_tune, sizes_of
from rebench_common.protocol import JudgeRequest
from rebench_common.testing import COMMON, runner_prefix
from rebench_lm.tokens import open_tokens
from safetensors.torch import load_file
from tokenizers import Tokenizer

ENVIRONMENT = Path(__file__).resolve().parent.parent

SMALL: dict[str, Any] = {
    "corpus": "documents",
    "vocabulary": 512,
    "context": 32,
    "gpu": False,
    "layers": 3,
    "width": 32,
    "baseSteps": 60,
    "baseBatch": 8,
    "steps": 6,
    "tokensPerBatch": 128,
    "jobLimitSeconds": 60,
    "reserveSeconds": 15,
    "tolerance": 0.001,
}


@dataclass(frozen=True)
class Prepared:
    """What one preparation left."""

    folder: Path

    @property
    def agent(self) -> Path:
        """What agents see at /assets."""
        return self.folder / "agent"

    @property
    def judge(self) -> Path:
        """What judges see at /assets."""
        return self.folder / "judge"

    @property
    def sizes(self) -> Sizes:
        """Those of the model."""
        return sizes_of(SMALL)

    @functools.cached_property
    def base(self) -> dict[str, torch.Tensor]:
        """The base model."""
        return load_file(self.judge / "base" / "model.safetensors")

    @functools.cached_property
    def tokenizer(self) -> Tokenizer:
        """Its tokenizer."""
        return Tokenizer.from_file(str(self.judge / "base" / "tokenizer.json"))

    def draw(self, seed: int) -> tuple[Job, Job]:
        """Draw two jobs as the judge does."""
        text = open_tokens(self.judge / "text.bin")
        return draw_pair(generator(bytes([seed]), "jobs"), text, self.tokenizer, self.work)

    @property
    def work(self) -> Work:
        """That of a job."""
        return work_of(SMALL)

    def expected(self, job: Job) -> dict[str, torch.Tensor]:
        """Return the right weights."""
        return fine_tune(self.sizes, self.base, self.tokenizer, job)


def prepare(folder: Path, secret: str) -> Prepared:
    """Call prepare.py as the harness does."""
    subprocess.run(
        [sys.executable, ENVIRONMENT / "prepare.py", "--scale", "laptop", "--out", folder, "--seed", secret],
        input=json.dumps(SMALL),
        env={**os.environ, "PYTHONPATH": str(COMMON)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Prepared(folder)


def run_pipeline(workspace: Path, job: Job, base: Path, folder: Path) -> dict[str, torch.Tensor]:
    """Run `finetune.py` of a workspace on one job, outside any sandbox."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "finetune.yaml").write_text(to_yaml(job.options))
    (folder / "train.jsonl").write_bytes(to_jsonl(job.examples).encode())
    out = folder / "tuned.safetensors"
    command = [sys.executable, workspace / "finetune.py", "--options", folder / "finetune.yaml"]
    command += ["--data", folder / "train.jsonl", "--model", base, "--out", out]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return load_file(out)


def request(
    prepared: Prepared, snapshot: Path, scratch: Path, seed: bytes | None = None, **changed: Any
) -> JudgeRequest:
    """Make the request for scoring a folder within this process; only the runner has a sandbox."""
    places = {"/snapshot": str(snapshot), "/environment/judge/runner": str(ENVIRONMENT / "judge" / "runner")}
    runner = [places.get(part, part) for part in runner_prefix()]
    scratch.mkdir(exist_ok=True)
    return JudgeRequest(
        request_id="test",
        environment="optimize-llm-foundry",
        scale="laptop",
        parameters=SMALL | changed,
        snapshot=snapshot,
        assets=prepared.judge,
        scratch=Path(tempfile.mkdtemp(dir=scratch)),
        seed=seed or secrets.token_bytes(32),
        runner=(*runner[:-1], "--setenv", "OMP_NUM_THREADS", "1", runner[-1]),
        deadline=time.monotonic() + 300,
    )


def lay_out(workspace: Path, finetune: str, files: Mapping[str, str] | None = None) -> Path:
    """Make a workspace: the reference as `honest.py` with its package, and another `finetune.py`."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ENVIRONMENT / "reference", workspace, ignore=ignored)
    (workspace / "finetune.py").rename(workspace / "honest.py")
    for path, text in {"finetune.py": finetune, **(files or {})}.items():
        (workspace / path).parent.mkdir(parents=True, exist_ok=True)
        (workspace / path).write_text(text)
    return workspace
