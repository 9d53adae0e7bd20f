"""Sum the maxima of all subarrays with a length between two bounds.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 4
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("5 2 3\n4 1 7 3 5\n", "4 1 4\n1 2 3 4\n")


def generate(random: Random, size: float) -> str:
    """Draw random, sorted, equal and small values; most often nearly all lengths count."""
    count = random.randint(1, 9) if size == 0 else max(2, int(90_000 * size))
    top = random.choice([3, 10, 1_000_000_000])
    values = [random.randint(0, top) for _ in range(count)]
    style = random.choice(["random", "random", "sorted", "equal"])
    if style == "sorted":
        values.sort(reverse=random.random() < 0.5)
    elif style == "equal":
        values = [values[0]] * count
    shortest, longest = sorted(random.randint(1, count) for _ in range(2))
    bounds = [(1, count), (1, longest), (shortest, count), (shortest, longest), (shortest, shortest)]
    low, high = random.choice([*bounds[:4], (max(1, count // 20), count - count // 9), *bounds[3:]])
    return f"{count} {low} {high}\n{' '.join(map(str, values))}\n"


def solve(text: str) -> str:
    """Take the maximum of every stretch."""
    count, shortest, longest, *values = map(int, text.split())
    total = 0
    for length in range(shortest, longest + 1):
        for start in range(count - length + 1):
            total += max(values[start : start + length])
    return f"{total % 1_000_000_007}\n"
