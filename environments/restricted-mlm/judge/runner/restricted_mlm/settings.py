"""The numbers of a scale, from the `parameters` of environment.yaml (in assets: settings.json)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from restricted_mlm.check import Task
from restricted_mlm.graph import Limits


@dataclass(frozen=True)
class Settings:
    """What judge and agents have to agree on."""

    task: Task
    limits: Limits
    mask_token: int
    loss_floor: float
    """Nats; taken off the loss before the logarithm."""
    least_excess: float
    """Nats; what is left of the loss after that counts as at least this."""


def parse_settings(parameters: Mapping[str, Any]) -> Settings:
    """Read the parameters. Raises KeyError, TypeError or ValueError."""
    vocabulary, mask_token = int(parameters["vocabulary"]), int(parameters["maskToken"])
    return Settings(
        task=Task(
            batch=int(parameters["windowsPerBatch"]),
            window=int(parameters["windowTokens"]),
            token_ids=max(vocabulary, mask_token + 1),
            vocabulary=vocabulary,
        ),
        limits=Limits(
            constant_elements=int(parameters["parameterLimit"]),
            nodes=int(parameters["nodeLimit"]),
            tensor_elements=int(parameters["tensorElementLimit"]),
            live_elements=int(parameters["liveElementLimit"]),
            work_per_window=int(parameters["workPerWindowLimit"]),
        ),
        mask_token=mask_token,
        loss_floor=float(parameters["lossFloor"]),
        least_excess=float(parameters["leastExcess"]),
    )
