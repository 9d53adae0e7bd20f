"""What the tests of this environment share: where things are, and a scale small enough for tests.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rebench_common.protocol import JudgeRequest
from rebench_common.testing import COMMON

ENVIRONMENT = Path(__file__).resolve().parent.parent
SOLUTION = "model.safetensors"

SMALL: dict[str, Any] = {
    "corpus": "documents",
    "vocabulary": 512,
    "context": 32,
    "gpu": False,
    "largeLayers": 2,
    "largeHeads": 2,
    "largeWidth": 48,
    "largeSteps": 1_000,
    "smallLayers": 1,
    "smallHeads": 1,
    "smallWidth": 32,
    "smallSteps": 300,
    "batch": 16,
    "trainEveryDocument": 31,
    "validationEveryDocument": 9,
    "lossFloor": 2.5,
    "leastExcess": 0.01,
    "testWindows": 512,
    "testBatch": 64,
}


@dataclass(frozen=True)
class Prepared:
    """What one preparation left."""

    folder: Path
    log: str

    @property
    def agent(self) -> Path:
        """What agents see at /assets."""
        return self.folder / "agent"

    @property
    def judge(self) -> Path:
        """What judges see at /assets."""
        return self.folder / "judge"


def prepare(
    folder: Path, parameters: Mapping[str, Any], secret: str, environment: Mapping[str, str] | None = None
) -> Prepared:
    """Call prepare.py as the harness does, with more environment variables where asked."""
    run = subprocess.run(
        [sys.executable, ENVIRONMENT / "prepare.py", "--scale", "laptop", "--out", folder, "--seed", secret],
        input=json.dumps(parameters),
        env={
            **os.environ,
            **(environment or {}),
            "PYTHONPATH": str(COMMON),
            "REBENCH_DOWNLOADS": str(folder / "downloads"),
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Prepared(folder, run.stdout)


def solve(variant: str, assets: Path, workspace: Path, *options: str, text: str | None = None) -> str:
    """Run `solve.py` of start or reference, or another text in its place, and return what it printed."""
    workspace.mkdir(exist_ok=True)
    script = workspace / "solve.py"
    script.write_text(text or (ENVIRONMENT / variant / "solve.py").read_text())
    return subprocess.run(
        [sys.executable, "-I", script.name, "--assets", assets, *options],
        cwd=workspace,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def request(prepared: Prepared, snapshot: Path, seed: bytes | None = None, **changed: Any) -> JudgeRequest:
    """Make the request for scoring a folder within this process."""
    return JudgeRequest(
        request_id="test",
        environment="fix-embedding",
        scale="laptop",
        parameters=SMALL | changed,
        snapshot=snapshot,
        assets=prepared.judge,
        scratch=snapshot,
        seed=seed or secrets.token_bytes(32),
        runner=(),
        deadline=time.monotonic() + 60,
    )
