"""Which calls one scoring makes, and in what order.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from inputs import LAWS, TIMED_LAW, Generator

BORDER_EXPONENTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16)
SIZE_SPREAD = 0.02
MOST_FURTHER_CHECKS = 3


@dataclass(frozen=True)
class Parameters:
    """The scale's parameters from environment.yaml."""

    elements: int
    gpu: bool
    timed_calls: int
    warm_up_calls: int
    import_limit_seconds: float
    call_limit_seconds: float
    memory_bandwidth: float
    """Bytes per second of the device's memory; 0 where the judge measures it."""

    @property
    def largest(self) -> int:
        """Elements of the largest input."""
        return int(self.elements * (1 + SIZE_SPREAD)) + 1


def parse_parameters(raw: Mapping[str, Any]) -> Parameters:
    """Read the parameters. Raises KeyError, TypeError or ValueError: environment.yaml is wrong then."""
    return Parameters(
        elements=int(raw["elements"]),
        gpu=bool(raw["gpu"]),
        timed_calls=int(raw["timedCalls"]),
        warm_up_calls=int(raw["warmUpCalls"]),
        import_limit_seconds=float(raw["importLimitSeconds"]),
        call_limit_seconds=float(raw["callLimitSeconds"]),
        memory_bandwidth=float(raw["memoryBandwidthBytesPerSecond"]),
    )


@dataclass(frozen=True)
class Call:
    """One call of the submission. Every answer is verified, whatever the purpose."""

    purpose: Literal["check", "warm-up", "timed", "repeat"]
    law: str
    size: int
    stream: int
    """Which random stream the input comes from. Only a repeat shares one, with an earlier call."""


def make_plan(rng: Generator, parameters: Parameters) -> list[Call]:
    """Plan one scoring: small checks first, then warm-ups, then full-size calls in an unpredictable order.

    The full-size calls are the timed ones, one of every other law and an unknown number more of those: a
    shortcut for the timed law cannot know when it is safe, not even after it has met all the others.
    """
    laws = list(LAWS)
    plan: list[Call] = []

    def add(purpose: Literal["check", "warm-up", "timed"], law: str, size: int) -> None:
        plan.append(Call(purpose, law, size, len(plan)))

    sizes = {1, 2, 3, *rng.integers(4, parameters.elements // 20, 6).tolist()}
    for exponent in BORDER_EXPONENTS:
        border = 2**exponent
        sizes |= {border - 1, border, border + 1, border + int(rng.integers(2, border + 2))}
    small = sorted(size for size in sizes if size <= parameters.elements)
    for index, size in enumerate(small):
        add("check", laws[(index + int(rng.integers(0, len(laws)))) % len(laws)], size)
    for law in laws:
        add("check", law, int(rng.integers(1_000, 10_000)))

    def near_full() -> int:
        return int(parameters.elements * (1 + SIZE_SPREAD * (2 * rng.random() - 1)))

    for _ in range(parameters.warm_up_calls):
        add("warm-up", TIMED_LAW, near_full())
    full = [("timed", TIMED_LAW)] * parameters.timed_calls
    others = [law for law in laws if law != TIMED_LAW]
    more = rng.integers(0, len(others), int(rng.integers(1, MOST_FURTHER_CHECKS + 1))).tolist()
    full += [("check", law) for law in [*others, *(others[index] for index in more)]]
    for index in rng.permutation(len(full)).tolist():
        add(full[index][0], full[index][1], near_full())
    repeated = plan[-int(rng.integers(1, len(full) + 1))]
    plan.append(Call("repeat", repeated.law, repeated.size, repeated.stream))
    return plan
