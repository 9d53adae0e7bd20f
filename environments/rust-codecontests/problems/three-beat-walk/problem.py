"""Three-Beat Walk: a shortest walk whose length is divisible by three.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4 5\n1 2\n2 3\n3 4\n1 3\n4 1\n",
    "3 3\n1 2\n2 1\n2 3\n",
    "5 6\n1 2\n2 5\n2 3\n3 4\n4 2\n3 3\n",
)

SQUARES = 20_000
LANES = 60_000


def generate(random: Random, size: float) -> str:
    """Draw a long road with loops back that keep the beat, and few that shift it; or lanes at random."""
    squares = min(SQUARES, random.randint(1, 6) + int(SQUARES * size**3))
    lanes = min(LANES, random.randint(0, 4) + 3 * squares)
    pairs = []
    if size < 0.9 and random.random() < 0.4 or squares < 3:
        density = random.choice((1.0, 1.5, 3.0))
        lanes = min(lanes, int(density * squares))
        pairs = [(random.randrange(squares), random.randrange(squares)) for _ in range(lanes)]
    else:
        length = squares - random.choice((1, 1, 2)) if size < 0.9 else squares - 1 - (squares % 3 == 1)
        pairs = [(i, i + 1) for i in range(length)]
        for _ in range(random.choice((0, 1, 1, 2)) if size < 0.9 else 1):
            shift = random.choice((0, 1))
            last = length if size < 0.9 else length - random.choice((0, 0, 3, 10))
            pairs.append((last, max(0, last % 3 + shift - 1) if size > 0.9 else random.randint(0, last)))
        while len(pairs) < lanes:
            start = random.randrange(length + 1)
            back = start + 1 - 3 * random.randint(1, squares // 3)
            if back >= 0:
                pairs.append((start, back))
            elif random.random() < 0.2:
                lanes -= 1
    names = [1, *random.sample(range(2, squares), max(0, squares - 2)), squares]
    random.shuffle(pairs)
    lines = [f"{names[u]} {names[v]}" for u, v in pairs]
    return "\n".join([f"{squares} {len(lines)}", *lines]) + "\n"


def solve(text: str) -> str:
    """Follows the set of squares where a walk of so many lanes can end, up to all that can matter."""
    n, _, *ends = (int(token) for token in text.split())
    lanes = list(zip(ends[::2], ends[1::2], strict=True))
    here = {1}
    for beats in range(3 * n + 1):
        if beats % 3 == 0 and n in here:
            return f"{beats}\n"
        here = {v for u, v in lanes if u in here}
    return "-1\n"
