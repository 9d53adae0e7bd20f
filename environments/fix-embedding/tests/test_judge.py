"""What the judge makes of weights that are well-formed.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import math
import shutil
import time
from pathlib import Path

import pytest
import torch
from embedding_support import ENVIRONMENT, SMALL, SOLUTION, Prepared, request
from judge import score
from rebench_common.protocol import InvalidSubmission
from rebench_common.testing import score_snapshot
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.weights import save_weights
from safetensors.torch import load_file, save_file

EVEN_GUESS = math.log(SMALL["vocabulary"])


@pytest.fixture
def weights(prepared: Prepared) -> dict[str, torch.Tensor]:
    """Tensors of the damaged model."""
    return load_file(prepared.agent / "corrupted.safetensors")


@pytest.fixture
def model(prepared: Prepared) -> Gpt:
    """Make a model of the right architecture with random weights."""
    facts = json.loads((prepared.judge / "facts.json").read_text())
    return Gpt(GptConfig(**facts["large"])).initialize(torch.Generator().manual_seed(0))


def test_a_seed_gives_one_score_and_another_seed_another(
    prepared: Prepared, model: Gpt, tmp_path: Path
) -> None:
    save_weights(tmp_path / SOLUTION, model)
    first, same, other = (
        score(request(prepared, tmp_path, seed=seed * 32, lossFloor=0.0)).details["loss"]
        for seed in (b"a", b"a", b"b")
    )
    assert first == same != other


def test_the_raw_score_is_the_published_formula(prepared: Prepared, model: Gpt, tmp_path: Path) -> None:
    with torch.no_grad():
        model.wte.weight.zero_()
    save_weights(tmp_path / SOLUTION, model)
    # Embeddings of zero guess evenly: the loss is ln(vocabulary) whatever the text.
    for floor, least, expected in (
        (2.0, 0.01, math.log(EVEN_GUESS - 2)),
        (6.0, 0.5, math.log(0.5)),
        (9.0, 0.01, math.log(0.01)),
    ):
        scored = score(request(prepared, tmp_path, lossFloor=floor, leastExcess=least))
        assert scored.raw == pytest.approx(expected, abs=1e-5)


def test_random_weights_are_worth_no_more_than_the_start(
    prepared: Prepared, model: Gpt, tmp_path: Path
) -> None:
    save_weights(tmp_path / SOLUTION, model)
    random = score(request(prepared, tmp_path)).raw
    shutil.copy(prepared.agent / "corrupted.safetensors", tmp_path / SOLUTION)
    start = score(request(prepared, tmp_path)).raw
    assert start == math.log(EVEN_GUESS - SMALL["lossFloor"])
    assert random == pytest.approx(start, abs=0.01)


@pytest.mark.parametrize("factor", [1e10, 1e19, 3e37])
def test_weights_too_large_to_compute_with_are_the_submissions_fault(
    factor: float, prepared: Prepared, weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    huge = {name: (tensor * factor).clamp(-3e38, 3e38) for name, tensor in weights.items()}
    save_file(huge, tmp_path / SOLUTION)
    with pytest.raises(InvalidSubmission) as caught:
        score(request(prepared, tmp_path))
    assert caught.value.invalid.reason == "not-finite"


def test_a_large_but_finite_loss_is_a_score(
    prepared: Prepared, weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    weights["ln_f.weight"] *= 1e30
    save_file(weights, tmp_path / SOLUTION)
    scored = score(request(prepared, tmp_path))
    assert scored.details["loss"] > 1e20
    assert scored.raw == math.log(EVEN_GUESS - SMALL["lossFloor"])


def test_weights_near_zero_do_not_slow_the_judge(
    prepared: Prepared, weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    def seconds() -> float:
        times = []
        for _ in range(3):
            start = time.process_time()
            score(request(prepared, tmp_path))
            times.append(time.process_time() - start)
        return min(times)

    save_file(weights, tmp_path / SOLUTION)
    usual = seconds()
    for name in weights:
        weights[name] = torch.full_like(weights[name], 1e-40)
    save_file(weights, tmp_path / SOLUTION)
    assert seconds() < 3 * usual + 0.5


def test_a_loss_below_belief_is_flagged(prepared: Prepared, model: Gpt, tmp_path: Path) -> None:
    save_weights(tmp_path / SOLUTION, model)
    scored = score(request(prepared, tmp_path))
    assert scored.plausible_limit is not None
    assert scored.plausible_limit == pytest.approx(
        math.log(scored.details["intactLoss"] - 0.25 - SMALL["lossFloor"])
    )
    assert scored.plausible_limit < scored.raw


def test_nothing_secret_is_in_what_the_agent_is_told(prepared: Prepared, model: Gpt, tmp_path: Path) -> None:
    save_weights(tmp_path / SOLUTION, model)
    scored = score(request(prepared, tmp_path))
    assert scored.message == (
        f"Loss {scored.details['loss']:.4f} nats per token on 512 windows of hidden text."
    )


def test_the_whole_way_through_the_sandbox(prepared: Prepared, tmp_path: Path) -> None:
    shutil.copy(prepared.agent / "corrupted.safetensors", tmp_path / SOLUTION)
    run = score_snapshot(ENVIRONMENT, tmp_path, SMALL, assets=prepared.judge)
    assert run.answer is not None, run.log
    assert run.answer["result"] == "scored", run.answer
    assert run.answer["raw"] == math.log(EVEN_GUESS - SMALL["lossFloor"])
