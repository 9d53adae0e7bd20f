"""Barge Fleet: a partition with quadratic costs, by a hull of lines with equal slopes among them.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 5
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "5 10 2\n3 1 4 1 5\n",
    "4 100 0\n6 2 9 3\n",
    "6 5 9\n2 7 1 8 2 8\n",
)

PARCELS = 150_000
SKIPPER = 10**12
CRANE = 10**9
WEIGHT = 1_000


def generate(random: Random, size: float) -> str:
    """Weigh parcels, many of them nothing, for barges that are cheap, dear, or dear by their first parcel."""
    parcels = min(PARCELS, random.randint(1, 8) + int(PARCELS * size**3))
    weight = min(WEIGHT, random.choice((1, 4, 9)) + int(WEIGHT * size))
    nothing = random.choice((0.0, 0.2, 0.5)) if size < 0.3 else random.choice((0.1, 0.3))
    load = weight * random.choice((1, 3, 10, 100)) if size < 0.3 else weight * random.randint(50, 5000)
    skipper = random.randint(0, min(SKIPPER, load * load // 20))
    crane = random.randint(0, min(CRANE, load * load // weight))
    if random.random() < 0.1:
        skipper = 0
    weights = [0 if random.random() < nothing else random.randint(1, weight) for _ in range(parcels)]
    if size < 0.9 and random.random() < 0.1:
        weights = [weights[0]] * parcels
    return f"{parcels} {skipper} {crane}\n{' '.join(map(str, weights))}\n"


def solve(text: str) -> str:
    """Try every way to cut the row."""
    n, a, b, *weights = (int(token) for token in text.split())
    costs = []
    for cuts in range(1 << (n - 1)):
        bounds = [0, *(i + 1 for i in range(n - 1) if cuts >> i & 1), n]
        loads = [weights[start:end] for start, end in zip(bounds, bounds[1:], strict=False)]
        costs.append(sum(a + b * load[0] + sum(load) ** 2 for load in loads))
    return f"{min(costs)}\n"
