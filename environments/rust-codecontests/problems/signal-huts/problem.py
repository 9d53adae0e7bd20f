"""Signal Huts: pairs within a Manhattan distance, by a turned grid and a sliding window.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 4
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4 4\n0 0\n2 1\n5 2\n1 6\n",
    "5 5\n3 3\n0 7\n7 1\n6 4\n4 0\n",
)

HUTS = 70_000
REACH = 99_999


def generate(random: Random, size: float) -> str:
    """Scatter huts over the plain or over few crowded crossings, for a short, middling or long walk."""
    huts = min(HUTS, random.randint(1, 8) + int(HUTS * size**3))
    reach = min(REACH, random.choice((2, 6)) + int(REACH * size))
    if size < 0.9 and random.random() < 0.4:
        reach = min(reach, 1 + int(huts**0.5) // 2)
    walk = random.choice((0, 1, reach // 50, reach // 5, reach, 2 * reach))
    if size > 0.9:
        walk = random.choice((reach // 20, reach // 3, reach, 6 * reach // 5))
    villages = [(random.randint(0, reach), random.randint(0, reach)) for _ in range(30)]
    near = max(1, min(reach // 10, int(huts**0.5) // 8))
    lines = [f"{huts} {walk}"]
    for _ in range(huts):
        x, y = random.randint(0, reach), random.randint(0, reach)
        if random.random() < 0.5:
            village = random.choice(villages)
            x = min(reach, max(0, village[0] + random.randint(-near, near)))
            y = min(reach, max(0, village[1] + random.randint(-near, near)))
        lines.append(f"{x} {y}")
    return "\n".join(lines) + "\n"


def solve(text: str) -> str:
    """Walk step by step from every hut to all crossings within reach and count the huts there."""
    _, walk, *numbers = (int(token) for token in text.split())
    huts = list(zip(numbers[::2], numbers[1::2], strict=True))
    walk = min(walk, 2 * max(numbers))
    pairs = 0
    for hut in huts:
        ring = seen = {hut}
        for _ in range(walk):
            ring = {(x + dx, y + dy) for x, y in ring for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))} - seen
            seen = seen | ring
        pairs += sum(other in seen for other in huts) - 1
    return f"{pairs // 2}\n"
