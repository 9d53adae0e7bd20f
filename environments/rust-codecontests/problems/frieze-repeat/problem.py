"""Extend a string by the fewest letters to a block repeated at least twice.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 3
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("abcab\n", "xyxyxyx\n")


def generate(random: Random, size: float) -> str:
    """Draw periodic strings cut anywhere, nearly uniform ones, and ones whose shortest period misleads."""
    length = random.randint(1, 14) if size == 0 else max(1, int(900_000 * size))
    alphabet = random.choice(["ab", "abc", "abcdefghijklmnopqrstuvwxyz"])
    style = random.choice(["random", "periodic", "uniform", "uniform", "misleading", "misleading"])
    if style == "uniform":
        text = "a" * (length - 1) + random.choice("ab")
    elif style == "periodic":
        period = random.randint(1, random.choice([min(length, 5), length]))
        block = "".join(random.choices(alphabet, k=period))
        text = (block * (length // period + 1))[:length]
    elif style == "misleading":
        # Twice a block that nearly repeats a shorter one, and a little more: a longer block can be better.
        repeats = random.randint(2, 4)
        shared_length = max(1, length // (8 * repeats + 8))
        shared = "".join(random.choices(alphabet, k=random.randint(1, shared_length)))
        middle = "".join(random.choices(alphabet, k=random.randint(1, shared_length)))
        block = (shared + middle + shared) * repeats + shared + middle
        text = block * 2 + shared[: random.randint(1, len(shared))]
    else:
        text = "".join(random.choices(alphabet, k=length))
    return text + "\n"


def solve(text: str) -> str:
    """Try every total length, and for each every block, the shortest first."""
    tiles = text.strip()
    for total in range(max(2, len(tiles)), 2 * len(tiles) + 1):
        for block in range(1, total // 2 + 1):
            if total % block == 0 and (tiles[:block] * total)[: len(tiles)] == tiles:
                return f"{total - len(tiles)} {block}\n"
    raise AssertionError("twice the whole string always works")
