"""What a program behind the model gateway is given and what it answers: simulated models and services.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

Such a program is trusted: it sees the judge's part of the assets. What it answers reaches programs in the
agent's sandbox, so it must give away no more than one answer is worth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class GatewayContext:
    """Where a program works. It is started once for a run's agent and once for each scoring."""

    environment: str
    scale: str
    parameters: Mapping[str, Any]
    """The `parameters` of this scale in environment.yaml."""
    phase: str
    """`agent` or `scoring`."""
    assets: Path
    """The judge's part of the assets, read-only."""
    scratch: Path
    """An empty writable folder, gone afterwards."""


@dataclass(frozen=True)
class Message:
    """One message of a conversation."""

    role: str
    """`system`, `user`, `assistant` or `tool`."""
    text: str


@dataclass(frozen=True)
class ModelRequest:
    """One question to a simulated model; the gateway has checked its ranges."""

    model: str
    messages: tuple[Message, ...]
    temperature: float | None
    max_output_tokens: int | None
    seed: bytes
    """32 bytes, new for every answer: the only chance it may use, so that an answer can be repeated."""


@dataclass(frozen=True)
class ModelAnswer:
    """What a simulated model writes."""

    text: str
    input_tokens: int
    output_tokens: int
    finish_reason: str = "stop"
    """`stop`, or `length` where `max_output_tokens` cut it."""


class Refused(Exception):  # noqa: N818 - the caller's fault, not an error of ours
    """Refuses a request to a service; its text is shown to the program that asked."""


Serve = Callable[[Any], Any]
"""Takes the JSON a program sent and returns JSON, or raises `Refused`."""

Generate = Callable[[ModelRequest], ModelAnswer]
"""Takes a request for a simulated model."""
