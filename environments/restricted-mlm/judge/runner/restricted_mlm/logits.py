"""What the logits of a model have to be, whatever made them."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from restricted_mlm.refusals import refuse

SAME_PREDICTION = 1e-2
"""Most nats that a window's predictions may change with its neighbours: rounding is a thousandth of it."""
LEAST_LOG_PROBABILITY = -30.0
"""What is less likely than this counts as this likely: nobody's loss depends on more."""


def check_finite(logits: Tensor) -> None:
    """Refuse infinite and undefined logits. Raises RuleError."""
    if not bool(torch.isfinite(logits).all()):
        refuse("not-finite", "The model's logits are infinite or NaN.")


@torch.no_grad()
def check_independence(
    model: Callable[[Tensor], Tensor], tokens: Tensor, others: Tensor, order: Tensor
) -> None:
    """Execute a batch with other windows in half of its places; what is predicted in the rest must stay.

    `tokens` and `others` are int64 [batch, window], `order` is a permutation of the places. The halves follow
    the bits of `order`, so that each window once loses each other one. Raises RuleError.
    """
    first = _predictions(model(tokens))
    batch = len(tokens)
    for bit in range((batch - 1).bit_length()):
        for side in (0, 1):
            kept = (order >> bit) & 1 == side
            logits = model(torch.where(kept[:, None], tokens, others))
            check_finite(logits)
            if not float((_predictions(logits) - first)[kept].abs().max()) <= SAME_PREDICTION:
                refuse(
                    "mixes-windows",
                    "A window's predictions depend on other windows of its batch. "
                    "Each has to be predicted alone.",
                )


def _predictions(logits: Tensor) -> Tensor:
    """Log-probabilities: a shift of all logits of a position says nothing, and must hide nothing."""
    return functional.log_softmax(logits.double(), dim=-1).clamp_min(LEAST_LOG_PROBABILITY)
