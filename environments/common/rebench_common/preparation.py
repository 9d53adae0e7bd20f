"""What every `prepare.py` is called with, and the folders it fills.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMON = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Preparation:
    """One call of `prepare.py`."""

    scale: str
    parameters: Mapping[str, Any]
    """The `parameters` of this scale in environment.yaml."""
    agent: Path
    """What agents will see, read-only, at /assets."""
    judge: Path
    """What only judges will see, at /assets of theirs."""
    downloads: Path
    """Where files from public hubs are kept between preparations."""
    secret: bytes
    """32 bytes no agent knows."""

    def seed(self, *purpose: str) -> int:
        """Return a secret number below 2^63, another for every purpose."""
        digest = hashlib.sha256(self.secret + "\0".join(purpose).encode()).digest()
        return int.from_bytes(digest[:8], "little") >> 1

    def report(self, fraction: float, message: str) -> None:
        """Move the progress bar; `fraction` from 0 to 1."""
        print(json.dumps({"progress": min(1.0, max(0.0, fraction)), "message": message}), flush=True)

    def tell(self, message: str) -> None:
        """Say what is being done, where the progress bar stays."""
        print(json.dumps({"message": message}), flush=True)

    def hand_out(self, package: str) -> None:
        """Give agents one of the shared Python packages, at /assets/<package>."""
        shutil.copytree(COMMON / package, self.agent / package, ignore=shutil.ignore_patterns("__pycache__"))


def open_preparation() -> Preparation:
    """Read the command line and the parameters on stdin, and make the two folders."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=bytes.fromhex, required=True)
    arguments = parser.parse_args()
    agent, judge = arguments.out / "agent", arguments.out / "judge"
    agent.mkdir()
    judge.mkdir()
    return Preparation(
        scale=arguments.scale,
        parameters=json.load(sys.stdin),
        agent=agent,
        judge=judge,
        downloads=Path(os.environ.get("REBENCH_DOWNLOADS", arguments.out.parent / "downloads")),
        secret=arguments.seed,
    )
