"""The judge with its runner: what an honest pipeline gets.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import math
from pathlib import Path

import pytest
from foundry_support import ENVIRONMENT, SMALL, Prepared, lay_out, request
from judge import score
from pipeline_attacks import BEGIN
from rebench_common.protocol import InvalidSubmission
from rebench_common.testing import score_snapshot

# Threads that wait for each other are slow where others use the processors as well.
ON_ONE_THREAD = 'os.environ["OMP_NUM_THREADS"] = "1"\nhonest()'


def test_the_whole_way_through_the_sandbox(prepared: Prepared, tmp_path: Path) -> None:
    workspace = lay_out(tmp_path / "workspace", BEGIN + ON_ONE_THREAD)
    run = score_snapshot(ENVIRONMENT, workspace, SMALL, assets=prepared.judge, deadline_seconds=200)
    assert run.answer is not None, run.log
    assert run.answer["result"] == "scored", run.answer
    assert run.answer["raw"] == pytest.approx(math.log(sum(run.answer["details"]["seconds"])))
    assert run.answer["details"]["worstDifference"] < SMALL["tolerance"] / 5


def test_a_workspace_without_the_program_is_refused(prepared: Prepared, tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    with pytest.raises(InvalidSubmission) as caught:
        score(request(prepared, tmp_path / "workspace", tmp_path / "scratch"))
    assert caught.value.invalid.reason == "missing-file"
