"""How well a model predicts a text."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from rebench_lm.tokens import random_windows


@torch.no_grad()
def next_token_losses(model: nn.Module, windows: torch.Tensor, batch: int = 64) -> torch.Tensor:
    """Cross-entropy, in nats, of predicting each token but the first of int64 [count, time + 1] windows.

    Returns float64 of shape [count, time].
    """
    device = next(model.parameters()).device
    parts = []
    for start in range(0, len(windows), batch):
        chosen = windows[start : start + batch].to(device)
        logits = model(chosen[:, :-1]).float()
        losses = functional.cross_entropy(logits.transpose(1, 2), chosen[:, 1:], reduction="none")
        parts.append(losses.double().cpu())
    return torch.cat(parts)


def mean_next_token_loss(model: nn.Module, tokens: np.ndarray, context: int, count: int, seed: int) -> float:
    """Mean loss, in nats per token, over `count` random windows of a text."""
    windows = random_windows(tokens, count, context + 1, np.random.default_rng(seed))
    return float(next_token_losses(model, windows).mean())
