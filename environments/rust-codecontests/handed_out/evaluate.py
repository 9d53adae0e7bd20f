"""Tries the scaffold in the workspace on the visible problems, much as scoring does on the held-out ones.

    python3 /assets/evaluate.py                 all problems, two at a time
    python3 /assets/evaluate.py NAME [NAME …]   some of them

Each problem gets a process of its own. Limits are looser than in scoring: it measures wall time and no
memory.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).resolve().parent
RUSTC = ("/usr/bin/rustc", "--edition", "2021", "--crate-type", "bin", "-C", "opt-level=2")
SOLVE = """
import json, sys
sys.path.insert(0, ".")
from solution import generate_solution
source = generate_solution(json.load(sys.stdin))
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write(source)
"""


def main() -> None:
    """Print a line for each problem and the share that was solved."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--problems-at-once", type=int, default=2)
    parser.add_argument(
        "--limit-seconds", type=float, default=60.0, help="for each problem's program to be made"
    )
    parser.add_argument("--keep", type=Path, help="folder in which the programs are kept")
    arguments = parser.parse_args()
    paths = sorted((ASSETS / "problems").glob("*.json"))
    chosen = [path for path in paths if not arguments.names or path.stem in arguments.names]
    if not chosen:
        sys.exit(f"No such problem. There are: {', '.join(path.stem for path in paths)}")

    def one(path: Path) -> str:
        problem = json.loads(path.read_text(encoding="utf-8"))
        outcome = evaluate(problem, arguments.limit_seconds, arguments.keep)
        print(f"{path.stem:28} {outcome}", flush=True)
        return outcome

    with ThreadPoolExecutor(arguments.problems_at_once) as pool:
        outcomes = list(pool.map(one, chosen))
    solved = sum(outcome.startswith("solved") for outcome in outcomes)
    print(f"solved {solved} of {len(outcomes)}: {solved / len(outcomes):.4f}")


def evaluate(problem: dict[str, Any], limit_seconds: float, keep: Path | None) -> str:
    """Have a program made and try it: `solved`, or what went wrong."""
    tests = problem.pop("tests")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.monotonic()
        try:
            made = subprocess.run(
                [sys.executable, "-c", SOLVE, str(folder / "main.rs")],
                input=json.dumps(problem),
                capture_output=True,
                text=True,
                timeout=limit_seconds,
            )
        except subprocess.TimeoutExpired:
            return f"no program within {limit_seconds:g} s"
        seconds = time.monotonic() - begun
        if made.returncode != 0:
            return f"no program:\n{made.stderr[-2_000:]}"
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{problem['name']}.rs").write_bytes((folder / "main.rs").read_bytes())
        return f"{try_program(folder, problem, tests)} (made in {seconds:.1f} s)"


def try_program(folder: Path, problem: dict[str, Any], tests: Sequence[dict[str, str]]) -> str:
    """Compile the program and run it on test after test until one fails."""
    compiled = subprocess.run(
        [*RUSTC, "-o", "program", "main.rs"], cwd=folder, capture_output=True, text=True, timeout=60
    )
    if compiled.returncode != 0:
        return f"does not compile: {compiled.stderr.strip().splitlines()[0]}"
    for number, test in enumerate(tests, start=1):
        try:
            done = subprocess.run(
                [folder / "program"],
                input=test["input"].encode(),
                capture_output=True,
                timeout=problem["timeLimitSeconds"] + 0.5,
            )
        except subprocess.TimeoutExpired:
            return f"took too long on test {number} of {len(tests)}"
        if done.returncode != 0:
            return f"crashed on test {number} of {len(tests)}: {done.stderr.decode(errors='replace')[:200]}"
        if done.stdout.split() != test["output"].encode().split():
            return f"gave a wrong answer on test {number} of {len(tests)}"
    return "solved"


if __name__ == "__main__":
    main()
