"""Pair left and right gloves whose sizes differ by at most d.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = (
    "4 3 2\n10 4 7 20\n8 11 1\n",
    "3 3 0\n5 5 6\n6 5 5\n",
)


def generate(random: Random, size: float) -> str:
    """Draw sizes so that the tolerance is of the order of the gaps, or zero, or everything fits."""
    most = 5 if size == 0 else max(2, int(60_000 * size))
    least = 1 if size == 0 or random.random() < 0.2 else most - most // 10
    left_count, right_count = random.randint(least, most), random.randint(least, most)
    top = random.choice([6, 12, 30]) if size == 0 else random.choice([most, 20 * most, 1_000_000])
    top = min(top, 1_000_000)
    gap = max(1, top // max(left_count, right_count))
    tolerance = random.choice([0, gap, gap, 2 * gap, 3 * gap, random.randint(0, top)])
    lefts = [random.randint(1, top) for _ in range(left_count)]
    rights = [random.randint(1, top) for _ in range(right_count)]
    if random.random() < 0.2:
        rights = [min(1_000_000, glove + tolerance) for glove in random.choices(lefts, k=right_count)]
    return (
        f"{left_count} {right_count} {tolerance}\n{' '.join(map(str, lefts))}\n{' '.join(map(str, rights))}\n"
    )


def solve(text: str) -> str:
    """Grow a matching by augmenting paths."""
    left_count, _, tolerance, *sizes = map(int, text.split())
    lefts, rights = sizes[:left_count], sizes[left_count:]
    partner: dict[int, int] = {}

    def place(left: int, tried: set[int]) -> bool:
        for right, right_size in enumerate(rights):
            if right not in tried and abs(lefts[left] - right_size) <= tolerance:
                tried.add(right)
                if right not in partner or place(partner[right], tried):
                    partner[right] = left
                    return True
        return False

    return f"{sum(place(left, set()) for left in range(left_count))}\n"
