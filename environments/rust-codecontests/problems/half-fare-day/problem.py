"""Half-Fare Day: a shortest path with one discount on consecutive edges.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 3
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4 4 1\n1 2 3\n2 4 8\n1 3 4\n3 4 6\n",
    "5 5 2\n1 2 10\n2 3 1\n3 4 10\n4 5 7\n5 1 40\n",
    "3 1 4\n1 2 6\n",
)

TOWNS = 10_000
LINES = 40_000
RIDES = 10
FARE = 10**6


def generate(random: Random, size: float) -> str:
    """Draw long countries of short rides, with express lines that pay at half fare; or lines at random."""
    towns = min(TOWNS, random.randint(1, 6) + int(TOWNS * size**3))
    density = random.choice((1, 2, 4)) if size < 0.3 else random.choice((2, 4))
    lines = min(LINES, random.randint(0, 4) + density * towns)
    rides = random.randint(1 if size < 0.3 else 2, min(RIDES, 2 + int(RIDES * size)))
    fare = min(FARE, random.choice((3, 12)) + int(FARE * size))
    short = max(1, fare // (40 if size > 0.2 else random.choice((1, 2, 8))))
    joined = size > 0.2 or random.random() < 0.8
    names = [1, *random.sample(range(2, towns), max(0, towns - 2)), towns]
    offers = []
    for i in range(lines):
        first = i % towns if joined else random.randrange(towns)
        step = 1 if joined and i < towns else random.randint(-1, 3)
        share = random.uniform(0.5, 1)
        if step == 3:
            step = random.randint(2, 30)
            share = random.uniform(0.7, 1.3)
        second = min(towns - 1, max(0, first + step))
        ends = random.sample((names[first], names[second]), 2)
        offers.append((*ends, min(fare, round(short * share * abs(second - first)))))
    random.shuffle(offers)
    return "\n".join([f"{towns} {lines} {rides}", *(f"{u} {v} {c}" for u, v, c in offers)]) + "\n"


def solve(text: str) -> str:
    """Walk every path without a town twice and hand in the card before each of its rides."""
    numbers = [int(token) for token in text.split()]
    n, m, k = numbers[:3]
    offers = [tuple(numbers[3 + 3 * i : 6 + 3 * i]) for i in range(m)]
    costs = []

    def walk(town: int, seen: tuple[int, ...], fares: tuple[int, ...]) -> None:
        if town == n:
            for start in range(max(1, len(fares))):
                rides = range(start, start + k)
                costs.append(sum(fare // 2 if i in rides else fare for i, fare in enumerate(fares)))
            return
        for u, v, fare in offers:
            if town in (u, v) and u + v - town not in seen:
                walk(u + v - town, (*seen, u + v - town), (*fares, fare))

    walk(1, (1,), ())
    return f"{min(costs, default=-1)}\n"
