"""River Mouth: sums with a cap, from the leaves of a tree to its root.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 1
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4\n1 12\n1 4 3\n1 2 8\n3 5 6\n",
    "3\n0 5\n1 2 4\n2 1 7\n",
)

STATIONS = 50_000
LITRES = 10**5


def generate(random: Random, size: float) -> str:
    """Draw long chains, bushes and stars; beds from dry to wide."""
    count = min(STATIONS, random.randint(1, 7) + int(STATIONS * size**3))
    litres = min(LITRES, 6 + int(LITRES * size))
    back = random.choice((1, 2, 5, count)) if size < 0.9 else random.choice((1, 1, 1, 2))
    dry = random.choice((0.0, 0.0, 0.3))
    bed = litres if random.random() < 0.5 else max(1, litres // 2)
    lines = [str(count)]
    for i in range(1, count + 1):
        spring = 0 if random.random() < 0.1 else random.randint(0, litres)
        carries = 0 if random.random() < dry and i > count // 4 else random.randint(bed // 2, bed)
        to = [] if i == 1 else [random.randint(max(1, i - back), i - 1)]
        lines.append(" ".join(map(str, [*to, spring, carries])))
    return "\n".join(lines) + "\n"


def solve(text: str) -> str:
    """Send the water of one spring after another down to the sea, as much as the beds have left."""
    lines = [[int(token) for token in line.split()] for line in text.splitlines()[1:]]
    left = [line[-1] for line in lines]
    sea = 0
    for i in range(len(lines)):
        path = [i]
        while path[-1] != 0:
            path.append(lines[path[-1]][0] - 1)
        amount = min(lines[i][-2], *(left[station] for station in path))
        for station in path:
            left[station] -= amount
        sea += amount
    return f"{sea} {sum(line[-2] for line in lines) - sea}\n"
