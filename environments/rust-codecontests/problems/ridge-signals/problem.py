"""Sum the Hamming distances of all pairs at odd distance.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("4\n1 6 3 4\n", "2\n0 1023\n", "3\n5 5 2\n")


def generate(random: Random, size: float) -> str:
    """Draw patterns of few and of all bits, equal ones and alternating ones."""
    count = random.randint(1, 7) if size == 0 else max(1, int(90_000 * size))
    everything = 2**30 - 1
    style = random.choice(["random", "random", "low", "equal", "alternating", "sparse"])
    if style == "low":
        patterns = [random.randint(0, 7) for _ in range(count)]
    elif style == "equal":
        patterns = [random.randint(0, everything)] * count
    elif style == "alternating":
        patterns = [everything * (index % 2) for index in range(count)]
    elif style == "sparse":
        patterns = [1 << random.randint(0, 29) for _ in range(count)]
    else:
        patterns = [random.randint(0, everything) for _ in range(count)]
    return f"{count}\n{' '.join(map(str, patterns))}\n"


def solve(text: str) -> str:
    """Compare every two masts."""
    _, *patterns = map(int, text.split())
    total = 0
    for second in range(len(patterns)):
        for first in range(second - 1, -1, -2):
            total += bin(patterns[first] ^ patterns[second]).count("1")
    return f"{total}\n"
