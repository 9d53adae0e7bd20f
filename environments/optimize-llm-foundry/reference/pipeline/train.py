"""The training loop and nothing else.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import math

import torch
from torch import nn
from torch.nn import functional

from pipeline.data import Batch
from pipeline.model import Gpt
from pipeline.options import Options

FINAL_RATE = 0.3


def train(model: Gpt, batches: list[Batch], options: Options) -> None:
    """Make one step per batch."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(options.freeze))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in trained if p.dim() == 2], "weight_decay": options.weight_decay},
            {"params": [p for p in trained if p.dim() == 1], "weight_decay": 0.0},
        ],
        betas=(0.9, options.beta2),
        eps=1e-6,
        fused=True,
    )
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate_at(step, len(batches), options)
        logits = model(batch.inputs, batch.counted)
        loss = functional.cross_entropy(logits, batch.targets, reduction="sum") / max(1, len(batch.targets))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, options.gradient_clip)
        optimizer.step()
    everything = torch.cat([batch.real for batch in batches])
    model.token_counts += torch.bincount(everything, minlength=len(model.token_counts))


def learning_rate_at(step: int, steps: int, options: Options) -> float:
    """Return the learning rate of one step, counted from 0."""
    if step < options.warmup_steps:
        return options.learning_rate * (step + 1) / (options.warmup_steps + 1)
    done = (step - options.warmup_steps) / (steps - options.warmup_steps)
    falls = {"constant": 1.0, "linear": 1 - done, "cosine": 0.5 * (1 + math.cos(math.pi * done))}
    return options.learning_rate * (FINAL_RATE + (1 - FINAL_RATE) * falls[options.schedule])
