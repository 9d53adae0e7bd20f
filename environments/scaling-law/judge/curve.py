"""What runs of the whole budget came to.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).resolve().parent / "ground_truth"


class LossCurve:
    """Loss along the curve of runs that cost the budget, as a function of steps.

    Linear in ln(steps) between the measured points, each the mean over its seeds.
    """

    def __init__(self, runs: list[dict[str, Any]]) -> None:
        steps = sorted({run["steps"] for run in runs})
        self.steps = np.array(steps)
        """Measured points, rising: int64 of shape [points]."""
        self.losses = np.array([np.mean([run["loss"] for run in runs if run["steps"] == s]) for s in steps])
        """Nats per token: float64 of shape [points]."""

    def loss_at(self, steps: int) -> float:
        """Return the loss of a run of so many steps; beyond the measured points, that of the nearest one."""
        return float(np.interp(np.log(steps), np.log(self.steps), self.losses))

    @property
    def best_loss(self) -> float:
        """The lowest loss on the curve, which lies at a measured point."""
        return float(self.losses.min())


def load_runs(scale: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Read how the runs of a scale were made, and the runs."""
    lines = (RESULTS / f"{scale}.jsonl").read_text(encoding="utf-8").splitlines()
    header, *runs = (json.loads(line) for line in lines)
    return header, runs
