"""Simulate one queue in front of numbered counters.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 3
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = (
    "5 2\n1 4\n2 9\n3 2\n3 3\n20 1\n",
    "6 3\n0 5\n0 2\n1 1\n4 4\n6 1\n6 3\n",
)


def generate(random: Random, size: float) -> str:
    """Draw quiet and crowded days; times on a coarse grid make ties common."""
    count = random.randint(1, 9) if size == 0 else max(2, int(45_000 * size))
    counters = random.randint(1, 4) if size == 0 else random.choice([1, 3, 200, max(1, int(20_000 * size))])
    grid = 1 if size == 0 else random.choice([1, 1000, 10_000])
    last = 12 if size == 0 else random.choice([1000 * grid, 10**9])
    arrivals = sorted(random.randint(0, last // grid) * grid for _ in range(count))
    if random.random() < 0.1:
        arrivals = [last] * count
    usual = max(1, last * counters // count // grid)
    most = max(1, 10**9 // grid)
    longest = min(most, random.choice([max(1, usual // 2), 2 * usual, 20 * usual, most if size else 9]))
    lines = [f"{count} {counters}"]
    lines += [f"{arrival} {random.randint(1, longest) * grid}" for arrival in arrivals]
    return "\n".join(lines) + "\n"


def solve(text: str) -> str:
    """Let the clock tick second by second."""
    (count, counters), *customers = [tuple(map(int, line.split())) for line in text.splitlines()]
    busy_until: list[int | None] = [None] * counters
    served = [0] * counters
    waiting = second = begun = 0
    while begun < count:
        busy_until = [None if end == second else end for end in busy_until]
        while begun < count and customers[begun][0] <= second and None in busy_until:
            counter = busy_until.index(None)
            busy_until[counter] = second + customers[begun][1]
            served[counter] += 1
            begun += 1
        waiting += sum(arrival <= second for arrival, _ in customers[begun:])
        second += 1
    return f"{waiting}\n{' '.join(map(str, served))}\n"
