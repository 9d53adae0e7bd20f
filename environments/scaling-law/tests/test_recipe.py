"""The training runs: what they cost, what is refused, and that they are still those of the ground truth.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import math
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from curve import LossCurve, load_runs
from recipe import (
    TooExpensiveError,
    learning_rate_for,
    run_experiment,
    train_and_validate,
    validation_windows,
)
from scaling_support import LAPTOP, PAPER
from sweep import OF_THE_QUESTION
from task import Task, count_flops, load_task, steps_for, task_of

TASK = task_of(LAPTOP)


def test_flops_are_the_formula() -> None:
    assert count_flops(TASK, 48, 3532) == 72 * 2 * 48**2 * 64 * 4 * 3532
    assert count_flops(task_of(PAPER), 1000, 20_000) == pytest.approx(3.77e17, rel=1e-2)


def test_an_experiment_over_the_limit_is_refused_before_it_starts(assets: Path) -> None:
    task = load_task(assets / "agent")
    steps = math.floor(task.experiment_flops / count_flops(task, 48, 1)) + 1
    with pytest.raises(TooExpensiveError, match="an experiment may cost 6e"):
        run_experiment(assets / "agent", 48, steps)


def test_an_experiment_learns_and_repeats_with_its_seed(assets: Path) -> None:
    torch.set_num_threads(1)
    short, long, again, other = (
        run_experiment(assets / "agent", 8, steps, seed)
        for steps, seed in ((10, 0), (80, 0), (80, 0), (80, 1))
    )
    assert long < short < math.log(TASK.vocabulary) + 0.5
    assert long == again != other


def test_only_runs_of_more_than_a_thousand_steps_learn_more_slowly() -> None:
    rates = [learning_rate_for(TASK, 32, steps) for steps in (10, 1_000, 4_000)]
    assert rates == pytest.approx([0.25 / 32, 0.25 / 32, 0.25 / 64])


def test_losses_are_over_the_same_windows_spread_over_the_whole_text() -> None:
    windows = validation_windows(TASK, np.arange(60_000, dtype=np.uint16))
    assert windows.shape == (1024, 65)
    assert (int(windows[0, 0]), int(windows[-1, -1])) == (0, 59_999)


def test_the_ground_truth_has_enough_points_and_its_best_well_inside() -> None:
    header, runs = load_runs("laptop")
    assert header["recipe"] == {name: v for name, v in asdict(TASK).items() if name not in OF_THE_QUESTION}
    assert Counter(run["seed"] for run in runs).keys() >= {0, 1}
    per_width = Counter(run["width"] for run in runs)
    assert len(per_width) >= 9
    assert min(per_width.values()) >= 2
    assert (min(per_width), max(per_width)) == (TASK.narrowest, TASK.widest)
    for run in runs:
        assert run["steps"] == steps_for(TASK, run["width"], TASK.budget_flops)
        assert run["flops"] == count_flops(TASK, run["width"], run["steps"])
    truth = LossCurve(runs)
    best = int(truth.losses.argmin())
    assert 2 <= best <= len(truth.losses) - 3
    assert truth.losses[0] > truth.best_loss + 0.1
    assert truth.losses[-1] > truth.best_loss + 0.1


def test_the_recipe_is_still_the_one_of_the_ground_truth(assets: Path) -> None:
    """The shortest of its runs, made again."""
    header, runs = load_runs("laptop")
    text = np.fromfile(assets / "judge" / "train.u16", dtype="<u2")
    assert len(text) == header["trainTokens"]
    told = min((run for run in runs if run["seed"] == 0), key=lambda run: run["steps"])
    torch.set_num_threads(1)
    validation = np.fromfile(assets / "agent" / "validation.u16", dtype="<u2")
    loss = train_and_validate(TASK, text, validation, told["width"], told["steps"], 0)
    # Other processors round differently.
    assert loss == pytest.approx(told["loss"], abs=0.03)


def test_one_step_of_the_papers_shape_with_less_depth() -> None:
    task = Task(**{**asdict(task_of(PAPER)), "layers": 1, "batch": 1, "validation_windows": 1})
    text = np.random.default_rng(0).integers(0, 50_257, 3_000).astype(np.uint16)
    assert 5 < train_and_validate(task, text, text, 416, 1, 0) < 25
