"""Surveyor Corners: a sum over axis-parallel right triangles, by rows and columns.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4\n1 1\n4 1\n1 3\n7 9\n",
    "5\n2 2\n6 2\n9 2\n2 5\n9 0\n",
    "3\n5 5\n5 6\n7 8\n",
)

STAKES = 80_000
REACH = 30_000


def generate(random: Random, size: float) -> str:
    """Put stakes on few rows and columns, for many corners; at times all on one line or scattered."""
    stakes = min(STAKES, random.randint(1, 7) + int(STAKES * size**3))
    reach = min(REACH, 5 + int(REACH * size))
    lines = min(reach, max(2, int(stakes ** random.choice((0.5, 0.6, 0.8))) + 1))
    if size < 0.9 and random.random() < 0.1:
        lines = 1
    columns = random.sample(range(reach + 1), lines)
    rows = random.sample(range(reach + 1), min(reach, max(1, 2 * stakes // lines)))
    points = set()
    for _ in range(4 * stakes):
        if len(points) < stakes:
            points.add((random.choice(columns), random.choice(rows)))
    order = sorted(points)
    random.shuffle(order)
    return "\n".join([str(len(order)), *(f"{x} {y}" for x, y in order)]) + "\n"


def solve(text: str) -> str:
    """Try every three stakes."""
    numbers = [int(token) for token in text.split()][1:]
    stakes = list(zip(numbers[::2], numbers[1::2], strict=True))
    total = 0
    for x, y in stakes:
        for x2, y2 in stakes:
            for x3, y3 in stakes:
                if y2 == y and x2 > x and x3 == x and y3 > y:
                    total += (x2 - x) * (y3 - y)
    return f"{total}\n"
