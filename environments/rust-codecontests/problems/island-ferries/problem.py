"""Island Ferries: join components where a line costs the larger of two fees.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 1
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "6 3\n4 9 2 5 7 3\n1 2\n5 3\n3 5\n",
    "4 2\n8 6 5 7\n2 1\n1 4\n",
    "3 3\n10 20 30\n1 2\n2 3\n3 1\n",
)

VILLAGES = ROADS = 30_000
FEE = 10**9


def generate(random: Random, size: float) -> str:
    """Lay roads inside blocks of villages with neighbouring numbers, then shuffle all numbers."""
    villages = min(VILLAGES, random.randint(1, 6) + int(VILLAGES * size**3))
    share = random.choice((0.0, 0.3, 0.6, 0.9, 1.0)) if size < 0.9 else random.uniform(0.4, 0.8)
    roads = min(ROADS, int(villages * share))
    block = random.choice((2, 3, 10, villages))
    highest = random.choice((1, 5, FEE)) if size < 0.3 else FEE
    names = random.sample(range(1, villages + 1), villages)
    lines = [f"{villages} {roads}", " ".join(str(random.randint(1, highest)) for _ in range(villages))]
    for _ in range(roads):
        first = random.randrange(villages)
        second = min(villages - 1, first // block * block + random.randrange(block))
        lines.append(f"{names[first]} {names[second]}")
    return "\n".join(lines) + "\n"


def solve(text: str) -> str:
    """Take the cheapest useful pair among all pairs of villages until all are joined (Kruskal)."""
    numbers = [int(token) for token in text.split()]
    n, m = numbers[:2]
    fees = numbers[2 : 2 + n]
    group = list(range(n))
    lines = cost = 0
    roads = [(numbers[2 + n + 2 * i] - 1, numbers[3 + n + 2 * i] - 1) for i in range(m)]
    pairs = sorted((max(fees[u], fees[v]), u, v) for u in range(n) for v in range(u))
    for price, u, v in [(0, u, v) for u, v in roads] + pairs:
        if group[u] != group[v]:
            lines += price > 0
            cost += price
            old = group[u]
            group = [group[v] if name == old else name for name in group]
    return f"{lines} {cost}\n"
