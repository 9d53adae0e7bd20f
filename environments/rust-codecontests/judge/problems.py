"""The held-out problems as `prepare.py` left them, and when an output is right.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import importlib.util
import json
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Accepts = Callable[[str, str, str], bool]


@dataclass(frozen=True)
class Parameters:
    """The scale's parameters from environment.yaml that the judge needs."""

    tests_per_problem: int
    problems_at_once: int
    problem_limit_seconds: float
    import_limit_seconds: float
    compile_limit_seconds: float
    source_limit_bytes: int
    output_limit_bytes: int


def parse_parameters(raw: Mapping[str, Any]) -> Parameters:
    """Read the parameters. Raises KeyError, TypeError or ValueError: environment.yaml is wrong then."""
    return Parameters(
        tests_per_problem=int(raw["testsPerProblem"]),
        problems_at_once=int(raw["problemsAtOnce"]),
        problem_limit_seconds=float(raw["problemLimitSeconds"]),
        import_limit_seconds=float(raw["importLimitSeconds"]),
        compile_limit_seconds=float(raw["compileLimitSeconds"]),
        source_limit_bytes=int(raw["sourceLimitBytes"]),
        output_limit_bytes=int(raw["outputLimitBytes"]),
    )


@dataclass(frozen=True)
class HiddenTest:
    """One hidden input and the answer to it."""

    text: bytes
    expected: bytes


@dataclass(frozen=True)
class Problem:
    """One held-out problem."""

    name: str
    public: Mapping[str, Any]
    """All that a submission is told: name, statement, samples, limits."""
    time_limit_seconds: float
    memory_limit_mib: int
    groups: tuple[tuple[Path, ...], ...]
    """Folders with a test each, large ones first: every scoring takes its share of each group."""
    accepts: Accepts | None
    """Where several answers are right: whether this one is. Else it is compared token by token."""


def load_problems(assets: Path) -> list[Problem]:
    """Read all held-out problems, in the order of their names."""
    return [load_problem(folder) for folder in sorted((assets / "held-out").iterdir())]


def load_problem(folder: Path) -> Problem:
    """Read one problem; its tests are read when they are picked."""
    public = json.loads((folder / "public.json").read_text(encoding="utf-8"))
    groups = sorted((folder / "tests").iterdir(), key=lambda group: group.name)
    checker = folder / "problem.py"
    return Problem(
        name=folder.name,
        public=public,
        time_limit_seconds=float(public["timeLimitSeconds"]),
        memory_limit_mib=int(public["memoryLimitMib"]),
        groups=tuple(tuple(sorted(group.iterdir())) for group in groups),
        accepts=_load_accepts(checker) if checker.is_file() else None,
    )


def pick_tests(problem: Problem, count: int, chance: random.Random) -> list[HiddenTest]:
    """Draw the tests of one scoring, as many from each group.

    Large ones come first: what a program leaves behind in its sandbox for the next test, if it finds a way,
    was computed within the time of a large one.
    """
    share = -(-count // len(problem.groups))
    picked = [path for group in problem.groups for path in chance.sample(group, min(share, len(group)))]
    return [HiddenTest((path / "input").read_bytes(), (path / "expected").read_bytes()) for path in picked]


def is_right(problem: Problem, test: HiddenTest, output: bytes) -> bool:
    """Whether a program's output is a right answer. The output is untrusted."""
    if problem.accepts is None:
        return output.split() == test.expected.split()
    text, expected = test.text.decode(), test.expected.decode()
    try:
        return problem.accepts(text, expected, output.decode(errors="replace")) is True
    except Exception:
        # A checker takes any text; where one does not, the output is none that it knows to be right.
        return False


def _load_accepts(path: Path) -> Accepts:
    spec = importlib.util.spec_from_file_location(f"checker_{path.parent.name.replace('-', '_')}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.accepts
