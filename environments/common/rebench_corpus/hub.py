"""Files of the Hugging Face hub, each pinned to a revision and a SHA-256. For `prepare.py`, never at scoring.

`python3 -m rebench_corpus.hub pin …` (in `environments/common`) makes the pin of a file that has none.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from rebench_corpus.download import CHUNK_BYTES, PATIENT, OnProgress, Patience, download, hash_file
from rebench_corpus.safe_http import DownloadError, head, require_safe

if TYPE_CHECKING:
    from rebench_common.preparation import Preparation

ENDPOINT = "https://huggingface.co"
PINS = Path(__file__).resolve().with_name("hub_pins.json")
Kind = Literal["models", "datasets"]


@dataclass(frozen=True)
class HubFile:
    """One file, as it will be for ever."""

    kind: Kind
    repository: str
    """Owner and name."""
    revision: str
    """A commit: 40 hexadecimal digits."""
    path: str
    """Within the repository."""
    sha256: str | None
    """None only while a pin is made."""
    size_bytes: int | None
    """None where only the checksum is known."""

    def __post_init__(self) -> None:
        if self.kind not in ("models", "datasets"):
            raise DownloadError(f"{self.kind!r} is no kind of repository: models or datasets.")
        if not re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", self.repository, re.ASCII):
            raise DownloadError(f"{self.repository!r} is no repository: owner/name.")
        if not re.fullmatch(r"[0-9a-f]{40}", self.revision):
            raise DownloadError(f"{self.revision!r} is no pinned revision: 40 hexadecimal digits.")
        if not re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", self.path, re.ASCII):
            raise DownloadError(f"{self.path!r} is no path of a file within a repository.")
        if self.sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise DownloadError(f"{self.sha256!r} is no SHA-256: 64 hexadecimal digits.")

    @property
    def url(self) -> str:
        """Where it is, at the hub or at the mirror that `HF_ENDPOINT` names."""
        return f"{_endpoint()}/{_address(self.kind, self.repository)}/resolve/{self.revision}/{self.path}"

    def place(self, downloads: Path) -> Path:
        """Where it is kept in a folder of downloads."""
        return downloads / "hub" / self.kind / self.repository / self.revision / self.path


def fetch(
    file: HubFile,
    downloads: Path,
    *,
    on_progress: OnProgress,
    on_wait: Callable[[str], None],
    patience: Patience = PATIENT,
) -> Path:
    """Return the path of a file, downloaded now or before, and checked now. Raises DownloadError."""
    path = file.place(downloads)
    download(
        file.url,
        path,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        token=_token(),
        on_progress=on_progress,
        on_wait=on_wait,
        patience=patience,
    )
    return path


def find_pin(
    kind: Kind, repository: str, path: str, pins: Path = PINS, downloads: Path | None = None
) -> HubFile:
    """Look up the pin of a file. Raises DownloadError where there is none, and says how to make it."""
    entry = json.loads(pins.read_text(encoding="utf-8")).get(f"{kind}/{repository}")
    pin = (entry or {}).get("files", {}).get(path)
    if pin is None:
        folder = "" if downloads is None else f" --downloads {downloads}"
        raise DownloadError(
            f"{path} of {kind}/{repository} has no pinned SHA-256, and nothing unpinned is loaded. "
            "In environments/common run: python3 -m rebench_corpus.hub pin "
            f"{kind} {repository} {path}{folder} --write, and review the change of {pins.name}."
        )
    return HubFile(kind, repository, entry["revision"], path, pin["sha256"], pin["sizeBytes"])


def fetch_pinned(preparation: "Preparation", kind: Kind, repository: str, path: str) -> Path:
    """Return a pinned file for `prepare.py`, with its progress told as messages. Raises DownloadError.

    The pins are those of `hub_pins.json`; tests name others with `parameters["hubPins"]`, which no
    environment.yaml does.
    """
    pins = Path(preparation.parameters.get("hubPins", PINS))
    file = find_pin(kind, repository, path, pins, preparation.downloads)
    told = time.monotonic()

    def on_progress(have: int, size: int | None) -> None:
        nonlocal told
        if time.monotonic() - told > 1:
            told = time.monotonic()
            of = "" if size is None else f" of {size / 1e6:,.0f}"
            preparation.tell(f"Loading {repository} {path}: {have / 1e6:,.0f}{of} MB")

    preparation.tell(f"Loading {repository} {path}")
    return fetch(
        file,
        preparation.downloads,
        on_progress=on_progress,
        on_wait=lambda reason: preparation.tell(f"Loading {repository} {path}: {reason}"),
    )


def make_pin(kind: Kind, repository: str, revision: str, path: str, downloads: Path) -> dict[str, Any]:
    """Download a file and return its pin, if it is what the hub itself says it is. Raises DownloadError.

    The hub names the SHA-256 of a large file and the Git blob id of a small one.
    """
    file = HubFile(kind, repository, revision, path, None, None)
    try:
        headers = head(file.url, _token(), PATIENT.timeout_seconds)
    except urllib.error.HTTPError as error:
        raise DownloadError(f"{file.url}: the server answered {error.code}.") from None
    except OSError as error:
        raise DownloadError(f"{file.url} cannot be reached: {error}.") from None
    told = headers.get("X-Linked-Etag", headers.get("Etag", "")).removeprefix("W/").strip('"')
    commit = headers.get("X-Repo-Commit", revision)
    if commit != revision:
        raise DownloadError(f"{file.url}: the hub answers with the revision {commit}.")
    local = fetch(file, downloads, on_progress=_print_progress, on_wait=_print_line)
    sha256 = hash_file(local)
    if told not in (sha256, _git_blob_id(local)):
        local.unlink()
        raise DownloadError(
            f"{file.url}: what arrived has the SHA-256 {sha256} and the hub names {told or 'none'}. "
            "It was deleted."
        )
    return {"sha256": sha256, "sizeBytes": local.stat().st_size}


def write_pin(pins: Path, kind: Kind, repository: str, revision: str, path: str, pin: dict[str, Any]) -> None:
    """Add a pin to a file of pins, for review."""
    content = json.loads(pins.read_text(encoding="utf-8"))
    entry = content.setdefault(f"{kind}/{repository}", {"revision": revision, "source": "", "files": {}})
    if entry["revision"] != revision and entry["files"]:
        raise DownloadError(
            f"{pins.name} pins {repository} to {entry['revision']}; one revision for all its files."
        )
    entry["revision"] = revision
    today = time.strftime("%Y-%m-%d", time.gmtime())
    source = f"Computed on {today} from a download that is what the hub itself names."
    entry["files"][path] = {**pin, "source": source}
    pins.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _endpoint() -> str:
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or ENDPOINT
    parts = urlsplit(endpoint)
    require_safe(parts)
    if parts.username is not None or parts.query or parts.fragment:
        raise DownloadError("HF_ENDPOINT has to be a plain address such as https://huggingface.co.")
    return endpoint


def _token() -> str | None:
    return os.environ.get("HF_TOKEN", "").strip() or None


def _address(kind: Kind, repository: str) -> str:
    return repository if kind == "models" else f"{kind}/{repository}"


def _git_blob_id(path: Path) -> str:
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _print_progress(have: int, size: int | None) -> None:
    of = "" if size is None else f" of {size:,}"
    print(f"\r{have:,}{of} bytes", end="", file=sys.stderr, flush=True)


def _print_line(text: str) -> None:
    print(f"\n{text}", file=sys.stderr, flush=True)


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m rebench_corpus.hub", description=__doc__)
    commands = parser.add_subparsers(required=True)
    pin = commands.add_parser("pin", help="download a file, check it against the hub and print its pin")
    pin.add_argument("kind", choices=("models", "datasets"))
    pin.add_argument("repository", help="owner/name")
    pin.add_argument("path", nargs="+")
    pin.add_argument("--revision", help="commit; by default the one of the repository's other pins")
    pin.add_argument("--downloads", type=Path, default=Path("downloads"), help="where the file is kept")
    pin.add_argument("--pins", type=Path, default=PINS)
    pin.add_argument("--write", action="store_true", help="add the pin to the file of pins")
    chosen = parser.parse_args()
    try:
        known = json.loads(chosen.pins.read_text(encoding="utf-8"))
        revision = chosen.revision or known.get(f"{chosen.kind}/{chosen.repository}", {}).get("revision")
        if revision is None:
            raise DownloadError("No revision is known for this repository: give the commit with --revision.")
        for path in chosen.path:
            made = make_pin(chosen.kind, chosen.repository, revision, path, chosen.downloads)
            print(f"\n{chosen.kind}/{chosen.repository} {revision} {path}: {json.dumps(made)}")
            if chosen.write:
                write_pin(chosen.pins, chosen.kind, chosen.repository, revision, path, made)
    except DownloadError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
