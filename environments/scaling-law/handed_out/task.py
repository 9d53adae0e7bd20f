"""The numbers of a scale and what a training run costs. `prepare.py` puts this file at /assets/task.py."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Task:
    """The numbers of a scale."""

    layers: int
    heads: int
    """A width is a multiple of it."""
    block: int
    """Tokens in a window."""
    batch: int
    """Windows in a step."""
    vocabulary: int
    narrowest: int
    """Smallest width an answer may have."""
    widest: int
    budget_flops: float
    """What the run that is asked for costs."""
    margin_percent: float
    """By how much of `budget_flops` the cost of an answer may miss it."""
    experiment_flops: float
    """The most that one experiment may cost."""
    learning_rate_times_width: float
    full_rate_steps: int
    """Longer runs get a learning rate that falls with the square root of their steps."""
    warm_up_percent: float
    """Share of the steps during which the learning rate rises; then it falls along a cosine to a tenth."""
    validation_windows: int
    """Windows that a loss is the mean over."""


def task_of(parameters: Mapping[str, Any]) -> Task:
    """Pick the numbers out of the parameters of environment.yaml, where `budget_flops` is `budgetFlops`."""
    return Task(**{field.name: field.type(parameters[_to_camel_case(field.name)]) for field in fields(Task)})


def load_task(assets: Path) -> Task:
    """Read the numbers of the scale that was prepared."""
    return Task(**json.loads((assets / "task.json").read_text(encoding="utf-8")))


def count_flops(task: Task, width: int, steps: int) -> float:
    """Return what a run costs, in floating-point operations; embeddings are left out."""
    return 72.0 * task.layers * width**2 * task.block * task.batch * steps


def steps_for(task: Task, width: int, flops: float) -> int:
    """Return for how many steps a model of this width can be trained with so many operations."""
    return round(flops / count_flops(task, width, 1))


def _to_camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
