"""Predicts the best run: a grid of small experiments, a law fitted to them, and where it is lowest.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import argparse
import json
import multiprocessing
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from law import Law, fit_law

GRID = ((1.0, 1130, 8), (1.0, 635, 16), (1.0, 406, 12), (0.7, 790, 20), (0.7, 445, 20), (0.5, 565, 56))
"""Shapes of experiments: share of what one may cost, about how many steps, and how many seeds.

Runs of fewer than 400 steps follow no law yet and are left out. Most seeds go where runs scatter most and the
extrapolation leans on them most.
"""
FIRST_SEED = 1000
"""Fixed, so that the reference is the same each time."""
LOSS_LIMIT_SHARE = 0.85
"""A run above this share of the loss of guessing has diverged."""


@dataclass(frozen=True)
class Experiment:
    """One small run to make."""

    width: int
    steps: int
    seed: int


def plan(assets: Path, seeds_share: float, first_seed: int) -> list[Experiment]:
    """Return all experiments, the longest first; `seeds_share` below 1 takes fewer seeds of each shape."""
    from task import load_task, steps_for

    task = load_task(assets)
    experiments = []
    for share, about, seeds in GRID:
        of_width_one = steps_for(task, 1, share * task.experiment_flops)
        width = task.heads * round((of_width_one / about) ** 0.5 / task.heads)
        # Rounded down, to stay within the limit.
        steps = of_width_one // width**2
        count = max(1, round(seeds_share * seeds))
        experiments += [Experiment(width, steps, first_seed + index) for index in range(count)]
    return sorted(experiments, key=lambda experiment: -experiment.steps)


def start_worker(assets: Path, numbers: "multiprocessing.Queue[int]") -> None:
    """Give each worker one thread and, where there are any, one GPU."""
    import torch

    sys.path.insert(0, str(assets))
    torch.set_num_threads(1)
    number = numbers.get()
    if torch.cuda.is_available():
        torch.cuda.set_device(number % torch.cuda.device_count())


def carry_out(work: tuple[Path, Experiment]) -> tuple[Experiment, float]:
    """Run one experiment in a worker."""
    from recipe import run_experiment

    assets, experiment = work
    return experiment, run_experiment(assets, experiment.width, experiment.steps, experiment.seed)


def run_all(assets: Path, experiments: list[Experiment], workers: int) -> list[tuple[Experiment, float]]:
    """Run experiments side by side, telling each result."""
    context = multiprocessing.get_context("spawn")
    numbers = context.Queue()
    for number in range(workers):
        numbers.put(number)
    results = []
    with context.Pool(workers, start_worker, (assets, numbers)) as pool:
        for result in pool.imap_unordered(carry_out, [(assets, experiment) for experiment in experiments]):
            results.append(result)
            print(f"{len(results)} of {len(experiments)}: {result[0]} -> {result[1]:.4f}", flush=True)
    return results


def fit(results: list[tuple[Experiment, float]], loss_limit: float) -> Law:
    """Fit the law to the mean over seeds of each shape, without runs that diverged."""
    by_shape: dict[tuple[int, int], list[float]] = defaultdict(list)
    for experiment, loss in results:
        if loss < loss_limit:
            by_shape[experiment.width, experiment.steps].append(loss)
    widths, steps = np.array(list(by_shape)).T
    losses = np.array([statistics.fmean(of_shape) for of_shape in by_shape.values()])
    return fit_law(widths, steps, losses)


def main() -> None:
    """Experiment, fit, extrapolate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, default=Path("/assets"))
    parser.add_argument("--out", type=Path, default=Path("answer.json"))
    parser.add_argument("--seeds-share", type=float, default=1.0, help="below 1: fewer seeds, less sure")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--workers", type=int, default=0, help="0: one per GPU, else two")
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.assets))
    import torch
    from task import load_task, steps_for

    task = load_task(arguments.assets)
    experiments = plan(arguments.assets, arguments.seeds_share, arguments.first_seed)
    workers = arguments.workers or torch.cuda.device_count() or 2
    results = run_all(arguments.assets, experiments, workers)
    law = fit(results, LOSS_LIMIT_SHARE * float(np.log(task.vocabulary)))
    print(law)
    widths = range(task.narrowest, task.widest + 1, task.heads)
    runs = [(width, steps_for(task, width, task.budget_flops)) for width in widths]
    width, steps = min(runs, key=lambda run: law.loss_of(*run))
    answer = {"width": width, "steps": steps, "loss": round(law.loss_of(width, steps), 4)}
    arguments.out.write_text(json.dumps(answer) + "\n", encoding="utf-8")
    print(answer)


if __name__ == "__main__":
    main()
