"""Makes the problems' assets: visible ones for agents, held-out ones for judges.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from code_contests import make_downloaded_problems
from own_problems import Plan, make_problem, write_json
from rebench_common.preparation import Preparation, open_preparation
from rust_compiler import require_compiler
from split import HELD_OUT, VISIBLE

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Fill the two folders."""
    preparation = open_preparation()
    version = require_compiler()
    shutil.copy(HERE / "handed_out" / "evaluate.py", preparation.agent)
    if preparation.parameters["problems"] == "own":
        make_own_problems(preparation)
    else:
        make_downloaded_problems(preparation)
    preparation.report(1.0, f"compiled with {version}")


def make_own_problems(preparation: Preparation) -> None:
    """Make all of ours, several at a time."""
    parameters = preparation.parameters
    plans = [
        Plan(
            name=name,
            habit=habit,
            held_out=held_out,
            tests_per_group=int(parameters["heldOutTestsPerGroup" if held_out else "visibleTestsPerGroup"]),
            secret=preparation.seed("tests", name),
            agent=preparation.agent,
            judge=preparation.judge,
        )
        for table, count, held_out in (
            (HELD_OUT, "heldOutProblems", True),
            (VISIBLE, "visibleProblems", False),
        )
        for name, habit in list(table.items())[: int(parameters[count])]
    ]
    known = []
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for done, entry in enumerate(pool.map(make_problem, plans), start=1):
            known.append({**entry, "die": str(preparation.seed("die", str(done)))})
            preparation.report(done / len(plans), f"{done} of {len(plans)} problems")
    write_json(preparation.judge / "coder.json", known)


if __name__ == "__main__":
    main()
