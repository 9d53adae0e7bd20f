"""A small mirror of the Hugging Face hub on this machine's loopback, with faults to order: for Python tests.

with open_mirror() as mirror:
    file = mirror.add("models", "owner/name", "weights.bin", b"…")
    file.faults = [Cut(after_bytes=1000)]
    mirror.write_pins(pins)
    …  # with HF_ENDPOINT=mirror.url
    assert file.requests[1].headers["Range"] == "bytes=1000-"
"""

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True)
class Cut:
    """The connection is dropped in the middle of the answer."""

    after_bytes: int
    """Of the body of this answer."""


@dataclass(frozen=True)
class Hold:
    """The answer stops in the middle until an event is set."""

    after_bytes: int
    event: threading.Event


@dataclass(frozen=True)
class Answer:
    """Another answer than the file."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What a client asked for."""

    method: str
    headers: Mapping[str, str]


@dataclass
class MirrorFile:
    """One file the mirror offers; change it as you like between requests."""

    kind: str
    repository: str
    path: str
    content: bytes
    etag: str | None
    ranges: bool = True
    """Whether parts can be asked for."""
    heeds_if_range: bool = True
    """Whether a part is sent only of the version that was asked for."""
    first_byte_off: int = 0
    """How far behind the place that was asked for parts begin."""
    tells_size: bool = True
    """Whether answers carry a Content-Length; without, the end of the connection is the end of the file."""
    large: bool = True
    """Whether the hub keeps it apart and so names its SHA-256; a small one's ETag is its Git blob id."""
    redirect: str | None = None
    """Where requests are sent on to, as the hub does with large files."""
    faults: list[Cut | Hold | Answer] = field(default_factory=list)
    """For the next requests with GET, one each."""
    requests: list[Request] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """SHA-256 of the content as it is now."""
        return hashlib.sha256(self.content).hexdigest()


class Mirror:
    """The mirror; its address goes into `HF_ENDPOINT`."""

    def __init__(self, url: str, files: dict[str, MirrorFile]) -> None:
        self.url = url
        self._files = files

    def add(self, kind: str, repository: str, path: str, content: bytes) -> MirrorFile:
        """Offer a file at `REVISION`; kind is models or datasets."""
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        file = MirrorFile(kind, repository, path, content, etag)
        prefix = "" if kind == "models" else f"/{kind}"
        self._files[f"{prefix}/{repository}/resolve/{REVISION}/{path}"] = file
        return file

    def address_of(self, file: MirrorFile) -> str:
        """Where a file is."""
        return self.url + next(path for path, known in self._files.items() if known is file)

    def write_pins(self, path: Path) -> Path:
        """Write pins of all files as they are now, for `parameters["hubPins"]`."""
        pins: dict[str, Any] = {}
        for file in self._files.values():
            entry = pins.setdefault(
                f"{file.kind}/{file.repository}", {"revision": REVISION, "source": "a test", "files": {}}
            )
            entry["files"][file.path] = {"sha256": file.sha256, "sizeBytes": len(file.content)}
        path.write_text(json.dumps(pins))
        return path


@contextlib.contextmanager
def open_mirror() -> Iterator[Mirror]:
    """Serve a mirror until the block ends."""
    files: dict[str, MirrorFile] = {}

    class Handler(_Handler):
        offered = files

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Mirror(f"http://127.0.0.1:{server.server_address[1]}", files)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    offered: Mapping[str, MirrorFile]

    def do_HEAD(self) -> None:  # noqa: N802 - the name is http.server's
        """Answer as to GET, without a body and without faults."""
        self._answer(body=False)

    def do_GET(self) -> None:  # noqa: N802 - the name is http.server's
        """Send a file, or what its next fault says."""
        # Clients are killed, and hang up on what they refuse.
        with contextlib.suppress(ConnectionError):
            self._answer(body=True)

    def _answer(self, body: bool) -> None:
        file = self.offered.get(self.path)
        if file is None:
            self.send_error(404)
            return
        file.requests.append(Request(self.command, dict(self.headers.items())))
        fault = file.faults.pop(0) if body and file.faults else None
        if isinstance(fault, Answer):
            self._send(fault.status, fault.headers)
            return
        about = {"X-Repo-Commit": REVISION}
        if file.large:
            about |= {"X-Linked-ETag": f'"{file.sha256}"', "X-Linked-Size": str(len(file.content))}
        if file.redirect is not None:
            self._send(302, {**about, "Location": file.redirect})
            return
        if file.etag is not None:
            about["ETag"] = file.etag
        start = self._start_of(file)
        if start > 0 and start >= len(file.content):
            self._send(416, {"Content-Range": f"bytes */{len(file.content)}"})
            return
        content = file.content[start:]
        if start > 0:
            about["Content-Range"] = f"bytes {start}-{len(file.content) - 1}/{len(file.content)}"
        if file.tells_size:
            about["Content-Length"] = str(len(content))
        self._send(206 if start > 0 else 200, about)
        if not body:
            return
        self.wfile.write(content if fault is None else content[: fault.after_bytes])
        if isinstance(fault, Hold):
            self.wfile.flush()
            fault.event.wait(30)
            self.wfile.write(content[fault.after_bytes :])

    def _start_of(self, file: MirrorFile) -> int:
        asked, version = self.headers.get("Range"), self.headers.get("If-Range")
        if asked is None or not file.ranges or (file.heeds_if_range and version not in (None, file.etag)):
            return 0
        return int(asked.removeprefix("bytes=").partition("-")[0]) - file.first_byte_off

    def _send(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
