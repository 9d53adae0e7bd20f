"""Inputs by law, and the judge's own answer.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import hashlib
from collections.abc import Callable

import numpy as np

Generator = np.random.Generator


def generator(seed: bytes, *purpose: str | int) -> Generator:
    """Make an independent generator for one purpose.

    Hashing keeps the streams apart: a submission that works out the generator behind one input learns
    nothing about the next.
    """
    digest = hashlib.sha256(seed + repr(purpose).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def _uniform(rng: Generator, size: int) -> np.ndarray:
    return rng.integers(-10, 10, size, dtype=np.int32)


def _nonpositive(rng: Generator, size: int) -> np.ndarray:
    return rng.integers(-10, 1, size, dtype=np.int32)


def _positive(rng: Generator, size: int) -> np.ndarray:
    return rng.integers(1, 11, size, dtype=np.int32)


def _sparse(rng: Generator, size: int) -> np.ndarray:
    x = rng.integers(-10, 1, size, dtype=np.int32)
    x[rng.integers(0, size, 1 + size // 100_000)] = rng.integers(1, 1_000)
    return x


def _single(rng: Generator, size: int) -> np.ndarray:
    x = rng.integers(-10, 1, size, dtype=np.int32)
    x[rng.integers(0, 1 + size // 2)] = 1
    return x


def _extreme(rng: Generator, size: int) -> np.ndarray:
    x = rng.integers(-(2**31), 2**31, size, dtype=np.int32)
    x[rng.random(size) < 0.05] = 2**31 - 1
    x[rng.random(size) < 0.05] = -(2**31)
    return x


LAWS: dict[str, Callable[[Generator, int], np.ndarray]] = {
    "uniform in [-10, 10)": _uniform,
    "none positive": _nonpositive,
    "all positive": _positive,
    "few positive": _sparse,
    "one positive": _single,
    "whole int32 range": _extreme,
}
"""Law by the name the instructions give it. Each maps a generator and a size to int32 of shape [size]."""

TIMED_LAW = "uniform in [-10, 10)"


def expected_answer(x: np.ndarray) -> np.ndarray:
    """Compute the answer for `x`, int32 of shape [size], in int32 arithmetic modulo 2^32."""
    positive = x > 0
    # Only the parity of the count is needed, and it survives the wrap-around of uint8.
    before = np.cumsum(positive, dtype=np.uint8) - positive
    return np.cumsum(x * (before & 1), dtype=np.int32)
