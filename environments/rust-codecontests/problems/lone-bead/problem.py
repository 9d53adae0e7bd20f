"""Count segments in which exactly one letter appears an odd number of times.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 3
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("abacc\n", "tstst\n")
COLOURS = "abcdefghijklmnopqrst"


def generate(random: Random, size: float) -> str:
    """Draw strings of one, a few and all colours."""
    count = random.randint(1, 9) if size == 0 else max(1, int(300_000 * size))
    kinds = random.choice([1, 2, 3, 4] if size == 0 else [1, 2, 2, 5, 20])
    colours = random.sample(COLOURS, kinds)
    if random.random() < 0.3:
        colours = list(COLOURS[-kinds:])
    return "".join(random.choices(colours, k=count)) + "\n"


def solve(text: str) -> str:
    """Count the colours of every segment."""
    beads = text.strip()
    found = 0
    for start in range(len(beads)):
        for end in range(start + 1, len(beads) + 1):
            segment = beads[start:end]
            found += sum(segment.count(colour) % 2 for colour in set(segment)) == 1
    return f"{found}\n"
