"""Makes assets of one of our problems: tests, and what the simulated coder knows.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import hashlib
import importlib.util
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from mutations import MUTATIONS
from rust_compiler import compile_program, first_error, run_program

HERE = Path(__file__).resolve().parent
PROBLEMS = HERE / "problems"
sys.path.insert(0, str(HERE / "gateway"))

from rust_text import without_comments  # noqa: E402

GROUPS = {"1-large": (1.0, 1.0), "2-middle": (0.3, 0.7), "3-small": (0.0, 0.2)}
"""Folders of hidden tests, in the order in which a judge takes them, and the sizes in each."""
BROKEN_PROGRAMS = 6

Test = Mapping[str, str]
"""`input` and `output`."""


@dataclass(frozen=True)
class Plan:
    """What is to be made of one problem; it goes to another process."""

    name: str
    habit: str
    held_out: bool
    tests_per_group: int
    secret: int
    agent: Path
    judge: Path


def make_problem(plan: Plan) -> dict[str, Any]:
    """Write a problem's files where they belong, and return what the simulated coder knows of it."""
    folder, coder = PROBLEMS / plan.name, plan.judge / "coder" / plan.name
    problem = load_module(folder / "problem.py")
    coder.mkdir(parents=True)
    solution = coder / "correct"
    compile_program(read(folder / "solution.rs"), solution)
    samples = [{"input": text, "output": run_program(solution, text)} for text in problem.SAMPLES]
    public = {
        "name": plan.name,
        "statement": read(folder / "statement.md"),
        "samples": samples,
        "timeLimitSeconds": problem.TIME_LIMIT_SECONDS,
        "memoryLimitMib": problem.MEMORY_LIMIT_MIB,
    }
    groups = {group: make_tests(plan, problem, solution, group) for group in GROUPS}
    if plan.held_out:
        checker = folder / "problem.py" if hasattr(problem, "accepts") else None
        write_held_out(plan.judge / "held-out" / plan.name, public, groups, checker)
    else:
        tests = [test for group in reversed(groups) for test in groups[group]]
        write_json(plan.agent / "problems" / f"{plan.name}.json", {**public, "tests": tests})
    return {
        "heldOut": plan.held_out,
        "habit": plan.habit,
        "statement": public["statement"],
        "samples": samples,
        "texts": make_texts(folder, coder, samples),
    }


def make_tests(plan: Plan, problem: ModuleType, solution: Path, group: str) -> list[Test]:
    """Draw inputs of a group's sizes, and have them answered."""
    least, most = GROUPS[group]
    made = []
    for index in range(plan.tests_per_group):
        digest = hashlib.sha256(f"{plan.secret}/{group}/{index}".encode()).digest()
        chance = random.Random(digest)
        text = problem.generate(chance, chance.uniform(least, most))
        made.append({"input": text, "output": run_program(solution, text)})
    return made


def write_held_out(
    folder: Path, public: Mapping[str, Any], groups: Mapping[str, Sequence[Test]], checker: Path | None
) -> None:
    """Write a problem as judges read it."""
    folder.mkdir(parents=True)
    write_json(folder / "public.json", public)
    for group, tests in groups.items():
        for index, test in enumerate(tests):
            place = folder / "tests" / group / f"{index:03}"
            place.mkdir(parents=True)
            (place / "input").write_text(test["input"], encoding="utf-8")
            (place / "expected").write_text(test["output"], encoding="utf-8")
    if checker is not None:
        shutil.copy(checker, folder / "problem.py")


def make_texts(folder: Path, coder: Path, samples: Sequence[Test]) -> list[dict[str, Any]]:
    """Return the programs that the coder may write, with what is true of each."""

    def text(kind: str, source: str, program: str | None = None, error: object = None) -> dict[str, Any]:
        path = None if program is None else f"{folder.name}/{program}"
        return {"kind": kind, "source": source, "program": path, "error": error}

    right = without_comments(read(folder / "solution.rs"))
    texts = [text("correct", right, "correct")]
    for path in sorted(folder.glob("wrong-*.rs")):
        source, program = without_comments(read(path)), coder / path.stem
        compile_program(source, program, quick=True)
        passes = all(answers(program, sample) for sample in samples)
        texts.append(text("trap" if passes else "wrong", source, path.stem))
    if (folder / "slow.rs").is_file():
        texts.append(text("slow", without_comments(read(folder / "slow.rs"))))
    for source, error in spoil(right, coder, random.Random(folder.name)):
        texts.append(text("broken", source, error=error))
    return texts


def spoil(source: str, scratch: Path, chance: random.Random) -> list[tuple[str, dict[str, Any]]]:
    """Make versions that do not compile, of as many kinds as there are, with what the compiler says first."""
    kinds = list(MUTATIONS)
    chance.shuffle(kinds)
    spoilt: list[tuple[str, dict[str, Any]]] = []
    for kind in kinds:
        candidates = [without_comments(candidate) for candidate in MUTATIONS[kind](source)]
        chance.shuffle(candidates)
        for candidate in candidates:
            error = first_error(candidate, scratch)
            if error is not None:
                spoilt.append((candidate, error))
                break
    return spoilt[:BROKEN_PROGRAMS]


def answers(program: Path, sample: Test) -> bool:
    """Whether a program that may crash gives a sample's output."""
    try:
        return run_program(program, sample["input"]).split() == sample["output"].split()
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False


def load_module(path: Path) -> ModuleType:
    """Import a problem's `problem.py`."""
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location(f"problem_{path.parent.name.replace('-', '_')}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def read(path: Path) -> str:
    """Return a file's text."""
    return path.read_text(encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """Write a file for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value) + "\n", encoding="utf-8")
