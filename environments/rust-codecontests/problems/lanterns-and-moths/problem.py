"""Lanterns and Moths: pairs of two kinds within a distance on a tree, by centroids.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 5
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4 6\nLMML\n1 2 3\n2 3 2\n2 4 5\n",
    "6 10\nMLLMML\n1 3 4\n3 2 3\n3 4 2\n4 5 4\n5 6 5\n",
    "1 5\nM\n",
)

CHAMBERS = 40_000
FEET = 10**6


def generate(random: Random, size: float) -> str:
    """Draw long caves, bushes and stars, and a distance that some pairs keep and others do not."""
    chambers = min(CHAMBERS, random.randint(1, 8) + int(CHAMBERS * size**3))
    feet = min(FEET, random.choice((1, 3, 9)) + int(FEET * size))
    if 0.2 < size < 0.9 and random.random() < 0.5:
        feet = random.randint(1, 3)
    back = random.choice((1, 2, 10, chambers)) if size < 0.9 else random.choice((1, 2, 3))
    moths = random.choice((0.1, 0.5, 0.5, 0.9)) if size < 0.9 else 0.5
    kinds = "".join("M" if random.random() < moths else "L" for _ in range(chambers))
    names = random.sample(range(1, chambers + 1), chambers)
    depths = [0]
    lines = []
    for i in range(1, chambers):
        other = random.randint(max(0, i - back), i - 1)
        length = random.randint(1, feet)
        depths.append(depths[other] + length)
        ends = random.sample((names[i], names[other]), 2)
        lines.append(f"{ends[0]} {ends[1]} {length}")
    random.shuffle(lines)
    distance = max(1, abs(random.choice(depths) - random.choice(depths)))
    return "\n".join([f"{chambers} {distance}", kinds, *lines]) + "\n"


def solve(text: str) -> str:
    """Compute the distances of all pairs of chambers (Floyd and Warshall)."""
    tokens = text.split()
    n, d = int(tokens[0]), int(tokens[1])
    kinds = tokens[2]
    numbers = [int(token) for token in tokens[3:]]
    feet = [[0 if u == v else 10**12 for v in range(n)] for u in range(n)]
    for u, v, length in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
        feet[u - 1][v - 1] = feet[v - 1][u - 1] = length
    for middle in range(n):
        for u in range(n):
            for v in range(n):
                feet[u][v] = min(feet[u][v], feet[u][middle] + feet[middle][v])
    pairs = sum(kinds[u] == "L" and kinds[v] == "M" and feet[u][v] <= d for u in range(n) for v in range(n))
    return f"{pairs}\n"
