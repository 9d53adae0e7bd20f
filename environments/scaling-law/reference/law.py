"""A scaling law: loss as a function of width and steps.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import itertools
from dataclasses import dataclass

import numpy as np

WIDTH_EXPONENT = 0.696
"""Of a term in width: twice the 0.348 of a term in parameters, by Besiroglu et al. (arXiv 2404.10102)."""
STEP_EXPONENT = 0.366
"""Of a term in steps: theirs for tokens. Small runs span too little to tell exponents from the floor."""


@dataclass(frozen=True)
class Law:
    """loss = floor + width_scale / width^0.696 + step_scale / steps^0.366, in nats per token."""

    floor: float
    width_scale: float
    step_scale: float

    def loss_of(self, width: float, steps: float) -> float:
        """Return the loss of a run."""
        of_width = self.width_scale * float(width) ** -WIDTH_EXPONENT
        of_steps = self.step_scale * float(steps) ** -STEP_EXPONENT
        return self.floor + of_width + of_steps


def fit_law(widths: np.ndarray, steps: np.ndarray, losses: np.ndarray) -> Law:
    """Fit to at least three runs, arrays of shape [runs]: least squares with no coefficient below zero."""
    columns = np.stack(
        [
            np.ones(len(widths)),
            widths.astype(float) ** -WIDTH_EXPONENT,
            steps.astype(float) ** -STEP_EXPONENT,
        ],
        axis=1,
    )
    fits = []
    # With three coefficients, the best set of those that are above zero is found by trying all.
    for kept in itertools.product((True, False), repeat=3):
        coefficients = np.zeros(3)
        coefficients[list(kept)] = np.linalg.lstsq(columns[:, list(kept)], losses, rcond=None)[0]
        if (coefficients >= 0).all():
            fits.append((float(np.sum((columns @ coefficients - losses) ** 2)), coefficients))
    _, best = min(fits, key=lambda fit: fit[0])
    return Law(*map(float, best))
