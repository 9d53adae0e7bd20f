"""The training loop and the loss."""

import math

import numpy as np
import pytest
import torch
from rebench_lm.evaluation import mean_next_token_loss, next_token_losses
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.tokens import random_windows
from rebench_lm.training import TrainingOptions, learning_rate_at, next_token_batches, next_token_loss, train

# Sums in one order, whatever the machine; and such small sums are slower with more.
torch.set_num_threads(1)

CONFIG = GptConfig(vocabulary=23, context=16, layers=2, heads=2, width=32)
OPTIONS = TrainingOptions(steps=120, batch=8, learning_rate=3e-3, warm_up=10)
# Every token follows from the one before: a model can learn it all.
TOKENS = np.array([(7 * index) % 23 for index in range(2000)], dtype=np.uint16)


def fresh(seed: int = 0) -> Gpt:
    return Gpt(CONFIG).initialize(torch.Generator().manual_seed(seed))


def run(seed: int = 0, **changes) -> Gpt:
    model = fresh()
    batches = next_token_batches(model, TOKENS, 16, OPTIONS.batch, np.random.default_rng(seed))
    train(model, batches, OPTIONS, **changes)
    return model


def test_what_follows_from_a_rule_is_learned():
    told: list[tuple[int, float]] = []
    before = mean_next_token_loss(fresh(), TOKENS, 16, 64, seed=1)
    assert before == pytest.approx(math.log(23), abs=0.1)
    model = run(on_step=lambda step, loss: told.append((step, loss)))
    assert mean_next_token_loss(model, TOKENS, 16, 64, seed=1) < 0.2
    assert told[-1][0] == OPTIONS.steps
    assert told[-1][1] < 0.3
    assert not model.training


def test_the_same_seed_gives_the_same_weights():
    first, second, other = run().state_dict(), run().state_dict(), run(seed=1).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["wte.weight"], other["wte.weight"])


def test_the_learning_rate_rises_and_falls_to_a_tenth():
    rates = [learning_rate_at(step, OPTIONS) for step in range(OPTIONS.steps)]
    assert rates[0] == pytest.approx(3e-4)
    assert max(rates) == rates[9] == rates[10] == OPTIONS.learning_rate
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert learning_rate_at(OPTIONS.steps, OPTIONS) == pytest.approx(3e-4)


def test_losses_are_minus_the_log_of_what_was_predicted():
    model = fresh()
    windows = random_windows(TOKENS, 5, 9, np.random.default_rng(3))
    losses = next_token_losses(model, windows, batch=2)
    assert losses.shape == (5, 8)
    assert losses.dtype == torch.float64
    with torch.no_grad():
        shares = model(windows[:, :-1]).double().softmax(dim=-1)
    for row in range(5):
        for place in range(8):
            expected = -math.log(shares[row, place, windows[row, place + 1]])
            assert losses[row, place].item() == pytest.approx(expected, abs=1e-5)
    assert next_token_loss(model, windows).item() == pytest.approx(losses.mean().item(), abs=1e-5)


def test_only_the_given_parameters_are_trained():
    model = fresh()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    batches = next_token_batches(model, TOKENS, 16, 8, np.random.default_rng(0))
    train(model, batches, OPTIONS, parameters=[model.wte.weight])
    after = model.state_dict()
    assert [name for name in before if not torch.equal(before[name], after[name])] == ["wte.weight"]
