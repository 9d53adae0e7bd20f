"""Downloads a large file whose SHA-256 is known: resumes, retries, and keeps nothing it has not checked.

Only the standard library, so that it runs with any Python.
"""

import contextlib
import errno
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import ssl
import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rebench_corpus.safe_http import DownloadError, open_url, require_safe

CHUNK_BYTES = 1024 * 1024
LARGEST_BYTES = 16 * 1024**3
"""Of a file whose size is not pinned; GPT-2 XL, the largest one asked for, has 6.4 GB."""
RETRIED = {408, 425, 429, 500, 502, 503, 504}
"""Answers that may be another a moment later."""

LOCAL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
"""Of the disk here, which no other try mends. Of a connection, urllib wraps them."""


@dataclass(frozen=True)
class Patience:
    """How long to try."""

    timeout_seconds: float = 60.0
    """For a connection, and for each piece of an answer."""
    first_wait_seconds: float = 1.0
    """Before the second try; it doubles up to `longest_wait_seconds`."""
    longest_wait_seconds: float = 60.0
    """Also of what a server asks for with `Retry-After`."""
    fruitless_tries: int = 6
    """Tries in a row that bring not one new byte."""
    tries: int = 200
    """In all."""


PATIENT = Patience()
OnProgress = Callable[[int, int | None], None]
"""Called with the bytes that are there and the size of the whole file, or None until it is known."""


def download(
    url: str,
    path: Path,
    *,
    sha256: str | None,
    size_bytes: int | None,
    token: str | None = None,
    on_progress: OnProgress = lambda _have, _size: None,
    on_wait: Callable[[str], None] = lambda _reason: None,
    patience: Patience = PATIENT,
) -> None:
    """Make `path` hold the file at `url`; do nothing where it already does.

    What arrives is kept in `<path>.partial` and resumed from there, by a later call as well. `path` itself
    appears at once, whole and checked: size and, unless None, SHA-256. Two processes may ask for one file at
    the same time: the second waits for the first. `token` goes to the origin of `url` and to no other, also
    when redirected. Raises DownloadError.
    """
    require_safe(urlsplit(url))
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_name(f"{path.name}.lock"), lambda: on_wait("another process loads it")):
        if path.is_file():
            if (sha256 is None or hash_file(path) == sha256) and size_bytes in (None, path.stat().st_size):
                return
            on_wait(f"{path.name} has changed on disk and is loaded anew")
            path.unlink()
        task = _Download(url, path, size_bytes, token, on_progress, on_wait, patience)
        task.run()
        found = hash_file(task.partial)
        if sha256 not in (None, found) and task.glued:
            # Pieces of different ages glued together look like a wrong file: once more, in one piece.
            task.forget()
            task.run()
            found = hash_file(task.partial)
        if sha256 not in (None, found):
            task.forget()
            raise DownloadError(
                f"{url} has the SHA-256 {found}, not {sha256} as pinned. What arrived was deleted. "
                "Load it over another network or from another mirror (HF_ENDPOINT); where the file was "
                "really replaced, its pin and everything measured with it have to be made anew."
            )
        task.keep()


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


class _Download:
    """One file on its way: what has arrived, and of which version it is."""

    def __init__(
        self,
        url: str,
        path: Path,
        size_bytes: int | None,
        token: str | None,
        on_progress: OnProgress,
        on_wait: Callable[[str], None],
        patience: Patience,
    ) -> None:
        self.url, self.path, self.token = url, path, token
        self.partial = path.with_name(f"{path.name}.partial")
        self.version_file = path.with_name(f"{path.name}.partial.json")
        self.size = size_bytes
        self.on_progress, self.on_wait, self.patience = on_progress, on_wait, patience
        self.glued = self._have() > 0
        """Whether what is there may come from more than one answer."""

    def run(self) -> None:
        """Load until all bytes are there."""
        fruitless = 0
        for attempt in range(self.patience.tries):
            before = self._have()
            if before > 0 and before == self.size:
                return
            wait, reason = None, "the connection was cut"
            try:
                if self._load_some():
                    return
            except urllib.error.HTTPError as error:
                reason, wait = f"the server answered {error.code}", _seconds(error.headers.get("Retry-After"))
                error.close()
                if error.code not in RETRIED:
                    raise DownloadError(self._explain(error.code)) from None
            except (OSError, http.client.HTTPException) as error:
                if getattr(error, "errno", None) in LOCAL_ERRORS:
                    raise DownloadError(
                        f"{self.partial} cannot be written: {error}. Give it room and rights, or put the "
                        "cache elsewhere (REBENCH_CACHE); what arrived is kept."
                    ) from None
                cause = getattr(error, "reason", error)
                if isinstance(cause, ssl.SSLCertVerificationError):
                    raise DownloadError(
                        f"{self.url}: the server's certificate is not trusted ({cause.verify_message}). "
                        "Where a proxy inspects traffic, name its certificates with SSL_CERT_FILE."
                    ) from None
                reason = f"{cause}" or type(cause).__name__
            fruitless = 0 if self._have() > before else fruitless + 1
            if fruitless >= self.patience.fruitless_tries or attempt + 1 == self.patience.tries:
                raise DownloadError(
                    f"{self.url} could not be loaded: {reason}, after {attempt + 1} tries. Start again to go "
                    f"on from the {self._have():,} bytes that are there, or name a mirror with HF_ENDPOINT."
                )
            doubled = self.patience.first_wait_seconds * 2**fruitless
            pause = min(self.patience.longest_wait_seconds, max(wait or 0.0, doubled))
            self.on_wait(f"{reason}; next try in {pause:.0f} s")
            time.sleep(pause)
        raise AssertionError("unreachable")

    def keep(self) -> None:
        """Give what arrived its final name."""
        with self.partial.open("rb") as file:
            os.fsync(file.fileno())
        self.partial.replace(self.path)
        self.forget()

    def forget(self) -> None:
        """Delete what arrived."""
        self.partial.unlink(missing_ok=True)
        self.version_file.unlink(missing_ok=True)
        self.glued = False

    def _load_some(self) -> bool:
        """Ask for what is missing and write what comes. Returns whether all of it came."""
        have, version = self._have(), self._version()
        headers = {}
        if have > 0:
            headers["Range"] = f"bytes={have}-"
            # The server then sends the whole file if it is another one by now.
            if version is not None:
                headers["If-Range"] = version
        try:
            answer = open_url(self.url, headers, self.token, self.patience.timeout_seconds)
        except urllib.error.HTTPError as error:
            if error.code != 416:
                raise
            # What is here is longer than the file there: another file.
            error.close()
            self.forget()
            return False
        with answer:
            etag = answer.headers.get("ETag", "")
            start, total = _place_of(answer)
            if answer.status == 206 and (
                start != have or (version is not None and etag not in ("", version))
            ):
                self.forget()
                return False
            if total is not None:
                self._settle(total, start)
            if answer.status != 206:
                self.forget()
            if start == 0 and etag.startswith('"'):
                self.version_file.write_text(json.dumps(etag))
            return self._write(answer, start, total)

    def _write(self, answer: http.client.HTTPResponse, start: int, total: int | None) -> bool:
        limit = self.size or total or LARGEST_BYTES
        have = start
        self.glued = self.glued or start > 0
        with self.partial.open("ab") as file:
            while chunk := answer.read(CHUNK_BYTES):
                have += len(chunk)
                if have > limit:
                    file.close()
                    self.forget()
                    raise DownloadError(f"{self.url} sends more than the {limit:,} bytes it should have.")
                file.write(chunk)
                self.on_progress(have, self.size or total)
        # Without any word about the size, the end of an answer is the end of the file.
        return have == (self.size or total or have)

    def _settle(self, total: int, start: int) -> None:
        """Compare the size the server tells with the pinned one and with the disk."""
        if (self.size is not None and total != self.size) or total > LARGEST_BYTES:
            self.forget()
            raise DownloadError(
                f"{self.url} has {total:,} bytes, not {self.size or LARGEST_BYTES:,} "
                f"{'as pinned' if self.size else 'at most'}. Load it from another mirror (HF_ENDPOINT)."
            )
        free = shutil.disk_usage(self.path.parent).free
        if total - start > free:
            raise DownloadError(
                f"{self.url} needs {total - start:,} bytes and {self.path.parent} has {free:,}. "
                "Free some, or put the cache elsewhere (REBENCH_CACHE)."
            )

    def _have(self) -> int:
        return self.partial.stat().st_size if self.partial.is_file() else 0

    def _version(self) -> str | None:
        try:
            version = json.loads(self.version_file.read_text())
        except (OSError, ValueError):
            return None
        return version if isinstance(version, str) else None

    def _explain(self, status: int) -> str:
        remedies = {
            401: "Log in: set HF_TOKEN to a token of yours that may read it.",
            403: "Accept its licence on the hub and set HF_TOKEN, or use another mirror (HF_ENDPOINT).",
            404: "It was removed, or the mirror in HF_ENDPOINT lacks it.",
        }
        remedy = remedies.get(status, "Try another mirror (HF_ENDPOINT).")
        return f"{self.url}: the server answered {status}. {remedy}"


def _place_of(answer: http.client.HTTPResponse) -> tuple[int, int | None]:
    """Where in the file an answer begins, and how large the whole file is, as far as it tells."""
    if answer.status == 206:
        unit, _, rest = answer.headers.get("Content-Range", "").partition(" ")
        span, _, total = rest.partition("/")
        begin = span.partition("-")[0]
        if unit != "bytes" or not begin.isdecimal():
            return -1, None
        return int(begin), int(total) if total.isdecimal() else None
    length = answer.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _seconds(retry_after: str | None) -> float | None:
    """Seconds of a `Retry-After`; None for none and for a date, which needs clocks that agree."""
    return float(retry_after) if retry_after is not None and retry_after.strip().isdecimal() else None


@contextlib.contextmanager
def _locked(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock that ends with the process."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
