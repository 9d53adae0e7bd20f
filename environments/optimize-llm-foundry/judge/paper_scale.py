"""Expected weights of the paper's scale: are those of the starting pipeline itself, run by the judge.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

Written, never run: see the README.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import torch
from jobs import Job, to_jsonl, to_yaml
from rebench_common.protocol import InvalidSubmission
from rebench_lm.weights import TensorSpec
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

START = Path(__file__).resolve().parent.parent / "start"


def specs_of_file(path: Path) -> dict[str, TensorSpec]:
    """Return name, shape and type of every tensor of a trusted file."""
    types = {"F32": torch.float32, "I64": torch.int64}
    with safe_open(path, "pt") as file:
        slices = {name: file.get_slice(name) for name in list(file.keys())}
    return {name: TensorSpec(tuple(one.get_shape()), types[one.get_dtype()]) for name, one in slices.items()}


def run_start(job: Job, base: Path, folder: Path) -> dict[str, Tensor]:
    """Run the environment's own copy of the starting pipeline, never the snapshot's."""
    folder.mkdir()
    (folder / "finetune.yaml").write_text(to_yaml(job.options), encoding="utf-8")
    (folder / "train.jsonl").write_bytes(to_jsonl(job.examples).encode())
    out = folder / "expected.safetensors"
    command = [sys.executable, START / "finetune.py", "--options", folder / "finetune.yaml"]
    command += ["--data", folder / "train.jsonl", "--model", base, "--out", out]
    subprocess.run(command, check=True)
    return load_file(out)


def check_sum(
    weights: Mapping[str, Tensor],
    expected: Mapping[str, Tensor],
    base: Mapping[str, Tensor],
    tolerance: float,
    job: int,
) -> float:
    """Return the norms of all tensors' errors, summed, or refuse the weights."""
    total = sum(float((weights[name].double() - right.double()).norm()) for name, right in expected.items())
    moved = sum(float((right.double() - base[name].double()).norm()) for name, right in expected.items())
    # Where training changes less than that, untrained weights would pass.
    if total <= min(tolerance, moved / 2):
        return total
    raise InvalidSubmission(
        "wrong-weights",
        f"Job {job}: the norms of the differences to what the starting pipeline gives sum to {total:.3g}; "
        f"at most {tolerance:g} are allowed.",
        {"job": job, "total": total, "moved": moved},
    )
