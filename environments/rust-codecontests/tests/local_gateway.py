"""A gateway for the tests: the simulated coder over real HTTP on loopback, held to the manifest's ranges.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

The harness has its own (src/model/gateway), which does far more; this one lets the judge be tested with
Python alone.
"""

import json
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from rebench_common.gateway import GatewayContext, Generate, Message, ModelRequest
from weak_coder import open_model

MODEL = "weak-coder"
MOST_ANSWERS = 8
PARAMETERS = {"model", "messages", "n", "temperature", "max_tokens"}


def open_coder(assets: Path, phase: str = "scoring") -> Generate:
    """Make the coder on a preparation's judge folder."""
    scratch = Path(tempfile.mkdtemp(dir=assets.parent))
    return open_model(GatewayContext("rust-codecontests", "laptop", {}, phase, assets, scratch))


class LocalGateway(ThreadingHTTPServer):
    """Answers chat completions one after the other, and counts them."""

    daemon_threads = True

    def __init__(self, generate: Generate, calls: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.generate = generate
        self.calls_left = calls
        self.calls = 0
        self.refused: list[str] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: LocalGateway

    def do_POST(self) -> None:  # noqa: N802 - the base class names it
        """Answer a chat completion."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            status, answer = self.complete(body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def complete(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Check as the harness's gateway does, and ask the coder."""
        names = [value for name, value in self.headers.items() if "model" in name.lower()]
        answers = body.get("n", 1)
        code = None
        if any(name != MODEL for name in (body["model"], *names)):
            code = "model_not_allowed"
        elif answers > MOST_ANSWERS or not set(body) <= PARAMETERS:
            code = "parameter_not_allowed"
        elif answers > self.server.calls_left:
            code = "budget_used_up"
        if code is not None:
            self.server.refused.append(code)
            return 403, {"error": {"code": code, "message": code}}
        self.server.calls_left -= answers
        self.server.calls += answers
        messages = tuple(Message(message["role"], message["content"]) for message in body["messages"])
        choices = []
        for _ in range(answers):
            temperature, most = body.get("temperature"), body.get("max_tokens")
            request = ModelRequest(MODEL, messages, temperature, most, secrets.token_bytes(32))
            text = self.server.generate(request).text
            choices.append({"message": {"role": "assistant", "content": text}})
        return 200, {"choices": choices}

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve(generate: Generate, calls: int = 10_000) -> Iterator[LocalGateway]:
    """Open a gateway; leaving closes it."""
    gateway = LocalGateway(generate, calls)
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.server_close()
