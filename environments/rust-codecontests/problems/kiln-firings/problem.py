"""Cover intervals with the fewest points when a point serves a bounded number of them.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 4
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = (
    "5 2\n3 6\n5 9\n6 7\n1 4\n8 9\n",
    "4 3\n10 20\n20 30\n12 25\n31 40\n",
)


def generate(random: Random, size: float) -> str:
    """Draw short, long and nested intervals for small and for roomy kilns."""
    count = random.randint(1, 7) if size == 0 else max(2, int(60_000 * size))
    top = random.choice([6, 12]) if size == 0 else random.choice([count, 1_000_000])
    room = random.choice([1, 2, 2, 3]) if size == 0 else random.choice([2, 2, 3, 3, 10, 1000, 60_000])
    longest = random.choice([0, max(1, top // 10), top // 2, top])
    pots = []
    for _ in range(count):
        low = random.randint(1, top)
        if random.random() < 0.05 and longest > 0:
            pots.append((1, top))
        elif random.random() < 0.3:
            pots.append((low, low))
        else:
            pots.append((low, min(top, low + random.randint(0, longest))))
    return f"{count} {room}\n" + "".join(f"{low} {high}\n" for low, high in pots)


def solve(text: str) -> str:
    """Find the best way to split every set of pots into firings."""
    (count, room), *pots = [tuple(map(int, line.split())) for line in text.splitlines()]
    fewest = [0] * (1 << count)
    possible = [True] * (1 << count)
    for chosen in range(1, 1 << count):
        members = [pots[pot] for pot in range(count) if chosen >> pot & 1]
        possible[chosen] = len(members) <= room and max(m[0] for m in members) <= min(m[1] for m in members)
        fewest[chosen] = count
        firing = chosen
        while firing:
            if possible[firing]:
                fewest[chosen] = min(fewest[chosen], 1 + fewest[chosen ^ firing])
            firing = (firing - 1) & chosen
    return f"{fewest[-1]}\n"
