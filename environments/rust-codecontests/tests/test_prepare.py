"""What `prepare.py` makes, and where it puts it.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from habits import HABITS
from problems import load_problems
from rebench_common.testing import COMMON, load_parameters
from rust_support import ENVIRONMENT, LAPTOP, SMALL, Prepared, prepare
from split import HELD_OUT, VISIBLE

CANARY = "8809f9bb-5192-422f-98d9-02d4519dc495"


def test_every_problem_is_in_one_part_and_has_a_habit() -> None:
    folders = {path.parent.name for path in (ENVIRONMENT / "problems").glob("*/problem.py")}
    assert set(HELD_OUT) | set(VISIBLE) == folders
    assert not set(HELD_OUT) & set(VISIBLE)
    assert set(HELD_OUT.values()) | set(VISIBLE.values()) <= set(HABITS)
    assert (len(HELD_OUT), len(VISIBLE)) == (LAPTOP["heldOutProblems"], LAPTOP["visibleProblems"])
    assert len(HELD_OUT) == 2 * len(VISIBLE) >= 20


def test_agents_see_nothing_of_what_is_held_out(prepared: Prepared) -> None:
    seen = "\n".join(path.read_text() for path in prepared.agent.rglob("*") if path.is_file())
    names = {path.relative_to(prepared.agent).as_posix() for path in prepared.agent.rglob("*.*")}
    assert names == {"evaluate.py", *(f"problems/{name}.json" for name in list(VISIBLE)[:1])}
    assert CANARY not in seen
    for problem in load_problems(prepared.judge):
        assert problem.name not in seen
        assert problem.public["statement"].split("\n")[0] not in seen
    for solution in (ENVIRONMENT / "problems").glob("*/*.rs"):
        assert solution.read_text().split("\n", 1)[1][:200] not in seen


def test_a_submission_is_told_the_public_part_only(prepared: Prepared) -> None:
    for problem in load_problems(prepared.judge):
        keys = {"name", "statement", "samples", "timeLimitSeconds", "memoryLimitMib"}
        assert set(problem.public) == keys
        assert len(problem.public["samples"]) >= 2
        hidden = [path for group in problem.groups for path in group]
        assert len(problem.groups) == 3
        assert len(hidden) == 3 * SMALL["heldOutTestsPerGroup"]
        # Small inputs can be a sample by chance; the large ones are nowhere in what is told.
        told = json.dumps(dict(problem.public))
        for path in problem.groups[0]:
            assert (path / "input").read_text()[:1000] not in told


def test_another_secret_gives_other_tests(prepared: Prepared, tmp_path: Path) -> None:
    other = prepare(tmp_path, SMALL | {"heldOutProblems": 1}, secret="cd" * 32)
    path = Path("held-out/lift-log/tests/1-large/000/input")
    assert (other.judge / path).read_bytes() != (prepared.judge / path).read_bytes()


def run_prepare(
    folder: Path, parameters: dict, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    folder.mkdir()
    return subprocess.run(
        [
            sys.executable,
            ENVIRONMENT / "prepare.py",
            "--scale",
            "paper",
            "--out",
            folder,
            "--seed",
            "ab" * 32,
        ],
        input=json.dumps(parameters),
        env={**os.environ, "PYTHONPATH": str(COMMON), **environment},
        capture_output=True,
        text=True,
    )


def contest_line(number: int, **changed: object) -> str:
    problem = {
        "name": f"{number}_A. A Title",
        "description": f"Print {number} plus the number.",
        "public_tests": {"input": ["1\n"], "output": [f"{number + 1}\n"]},
        "private_tests": {"input": ["2\n"], "output": [f"{number + 2}\n"]},
        "generated_tests": {"input": ["3\n", "4\n"], "output": [f"{number + 3}\n", f"{number + 4}\n"]},
        "time_limit": {"seconds": 1, "nanos": 500_000_000},
        "memory_limit_bytes": 256 << 20,
        "solutions": {"language": [3], "solution": ["print(1)"]},
    }
    return json.dumps(problem | changed)


PAPER = load_parameters(ENVIRONMENT, "paper") | {"heldOutProblems": 2, "visibleProblems": 1}


def test_a_file_of_code_contests_becomes_problems(tmp_path: Path) -> None:
    lines = [
        contest_line(10),
        contest_line(20, time_limit=None, generated_tests={"input": [], "output": []}),
        # As other copies of the data set write it.
        contest_line(
            30, time_limit=3.0, public_tests=[{"input": "1\n", "output": "31\n"}], memory_limit_bytes=0
        ),
        # Without a hidden test there is nothing to judge by.
        contest_line(
            40, private_tests={"input": [], "output": []}, generated_tests={"input": [], "output": []}
        ),
        "",
    ]
    (tmp_path / "code-contests.jsonl").write_text("\n".join(lines))
    done = run_prepare(tmp_path / "out", PAPER, {"REBENCH_DOWNLOADS": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    problems = load_problems(tmp_path / "out" / "judge")
    (visible,) = (tmp_path / "out" / "agent" / "problems").iterdir()
    everything = [*(dict(problem.public) for problem in problems), json.loads(visible.read_text())]
    assert sorted(public["statement"] for public in everything) == [
        "Print 10 plus the number.",
        "Print 20 plus the number.",
        "Print 30 plus the number.",
    ]
    limits = {public["statement"][6:8]: public["timeLimitSeconds"] for public in everything}
    assert limits == {"10": 1.5, "20": 2.0, "30": 3.0}
    assert all("Title" not in json.dumps(public) and "solution" not in public for public in everything)
    assert {public["memoryLimitMib"] for public in everything} == {256}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "code-contests.jsonl"),
        (contest_line(1), "1 usable problems"),
        ("{}", "line 1"),
        ("not json", "line 1"),
        (contest_line(1, public_tests={"input": ["1"], "output": []}), "line 1"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(text: str | None, said: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "code-contests.jsonl").write_text(text)
    done = run_prepare(tmp_path / "out", PAPER, {"REBENCH_DOWNLOADS": str(tmp_path)})
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_compiler_is_said_with_the_remedy(tmp_path: Path) -> None:
    code = "import rust_compiler, pathlib; rust_compiler.RUSTC = pathlib.Path('/nowhere'); "
    done = subprocess.run(
        [sys.executable, "-c", code + "rust_compiler.require_compiler()"],
        cwd=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "rebench setup" in done.stderr
