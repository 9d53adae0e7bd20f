"""The judge with its runner: what an honest pipeline gets.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from foundry_support import ENVIRONMENT, SMALL, Prepared
from rebench_common.testing import score_snapshot


def test_the_whole_way_through_the_sandbox(prepared: Prepared) -> None:
    run = score_snapshot(ENVIRONMENT, ENVIRONMENT / "reference", SMALL, assets=prepared.judge)
    assert run.answer is not None, run.log
    assert run.answer["result"] == "scored", run.answer
