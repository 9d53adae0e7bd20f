"""Count common multiples up to a bound that the least one may exceed.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

import math
from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = (
    "3\n2 30 4 6\n3 100 5 5 1\n2 12 5 7\n",
    "2\n1 1000000000000 1000000\n4 1000 2 3 4 9\n",
)


def draw_harbour(random: Random, count: int, limit: int, last: int) -> str:
    """Draw lamps whose periods divide one number, are coprime primes, or are random."""
    style = random.choice(["divisors", "divisors", "random", "primes", "equal"])
    if style == "divisors":
        base = (
            random.choice([12, 24, 60])
            if limit < 100
            else random.choice([735134400, 698377680, 2**29, 3**18])
        )
        divisors = [d for d in range(1, min(limit, 40_000) + 1) if base % d == 0]
        divisors += [base // d for d in divisors if base // d <= limit]
        periods = random.choices(divisors, k=count)
    elif style == "primes":
        pool = [2, 3, 5, 7] if limit < 100 else [999_999_937, 999_999_929, 998_244_353, 4, 9, 25, 49, 11, 13]
        periods = random.choices(pool, k=count)
    elif style == "equal":
        periods = [random.randint(1, limit)] * count
    else:
        periods = [random.randint(1, limit) for _ in range(count)]
    common = math.lcm(*periods)
    near = [common - 1, common, common + 1, 3 * common, 10 * common - 1]
    choices = [value for value in near if 1 <= value <= last]
    time = (
        random.choice(choices)
        if choices and random.random() < 0.6
        else random.randint(max(1, last // 2), last)
    )
    return f"{count} {time} {' '.join(map(str, periods))}"


def generate(random: Random, size: float) -> str:
    """Draw harbours with few and with many lamps."""
    if size == 0:
        harbours = [draw_harbour(random, random.randint(1, 4), 12, 400) for _ in range(random.randint(1, 3))]
    else:
        count = random.choice([max(6, int(1000 * size)), 12])
        lamps = max(1, int(60_000 * size) // count)
        sizes = [random.choice([1, 2, 3, 4, lamps]) if random.random() < 0.7 else lamps for _ in range(count)]
        harbours = [draw_harbour(random, min(lamps, one), 10**9, 10**18) for one in sizes]
    return f"{len(harbours)}\n" + "\n".join(harbours) + "\n"


def solve(text: str) -> str:
    """Watch every second, or every flash of the slowest lamp where there are many seconds."""
    lines = []
    for line in text.splitlines()[1:]:
        _, time, *periods = map(int, line.split())
        if len(periods) == 1:
            lines.append(str(time // periods[0]))
        else:
            lines.append(str(sum(all(second % p == 0 for p in periods) for second in range(1, time + 1))))
    return "\n".join(lines) + "\n"
