"""What the tests of this environment share: its numbers, and a scale small enough for tests.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rebench_common.protocol import JudgeRequest
from rebench_common.testing import COMMON

ENVIRONMENT = Path(__file__).resolve().parent.parent

LAPTOP: dict[str, Any] = {
    "corpus": "documents",
    "vocabulary": 512,
    "agentShare": 12,
    "layers": 2,
    "heads": 4,
    "block": 64,
    "batch": 4,
    "learningRateTimesWidth": 0.25,
    "fullRateSteps": 1000,
    "warmUpPercent": 10,
    "validationWindows": 1024,
    "narrowest": 20,
    "widest": 256,
    "budgetFlops": "3e11",
    "marginPercent": 1,
    "experimentFlops": "6e9",
}
"""The parameters of the laptop scale; `test_prepare` holds them against environment.yaml."""

PAPER: dict[str, Any] = LAPTOP | {
    "corpus": "openwebtext",
    "vocabulary": 50257,
    "layers": 4,
    "heads": 8,
    "block": 1024,
    "batch": 64,
    "narrowest": 416,
    "widest": 7272,
    "budgetFlops": "5e17",
    "experimentFlops": "1e16",
}


def request_for(snapshot: Path, scale: str = "laptop") -> JudgeRequest:
    """Ask for a scoring without a harness."""
    return JudgeRequest(
        request_id="test",
        environment="scaling-law",
        scale=scale,
        parameters=PAPER if scale == "paper" else LAPTOP,
        snapshot=snapshot,
        assets=snapshot,
        scratch=snapshot,
        seed=bytes(32),
        runner=(),
        deadline=time.monotonic() + 60,
    )


def prepare(out: Path, parameters: Mapping[str, Any]) -> None:
    """Call prepare.py as the harness calls it."""
    subprocess.run(
        [sys.executable, ENVIRONMENT / "prepare.py", "--scale", "laptop", "--out", out, "--seed", "ab" * 32],
        input=json.dumps(parameters).encode(),
        env={**os.environ, "PYTHONPATH": str(COMMON)},
        check=True,
    )
