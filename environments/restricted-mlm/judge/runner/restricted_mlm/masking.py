"""Hiding tokens, and how well a model finds them."""

import torch
from torch import Tensor

MASKED_SHARE = 0.15


def mask_tokens(windows: Tensor, mask_token: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Hide each token of int64 [count, window] with probability 0.15.

    Returns the tokens with `mask_token` where one is hidden, and bool [count, window] that says where.
    """
    hidden = torch.rand(windows.shape, generator=generator) < MASKED_SHARE
    return windows.masked_fill(hidden, mask_token), hidden


def hidden_token_losses(logits: Tensor, windows: Tensor, hidden: Tensor) -> Tensor:
    """Cross-entropy, in nats, at the hidden positions: float64 of shape [hidden tokens].

    `logits` is float32 [count, window, vocabulary]; `windows` are the tokens before they were hidden.
    """
    chosen = logits[hidden].double()
    return -torch.log_softmax(chosen, dim=-1).gather(1, windows[hidden][:, None])[:, 0]
