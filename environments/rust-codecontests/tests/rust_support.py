"""What the tests of this environment share: where things are, a small scale, and the judge in real sandboxes.

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

import judge
from local_gateway import open_coder, serve
from rebench_common.protocol import Invalid, InvalidSubmission, JudgeRequest, Scored
from rebench_common.testing import COMMON, load_parameters, runner_prefix

ENVIRONMENT = Path(__file__).resolve().parent.parent

LAPTOP = load_parameters(ENVIRONMENT, "laptop")
SMALL: dict[str, Any] = LAPTOP | {"heldOutProblems": 3, "visibleProblems": 1, "heldOutTestsPerGroup": 2}


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


def prepare(folder: Path, parameters: Mapping[str, Any], secret: str) -> Prepared:
    """Call prepare.py as the harness does."""
    run = subprocess.run(
        [sys.executable, ENVIRONMENT / "prepare.py", "--scale", "laptop", "--out", folder, "--seed", secret],
        input=json.dumps(parameters),
        env={**os.environ, "PYTHONPATH": str(COMMON), "REBENCH_DOWNLOADS": str(folder / "downloads")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    # As the harness leaves assets: to be read, not to be executed.
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return Prepared(folder, run.stdout)


def local_runner(snapshot: Path) -> tuple[str, ...]:
    """Prefix of a runner sandbox on this machine itself."""
    places = {"/snapshot": str(snapshot), "/environment/judge/runner": str(ENVIRONMENT / "judge" / "runner")}
    prefix = [places.get(part, part) for part in runner_prefix()]
    # The harness shows /etc as well: on Debian /usr/bin/cc leads there.
    return (*prefix[:-1], "--ro-bind", "/etc", "/etc", prefix[-1])


def score(
    prepared: Prepared,
    snapshot: Path,
    *,
    calls: int = 10_000,
    deadline_seconds: float = 330.0,
    **changed: Any,
) -> Scored | Invalid:
    """Score a folder: the judge in this process, all it starts in sandboxes, the coder behind a gateway."""
    with serve(open_coder(prepared.judge), calls) as gateway:
        os.environ["REBENCH_GATEWAY_URL"] = gateway.url
        request = JudgeRequest(
            request_id="test",
            environment="rust-codecontests",
            scale="laptop",
            parameters=SMALL | changed,
            snapshot=snapshot,
            assets=prepared.judge,
            scratch=snapshot,
            seed=secrets.token_bytes(32),
            runner=local_runner(snapshot),
            deadline=time.monotonic() + deadline_seconds,
        )
        try:
            return judge.score(request)
        except InvalidSubmission as invalid:
            return invalid.invalid
