"""Mail Sledge: an open tour through marked vertices of a tree.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from heapq import heappop, heappush
from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4 2\n1 2 3\n2 3 4\n2 4 6\n3 4\n",
    "5 2\n2 1 5\n3 1 2\n4 3 2\n4 5 1\n5 2\n",
    "6 1\n1 2 2\n2 3 2\n3 4 2\n1 5 2\n5 6 1\n4\n",
)

VILLAGES = 30_000
METRES = 10**6


def generate(random: Random, size: float) -> str:
    """Draw long valleys, bushes and stars; letters for few villages or for all."""
    villages = min(VILLAGES, random.randint(1, 6) + int(VILLAGES * size**3))
    metres = min(METRES, 4 + int(METRES * size))
    back = random.choice((1, 2, 10, villages)) if size < 0.9 else random.choice((1, 2, 3))
    names = [1, *random.sample(range(2, villages + 1), villages - 1)]
    lines = []
    for i in range(1, villages):
        ends = [names[i], names[random.randint(max(0, i - back), i - 1)]]
        random.shuffle(ends)
        lines.append(f"{ends[0]} {ends[1]} {random.randint(1, metres)}")
    random.shuffle(lines)
    share = random.choice((0.0, 0.3, 1.0)) if size < 0.2 else random.choice((0.001, 0.1, 0.5))
    letters = min(villages, 4 if size == 0 else villages, 1 + int(share * villages) + random.randrange(2))
    lines.append(" ".join(map(str, random.sample(range(1, villages + 1), letters))))
    return "\n".join([f"{villages} {letters}", *lines]) + "\n"


def solve(text: str) -> str:
    """Run Dijkstra over (village, set of letters delivered)."""
    numbers = [int(token) for token in text.split()]
    n, k = numbers[:2]
    trails = [tuple(numbers[i : i + 3]) for i in range(2, 3 * n - 1, 3)]
    letter = {village: 1 << i for i, village in enumerate(numbers[3 * n - 1 :])}
    queue = [(0, 1, letter.get(1, 0))]
    done = set()
    while True:
        metres, village, delivered = heappop(queue)
        if delivered == (1 << k) - 1:
            return f"{metres}\n"
        if (village, delivered) in done:
            continue
        done.add((village, delivered))
        for u, v, length in trails:
            if village in (u, v):
                to = u + v - village
                heappush(queue, (metres + length, to, delivered | letter.get(to, 0)))
