"""A training loop for next-token models."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from rebench_lm.tokens import random_windows


@dataclass(frozen=True)
class TrainingOptions:
    """How a model is trained."""

    steps: int
    batch: int
    """Windows per step."""
    learning_rate: float
    """The highest; it rises linearly during `warm_up` and falls along a cosine to a tenth."""
    warm_up: int = 50
    """Steps."""
    weight_decay: float = 0.1
    """Of matrices; biases and gains are never decayed."""
    betas: tuple[float, float] = (0.9, 0.98)
    gradient_clip: float = 1.0


def learning_rate_at(step: int, options: TrainingOptions) -> float:
    """Return the learning rate of one step, counted from 0."""
    if step < options.warm_up:
        return options.learning_rate * (step + 1) / options.warm_up
    done = (step - options.warm_up) / max(1, options.steps - options.warm_up)
    return options.learning_rate * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))


def next_token_loss(model: nn.Module, windows: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy, in nats, of predicting each token but the first of [batch, time + 1] windows."""
    logits = model(windows[:, :-1])
    return functional.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())


def train(
    model: nn.Module,
    loss_of: Callable[[int], torch.Tensor],
    options: TrainingOptions,
    on_step: Callable[[int, float], None] | None = None,
    parameters: Iterable[nn.Parameter] | None = None,
) -> None:
    """Minimise `loss_of(step)` over the parameters (all of the model's by default).

    `on_step(done, loss)` is called now and then, and after the last step.
    """
    chosen = list(model.parameters() if parameters is None else parameters)
    groups = [
        {"params": [p for p in chosen if p.dim() > 1], "weight_decay": options.weight_decay},
        {"params": [p for p in chosen if p.dim() <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=options.learning_rate, betas=options.betas, fused=True)
    model.train()
    told = time.monotonic()
    for step in range(options.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate_at(step, options)
        loss = loss_of(step)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(chosen, options.gradient_clip)
        optimizer.step()
        if on_step is not None and (time.monotonic() - told > 1 or step + 1 == options.steps):
            told = time.monotonic()
            on_step(step + 1, loss.item())
    model.eval()


def next_token_batches(
    model: nn.Module, tokens: np.ndarray, context: int, batch: int, generator: np.random.Generator
) -> Callable[[int], torch.Tensor]:
    """Return a loss for `train`: of the model on fresh random windows of a text at every step."""
    device = next(model.parameters()).device

    def loss_of(_: int) -> torch.Tensor:
        return next_token_loss(model, random_windows(tokens, batch, context + 1, generator).to(device))

    return loss_of
