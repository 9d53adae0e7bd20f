"""Makes assets of problems in the format of CodeContests: the paper's scale.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from own_problems import Test, write_held_out, write_json
from rebench_common.preparation import Preparation

FILE = "code-contests.jsonl"
MIB = 1024 * 1024
USUAL_SECONDS = 2.0
USUAL_MEMORY_BYTES = 256 * MIB
GROUP = "1-all"


def make_downloaded_problems(preparation: Preparation) -> None:
    """Read the file that the user has put among the downloads, and part it with a secret seed."""
    path = preparation.downloads / FILE
    if not path.is_file():
        sys.exit(
            f"This scale needs problems in the format of CodeContests, one JSON object a line, at {path}."
            " Write them there from github.com/google-deepmind/code_contests or a copy of it."
        )
    problems = list(read_problems(path))
    parameters = preparation.parameters
    held_out, visible = int(parameters["heldOutProblems"]), int(parameters["visibleProblems"])
    if len(problems) < held_out + visible:
        sys.exit(f"{path} has {len(problems)} usable problems; this scale needs {held_out + visible}.")
    chance = random.Random(preparation.seed("problems"))
    chance.shuffle(problems)
    for done, (public, tests) in enumerate(problems[: held_out + visible], start=1):
        is_held_out = done <= held_out
        most = int(parameters["heldOutTestsPerGroup" if is_held_out else "visibleTestsPerGroup"])
        # The dataset's names are titles that a search would find.
        public = {"name": f"problem-{done:04}", **public}
        some = chance.sample(tests, min(most, len(tests)))
        if is_held_out:
            write_held_out(preparation.judge / "held-out" / public["name"], public, {GROUP: some}, None)
        else:
            write_json(preparation.agent / "problems" / f"{public['name']}.json", {**public, "tests": some})
        preparation.report(done / (held_out + visible), f"{done} problems")


def read_problems(path: Path) -> Iterator[tuple[dict[str, Any], list[Test]]]:
    """Yield the public part and the hidden tests of each problem that has both. Exits on a bad line."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                public, tests = to_problem(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                sys.exit(
                    f"{path}, line {number}: not a problem of CodeContests ({type(error).__name__}: {error})."
                )
            if public["samples"] and tests:
                yield public, tests


def to_problem(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Test]]:
    """Read one object. Raises KeyError, TypeError, ValueError or AttributeError where it is none."""
    public = {
        "statement": str(raw["description"]),
        "samples": to_tests(raw["public_tests"]),
        "timeLimitSeconds": to_seconds(raw.get("time_limit")),
        "memoryLimitMib": int(raw.get("memory_limit_bytes") or USUAL_MEMORY_BYTES) // MIB,
    }
    return public, [*to_tests(raw["private_tests"]), *to_tests(raw.get("generated_tests") or {})]


def to_tests(raw: Mapping[str, Sequence[str]] | Sequence[Test]) -> list[Test]:
    """Read tests, written as two lists side by side or as a list of pairs."""
    pairs = (
        zip(raw.get("input", ()), raw.get("output", ()), strict=True)
        if isinstance(raw, Mapping)
        else ((test["input"], test["output"]) for test in raw)
    )
    tests = [{"input": text, "output": answer} for text, answer in pairs]
    if not all(isinstance(value, str) for test in tests for value in test.values()):
        raise TypeError("a test is not text")
    return tests


def to_seconds(raw: Mapping[str, int] | float | None) -> float:
    """Read a time limit, written as seconds and nanoseconds or as one number."""
    if isinstance(raw, Mapping):
        seconds = raw.get("seconds", 0) + raw.get("nanos", 0) / 1e9
    else:
        seconds = float(raw or 0)
    return seconds if seconds > 0 else USUAL_SECONDS
