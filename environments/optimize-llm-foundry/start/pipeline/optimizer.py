"""The optimizer and its schedule."""

import math

import torch

from pipeline.model import Gpt
from pipeline.options import Options

FINAL_RATE = 0.3
"""What falling schedules end at, as a share of the highest learning rate."""


def make_optimizer(model: Gpt, options: Options) -> torch.optim.AdamW:
    """Freeze what is to be frozen and return AdamW for the rest."""
    for name, parameter in model.named_parameters():
        if any(name.startswith(prefix) for prefix in options.freeze):
            parameter.requires_grad_(False)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() == 2], "weight_decay": options.weight_decay},
        {"params": [p for p in trained if p.dim() == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        groups, lr=options.learning_rate, betas=(0.9, options.beta2), eps=1e-6, foreach=False
    )


def learning_rate_at(step: int, steps: int, options: Options) -> float:
    """Return the learning rate of one of `steps` steps, counted from 0."""
    if step < options.warmup_steps:
        return options.learning_rate * (step + 1) / (options.warmup_steps + 1)
    done = (step - options.warmup_steps) / (steps - options.warmup_steps)
    falls = {"constant": 1.0, "linear": 1 - done, "cosine": 0.5 * (1 + math.cos(math.pi * done))}
    return options.learning_rate * (FINAL_RATE + (1 - FINAL_RATE) * falls[options.schedule])
