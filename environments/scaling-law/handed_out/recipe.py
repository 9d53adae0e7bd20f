"""The training run whose best shape is asked for, and its cost: one recipe for everyone.

`prepare.py` puts this file at /assets/recipe.py; the runs that answers are judged by were made with it too.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from rebench_lm.evaluation import next_token_losses
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.tokens import open_tokens
from rebench_lm.training import TrainingOptions, next_token_batches, train
from task import Task, count_flops, load_task

TOKEN_SCALE = 5.0
"""Of the token embeddings, over GPT-2's 0.02."""
POSITION_SCALE = 0.1
"""Of the position embeddings: as large as the tokens' they hide from a short run which token it sees."""


class TooExpensiveError(Exception):
    """An experiment would cost more than is allowed."""


def run_experiment(
    assets: Path, width: int, steps: int, seed: int = 0, on_step: Callable[[int, float], None] | None = None
) -> float:
    """Train a model on the text in /assets and return its validation loss, in nats per token.

    Raises TooExpensiveError above the limit for experiments.
    """
    task = load_task(assets)
    flops = count_flops(task, width, steps)
    if flops > task.experiment_flops:
        raise TooExpensiveError(
            f"{steps} steps of width {width} cost {flops:.4g} FLOPs; "
            f"an experiment may cost {task.experiment_flops:.4g}"
        )
    return train_and_validate(
        task,
        open_tokens(assets / "train.u16"),
        open_tokens(assets / "validation.u16"),
        width,
        steps,
        seed,
        on_step,
    )


def train_and_validate(
    task: Task,
    text: np.ndarray,
    validation: np.ndarray,
    width: int,
    steps: int,
    seed: int,
    on_step: Callable[[int, float], None] | None = None,
) -> float:
    """Train on random windows of a text, then return the mean loss on the windows of `validation_windows`."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_float32_matmul_precision("high")
    config = GptConfig(task.vocabulary, task.block, task.layers, task.heads, width)
    model = Gpt(config).initialize(torch.Generator().manual_seed(seed))
    with torch.no_grad():
        model.wte.weight.mul_(TOKEN_SCALE)
        model.wpe.weight.mul_(POSITION_SCALE)
    model.to(device)
    options = TrainingOptions(
        steps=steps,
        batch=task.batch,
        learning_rate=learning_rate_for(task, width, steps),
        warm_up=max(1, round(task.warm_up_percent / 100 * steps)),
    )
    batches = next_token_batches(model, text, task.block, task.batch, np.random.default_rng(seed))
    train(model, batches, options, on_step)
    windows = validation_windows(task, validation)
    return float(next_token_losses(model, windows).mean())


def learning_rate_for(task: Task, width: int, steps: int) -> float:
    """Return the highest learning rate of a run: without the root, some seeds of long runs go astray."""
    return task.learning_rate_times_width / width * min(1.0, (task.full_rate_steps / steps) ** 0.5)


def validation_windows(task: Task, validation: np.ndarray) -> torch.Tensor:
    """Return the windows all losses are measured on, spread evenly: int64 [windows, block + 1]."""
    length = task.block + 1
    starts = np.linspace(0, len(validation) - length, task.validation_windows).astype(np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(validation, length)[starts]
    return torch.from_numpy(windows.astype(np.int64))
