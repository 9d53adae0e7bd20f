"""Start and reference, run small: where they land and in which order.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import math
import re
from pathlib import Path

import pytest
import torch
from embedding_support import ENVIRONMENT, SMALL, SOLUTION, Prepared, request, solve
from judge import score
from safetensors.torch import load_file

SHORT = ("--adapter-steps", "200", "--everything-steps", "250")
EVEN_GUESS = math.log(math.log(SMALL["vocabulary"]) - SMALL["lossFloor"])


def loss_of(prepared: Prepared, workspace: Path) -> float:
    return score(request(prepared, workspace)).details["loss"]


def test_the_start_is_the_damaged_model_as_it_is(prepared: Prepared, tmp_path: Path) -> None:
    printed = solve("start", prepared.agent, tmp_path)
    assert "validation loss" in printed
    left, given = load_file(tmp_path / SOLUTION), load_file(prepared.agent / "corrupted.safetensors")
    assert left.keys() == given.keys()
    assert all(torch.equal(left[name], given[name]) for name in given)
    # Confidently wrong: worse than an even guess, and so worth exactly that.
    assert loss_of(prepared, tmp_path) > math.log(SMALL["vocabulary"])
    assert score(request(prepared, tmp_path)).raw == EVEN_GUESS


def test_a_changed_constant_of_the_start_already_helps(prepared: Prepared, tmp_path: Path) -> None:
    text = (ENVIRONMENT / "start" / "solve.py").read_text()
    changed, count = re.subn(r"(?m)^ROUNDS = 0$", "ROUNDS = 1", text)
    assert count == 1
    solve("start", prepared.agent, tmp_path, text=changed)
    assert score(request(prepared, tmp_path)).raw < EVEN_GUESS - 0.1


@pytest.fixture(scope="module")
def repaired(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the reference's workspace."""
    workspace = tmp_path_factory.mktemp("reference")
    printed = solve("reference", prepared.agent, workspace, *SHORT)
    assert "adapter: step 200" in printed
    return workspace


def test_the_reference_saves_much_of_the_model(prepared: Prepared, repaired: Path) -> None:
    intact = score(request(prepared, repaired)).details["intactLoss"]
    loss = loss_of(prepared, repaired)
    assert intact < loss < intact + 0.7


def test_scoring_again_gives_nearly_the_same(prepared: Prepared, repaired: Path) -> None:
    raws = torch.tensor([score(request(prepared, repaired)).raw for _ in range(6)])
    assert 0 < float(raws.std()) < 0.05 * (EVEN_GUESS - float(raws.mean()))


def test_the_adapter_begins_as_large_as_the_damaged_embedding_and_only_it_is_trained(
    prepared: Prepared, tmp_path: Path
) -> None:
    solve("reference", prepared.agent, tmp_path, "--adapter-steps", "1", "--everything-steps", "0")
    left, given = load_file(tmp_path / SOLUTION), load_file(prepared.agent / "corrupted.safetensors")
    assert [name for name in given if not torch.equal(left[name], given[name])] == ["wte.weight"]
    assert float(left["wte.weight"].std() / given["wte.weight"].std()) == pytest.approx(1, abs=0.2)
