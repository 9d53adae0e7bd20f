"""Choir Regions: connected sets of a tree through given vertices, modulo any number.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 4
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4 4 1000000007\n1 2\n2 3\n2 4\n1 2 3 4\n",
    "5 2 7\n1 2\n3 2\n3 4\n5 4\n3 1\n",
    "1 1 2\n1\n",
)

VILLAGES = 50_000
CONDUCTORS = 15_000
MODULUS = 2 * 10**9
PRIMES = (2, 3, 101, 65_537, 998_244_353, 1_000_000_007, 1_999_999_973)


def generate(random: Random, size: float) -> str:
    """Draw chains, bushes and stars; prime, composite, small and large moduli."""
    villages = min(VILLAGES, random.randint(1, 7) + int(VILLAGES * size**3))
    conductors = min(CONDUCTORS, random.randint(1, 5) + int(CONDUCTORS * size**3))
    modulus = (
        random.randint(2, 40) if size < 0.2 and random.random() < 0.5 else random.randint(10**9, MODULUS)
    )
    if random.random() < 0.2:
        modulus = random.choice(PRIMES)
    elif random.random() < 0.5:
        modulus -= modulus % 2 if modulus > 2 else 0
    back = random.choice((1, 3, 20, villages))
    hub = random.random() < 0.2
    names = random.sample(range(1, villages + 1), villages)
    lines = []
    for i in range(1, villages):
        other = 0 if hub and random.random() < 0.5 else random.randint(max(0, i - back), i - 1)
        ends = random.sample((names[i], names[other]), 2)
        lines.append(f"{ends[0]} {ends[1]}")
    random.shuffle(lines)
    lines.append(" ".join(str(random.randint(1, villages)) for _ in range(conductors)))
    return "\n".join([f"{villages} {conductors} {modulus}", *lines]) + "\n"


def solve(text: str) -> str:
    """Grow all connected sets, each from a smaller one by a neighbour."""
    numbers = [int(token) for token in text.split()]
    n, q, modulus = numbers[:3]
    lanes = list(zip(numbers[3 : 2 * n + 1 : 2], numbers[4 : 2 * n + 1 : 2], strict=True))
    regions = {frozenset((village,)) for village in range(1, n + 1)}
    fresh = regions
    while fresh:
        larger = {region | {u, v} for region in fresh for u, v in lanes if (u in region) != (v in region)}
        fresh = larger - regions
        regions = regions | fresh
    asked = numbers[2 * n + 1 :]
    return "".join(f"{sum(village in region for region in regions) % modulus}\n" for village in asked[:q])
