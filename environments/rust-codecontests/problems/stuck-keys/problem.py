"""Shorten runs of letters to two, and leave digits alone.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

import re
import string
from random import Random

DIFFICULTY = 1
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("hellllo77woorld\n", "Xyyyz0\n")


def generate(random: Random, size: float) -> str:
    """Draw a message as runs of lengths 1 to a maximum, now and then one single run."""
    length = random.randint(1, 12) if size == 0 else max(1, int(150_000 * size))
    alphabet = random.choice(["aA1", "abAB01", string.ascii_letters + string.digits])
    longest = random.choice([3, 4, 4, 9, length])
    pieces: list[str] = []
    total = 0
    while total < length:
        piece = random.choice(alphabet) * random.randint(1, longest)
        pieces.append(piece)
        total += len(piece)
    return "".join(pieces)[:length] + "\n"


def solve(text: str) -> str:
    """Replace by a regular expression."""
    message = text.strip()
    cleaned = re.sub(r"([a-zA-Z])\1\1+", r"\1\1", message)
    return f"{cleaned}\n{len(message) - len(cleaned)}\n"
