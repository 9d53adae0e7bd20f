"""What the tests of this environment share: where things are, a small scale, and a gateway on loopback.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from rebench_common.gateway import GatewayContext, Refused
from rebench_common.protocol import JudgeRequest
from rebench_common.testing import COMMON, load_parameters

ENVIRONMENT = Path(__file__).resolve().parent.parent
LAPTOP = load_parameters(ENVIRONMENT, "laptop")
SMALL: dict[str, Any] = LAPTOP | {
    "width": 48,
    "batch": 32,
    "skillsSteps": 500,
    "habitsSteps": 80,
    "tuningSteps": 60,
    "trainPrompts": 600,
    "heldOutPrompts": 300,
    "opponentAnswers": 2,
    "basePoints": 1.2,
    "tunedPoints": 1.6,
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
        """What judges and the service see at /assets."""
        return self.folder / "judge"


def prepare(
    folder: Path,
    parameters: Mapping[str, Any],
    secret: str,
    environment: Mapping[str, str] | None = None,
    capture: bool = False,
) -> Prepared:
    """Call prepare.py as the harness does, with more environment variables where asked.

    Raises CalledProcessError, with what was said on stderr where it is to be captured.
    """
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
        stderr=subprocess.PIPE if capture else None,
        text=True,
        check=True,
    )
    return Prepared(folder, run.stdout)


def open_preferences(prepared: Prepared, **changed: Any) -> Callable[[Any], Any]:
    """Open the service as the gateway does."""
    import preferences

    return preferences.open_service(
        GatewayContext("finetune-qa", "laptop", SMALL | changed, "agent", prepared.judge, prepared.folder)
    )


class _Server(ThreadingHTTPServer):
    # For many clients at once on a busy machine.
    request_queue_size = 128


@contextlib.contextmanager
def open_loopback(answer: Callable[[str, Any], Any]) -> Iterator[str]:
    """Serve `answer(path, body)` as JSON, a refusal as 422, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name is http.server's
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                status, content = 200, answer(self.path, body)
            except Refused as refused:
                status, content = 422, {"error": {"message": str(refused), "code": "service_refused"}}
            encoded = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def solve(variant: str, prepared: Prepared, workspace: Path, *options: str, **changed: Any) -> str:
    """Run `solve.py` of start or reference with the service behind it, and return what it printed."""
    workspace.mkdir(exist_ok=True)
    script = workspace / "solve.py"
    script.write_text((ENVIRONMENT / variant / "solve.py").read_text())
    serve = open_preferences(prepared, **changed)

    def answer(path: str, body: Any) -> Any:
        assert path == "/v1/services/preferences"
        return serve(body)

    with open_loopback(answer) as url:
        return subprocess.run(
            [sys.executable, "-I", script.name, "--assets", prepared.agent, *options],
            cwd=workspace,
            env={**os.environ, "REBENCH_GATEWAY_URL": url},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout


def request(prepared: Prepared, snapshot: Path, seed: bytes | None = None, **changed: Any) -> JudgeRequest:
    """Make the request for scoring a folder within this process."""
    return JudgeRequest(
        request_id="test",
        environment="finetune-qa",
        scale="laptop",
        parameters=SMALL | changed,
        snapshot=snapshot,
        assets=prepared.judge,
        scratch=snapshot,
        seed=seed or secrets.token_bytes(32),
        runner=(),
        deadline=time.monotonic() + 60,
    )
