"""One Wet Foot: lattice paths that meet exactly one of the marked points.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 4
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "3 3 2\n2 1\n1 2\n",
    "4 3 3\n3 2\n0 3\n1 1\n",
    "1 2 0\n",
)

FLAGSTONES = 100_000
PUDDLES = 1_500


def generate(random: Random, size: float) -> str:
    """Put puddles anywhere, in rows and columns, or near the diagonal."""
    longest = random.randint(1, 5) + int(FLAGSTONES * size**3)
    width = min(FLAGSTONES, longest)
    height = min(FLAGSTONES, max(1, random.randint(longest // 2, longest)))
    if random.random() < 0.5:
        width, height = height, width
    puddles = min(PUDDLES, random.randint(0, 4) + int(PUDDLES * size))
    lines = max(1, int(puddles**0.5))
    columns = [random.randint(0, width) for _ in range(lines)]
    rows = [random.randint(0, height) for _ in range(lines)]
    points = set()
    for _ in range(puddles):
        x, y = random.randint(0, width), random.randint(0, height)
        kind = random.random()
        if kind < 0.5:
            x, y = random.choice(columns), random.choice(rows)
        elif kind < 0.75:
            y = min(height, max(0, x * height // width + random.randint(-3, 3)))
        points.add((x, y))
    order = sorted(points - {(0, 0), (width, height)})
    random.shuffle(order)
    return "\n".join([f"{width} {height} {len(order)}", *(f"{x} {y}" for x, y in order)]) + "\n"


def solve(text: str) -> str:
    """Walk every way."""
    numbers = [int(token) for token in text.split()]
    w, h = numbers[:2]
    puddles = set(zip(numbers[3::2], numbers[4::2], strict=True))

    def ways(x: int, y: int, wet: int) -> int:
        wet += (x, y) in puddles
        if wet > 1 or x > w or y > h:
            return 0
        if (x, y) == (w, h):
            return wet
        return ways(x + 1, y, wet) + ways(x, y + 1, wet)

    return f"{ways(0, 0, 0) % 1_000_000_007}\n"
