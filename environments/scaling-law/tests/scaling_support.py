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
from rebench_common.testing import COMMON, load_parameters

ENVIRONMENT = Path(__file__).resolve().parent.parent

LAPTOP = load_parameters(ENVIRONMENT, "laptop")
PAPER = load_parameters(ENVIRONMENT, "paper")


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
