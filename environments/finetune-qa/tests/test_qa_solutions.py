"""Start and reference, run small with the service behind them: where they land and in which order.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import shutil
from pathlib import Path

import pytest
from judge import score
from qa_support import Prepared, request, solve


def raw_of(prepared: Prepared, workspace: Path) -> float:
    return score(request(prepared, workspace, seed=b"s" * 32)).raw


@pytest.fixture(scope="module")
def start(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the start's workspace."""
    workspace = tmp_path_factory.mktemp("start")
    assert "loss" in solve("start", prepared, workspace)
    return workspace


def test_the_reference_is_much_better_than_start_and_base(
    prepared: Prepared, start: Path, tmp_path: Path
) -> None:
    base, reference = tmp_path / "base", tmp_path / "reference"
    base.mkdir()
    shutil.copy(prepared.agent / "base.safetensors", base / "model.safetensors")
    shutil.copy(start / "generation.json", base)
    assert "round 2" in solve("reference", prepared, reference, "--rounds", "2", "--prompts", "256")
    raws = [raw_of(prepared, workspace) for workspace in (base, start, reference)]
    # With so small a model the start's gain is lost in noise; the README has it in full size.
    assert max(raws[:2]) < raws[2] - 0.05
    assert raws[0] - 0.05 < raws[1]


def test_the_start_leaves_the_same_whenever_it_is_run(
    prepared: Prepared, start: Path, tmp_path: Path
) -> None:
    solve("start", prepared, tmp_path)
    for name in ("model.safetensors", "generation.json"):
        assert (tmp_path / name).read_bytes() == (start / name).read_bytes()
    assert json.loads((start / "generation.json").read_text()).keys() == {
        "temperature",
        "top_k",
        "max_new_tokens",
    }
