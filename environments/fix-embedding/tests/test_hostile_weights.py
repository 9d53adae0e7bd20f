"""Every hostile file is refused for its reason, and the same file without the trick is scored.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import os
import shutil
import socket
from pathlib import Path

import pytest
import torch
from embedding_support import ENVIRONMENT, SMALL, SOLUTION, Prepared, request
from hostile_weights import HOSTILE, layout, write
from judge import score
from rebench_common.protocol import InvalidSubmission, Scored
from rebench_common.testing import score_snapshot
from safetensors.torch import load_file

FEW = 32
"""Windows, where only refusal or not matters."""


@pytest.fixture
def weights(prepared: Prepared) -> dict[str, torch.Tensor]:
    """Tensors that would be scored."""
    return load_file(prepared.agent / "corrupted.safetensors")


def refusal(prepared: Prepared, workspace: Path) -> InvalidSubmission:
    with pytest.raises(InvalidSubmission) as caught:
        score(request(prepared, workspace, testWindows=FEW))
    return caught.value


def test_the_same_tensors_laid_out_by_hand_are_scored(
    prepared: Prepared, weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    write(tmp_path / SOLUTION, *layout(weights))
    assert isinstance(score(request(prepared, tmp_path, testWindows=FEW)), Scored)


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused(
    what: str, prepared: Prepared, weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    reason, make = HOSTILE[what]
    make(tmp_path / SOLUTION, weights)
    invalid = refusal(prepared, tmp_path).invalid
    assert invalid.reason == reason, invalid
    assert SOLUTION in invalid.message
    assert len(invalid.message) < 1_000
    assert not (tmp_path / "pwned").exists()


def test_the_pickles_are_live(weights: dict[str, torch.Tensor], tmp_path: Path) -> None:
    for what in ("a PyTorch checkpoint, renamed", "an old PyTorch checkpoint, renamed"):
        HOSTILE[what][1](tmp_path / "model.pt", weights)
        torch.load(tmp_path / "model.pt", weights_only=False)
        (tmp_path / "pwned").unlink()


def test_the_small_model_is_refused(prepared: Prepared, tmp_path: Path) -> None:
    shutil.copy(prepared.agent / "small.safetensors", tmp_path / SOLUTION)
    assert refusal(prepared, tmp_path).invalid.reason == "missing-tensors"


def test_only_a_file_in_its_place_counts(prepared: Prepared, tmp_path: Path) -> None:
    solution = tmp_path / SOLUTION
    assert refusal(prepared, tmp_path).invalid.reason == "missing-file"
    good = tmp_path / "good.safetensors"
    shutil.copy(prepared.agent / "corrupted.safetensors", good)
    assert refusal(prepared, tmp_path).invalid.reason == "missing-file"
    solution.symlink_to(good)
    assert refusal(prepared, tmp_path).invalid.reason == "missing-file"
    solution.unlink()
    solution.symlink_to(prepared.judge / "test.bin")
    assert refusal(prepared, tmp_path).invalid.reason == "missing-file"
    solution.unlink()
    solution.mkdir()
    assert refusal(prepared, tmp_path).invalid.reason == "missing-file"
    solution.rmdir()
    os.mkfifo(solution)
    assert refusal(prepared, tmp_path).invalid.reason == "missing-file"
    solution.unlink()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(solution))
        assert refusal(prepared, tmp_path).invalid.reason == "missing-file"
    solution.unlink()
    good.rename(solution)
    assert isinstance(score(request(prepared, tmp_path, testWindows=FEW)), Scored)


def test_what_else_lies_in_the_workspace_changes_nothing(prepared: Prepared, tmp_path: Path) -> None:
    """Data files in place of the judge's, its modules shadowed: it reads one file of a snapshot."""
    shutil.copy(prepared.agent / "corrupted.safetensors", tmp_path / SOLUTION)

    def answer() -> dict[str, object]:
        run = score_snapshot(ENVIRONMENT, tmp_path, SMALL, assets=prepared.judge, seed="11" * 32)
        assert run.answer is not None, run.log
        assert run.answer["result"] == "scored", run.answer
        return run.answer

    alone = answer()
    (tmp_path / "test.bin").write_bytes(bytes(10_000))
    (tmp_path / "facts.json").write_text('{"large": {}, "intactLoss": 99}')
    for module in ("torch", "numpy", "rebench_lm", "safetensors", "sitecustomize", "judge"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('shadowed')\n")
    assert answer() == alone
