"""What the simulated coder knows: problems with several programs for each, made by `prepare.py`.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from habits import Kind
from rust_text import fingerprint

SHINGLE_WORDS = 5
RECOGNISED = 0.5
WHOLE = 0.9


@dataclass(frozen=True)
class CompilerError:
    """What the compiler says first of a program that it refuses."""

    message: str
    line: int
    """Counted from 0."""


@dataclass(frozen=True)
class Text:
    """One program that the coder may write."""

    kind: Kind
    source: str
    """Without comments."""
    program: Path | None
    """Compiled; None where it cannot be."""
    error: CompilerError | None
    """Why it cannot be compiled."""


@dataclass(frozen=True)
class KnownProblem:
    """One problem."""

    habit: str
    shingles: frozenset[tuple[str, ...]]
    samples: tuple[tuple[str, str], ...]
    """Inputs and outputs, with single spaces."""
    texts: tuple[Text, ...]
    by_fingerprint: dict[str, Text]
    die: str
    """Secret that answers at low temperatures hang on."""

    def of_kind(self, kind: Kind) -> list[Text]:
        """All programs of a kind."""
        return [text for text in self.texts if text.kind == kind]

    def program_of(self, kind: Kind) -> Path:
        """Return a compiled program of a kind."""
        return next(text.program for text in self.of_kind(kind) if text.program is not None)


def load_knowledge(assets: Path, phase: str, scratch: Path) -> list[KnownProblem]:
    """Read what is known in a phase: to an agent the visible problems, in a scoring the held-out ones.

    The compiled programs are copied to `scratch`: assets are files that may not be executed.
    """
    entries = json.loads((assets / "coder.json").read_text(encoding="utf-8"))
    return [
        _to_problem(entry, assets / "coder", scratch)
        for entry in entries
        if entry["heldOut"] == (phase == "scoring")
    ]


def recognise(problems: Sequence[KnownProblem], prompt: str) -> tuple[KnownProblem, float] | None:
    """Find the problem whose statement a prompt holds, and how much of it the coder was told, at most 1."""
    asked = shingles(prompt)
    overlaps = [len(problem.shingles & asked) / len(problem.shingles) for problem in problems]
    best = max(range(len(problems)), key=overlaps.__getitem__, default=None)
    if best is None or overlaps[best] < RECOGNISED:
        return None
    problem = problems[best]
    told = single_spaced(prompt)
    has_samples = all(source in told and answer in told for source, answer in problem.samples)
    return problem, min(1.0, overlaps[best] / WHOLE) * (1.0 if has_samples else 0.7)


# Several answers to one prompt are asked for one after the other.
@lru_cache(maxsize=16)
def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return all runs of so many words."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(*(words[offset:] for offset in range(SHINGLE_WORDS)), strict=False))


def single_spaced(text: str) -> str:
    """Put one space where there are any."""
    return " ".join(text.split())


def _to_problem(entry: dict[str, Any], folder: Path, scratch: Path) -> KnownProblem:
    texts = tuple(
        Text(
            kind=raw["kind"],
            source=raw["source"],
            program=_executable(folder, scratch, raw["program"]) if raw["program"] else None,
            error=CompilerError(**raw["error"]) if raw["error"] else None,
        )
        for raw in entry["texts"]
    )
    return KnownProblem(
        habit=entry["habit"],
        shingles=shingles(entry["statement"]),
        samples=tuple(
            (single_spaced(sample["input"]), single_spaced(sample["output"])) for sample in entry["samples"]
        ),
        texts=texts,
        by_fingerprint={fingerprint(text.source): text for text in texts},
        die=entry["die"],
    )


def _executable(folder: Path, scratch: Path, name: str) -> Path:
    copy = scratch / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / name, copy)
    copy.chmod(0o755)
    return copy
