"""Patrol Pegs: lattice points met along a closed walk.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 1
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "3\n0 0\n6 3\n1 5\n",
    "4\n-2 -2\n4 1\n4 1\n-5 -4\n",
)

STOPS = 30_000
REACH = 2 * 10**9


def generate(random: Random, size: float) -> str:
    """Draw stops anywhere, with many lines along an axis, along a diagonal, or of no length."""
    count = min(STOPS, random.randint(1, 6) + int(STOPS * size**3))
    reach = min(REACH, 4 + int(REACH * size**3))
    x, y = random.randint(-reach, reach), random.randint(-reach, reach)
    stops = [(x, y)]
    while len(stops) < count:
        step = random.randint(-reach, reach)
        kind = random.random()
        if kind < 0.15:
            x = step
        elif kind < 0.3:
            y = step
        elif kind < 0.4 and abs(x + step) <= reach and abs(y + step) <= reach:
            x, y = x + step, y + step
        elif kind < 0.5:
            x, y = random.choice((-reach, reach)), random.choice((-reach, reach))
        elif kind > 0.55:
            x, y = step, random.randint(-reach, reach)
        stops.append((x, y))
    return "\n".join([str(count), *(f"{x} {y}" for x, y in stops)]) + "\n"


def solve(text: str) -> str:
    """Look at every peg of the box around each line, in `O(box)`."""
    numbers = [int(token) for token in text.split()]
    stops = list(zip(numbers[1::2], numbers[2::2], strict=True))
    rings = 0
    for (x1, y1), (x2, y2) in zip(stops, stops[1:] + stops[:1], strict=True):
        for x in range(min(x1, x2), max(x1, x2) + 1):
            for y in range(min(y1, y2), max(y1, y2) + 1):
                on_line = (x - x1) * (y2 - y1) == (y - y1) * (x2 - x1)
                rings += on_line and (x, y) != (x1, y1)
    return f"{rings}\n"
