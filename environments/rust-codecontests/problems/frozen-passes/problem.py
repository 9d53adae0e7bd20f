"""Frozen Passes: bridges of a multigraph, and how many pairs each one separates.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 3
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "6 6\n1 2\n2 3\n3 1\n3 4\n4 5\n4 6\n",
    "5 4\n4 5\n1 2\n2 3\n1 3\n",
    "4 3\n4 2\n3 1\n2 3\n",
)

HUTS = 40_000
PASSES = 60_000


def generate(random: Random, size: float) -> str:
    """Draw valleys and bushes with some passes doubled and some rings closed, in one part or several."""
    huts = min(HUTS, random.randint(2, 7) + int(HUTS * size**3))
    back = random.choice((1, 2, 5, huts)) if size < 0.9 else random.choice((1, 1, 3))
    apart = random.choice((0.0, 0.2)) if size < 0.3 else random.choice((0.0, 2 / huts))
    extra = random.choice((0.0, 0.1, 0.5, 1.0)) if size < 0.9 else random.choice((0.02, 0.2))
    reach = random.choice((1, 3, huts)) if size < 0.3 else random.choice((1, 3))
    passes = []
    for i in range(1, huts):
        if random.random() >= apart:
            passes.append((random.randint(max(0, i - back), i - 1), i))
    for _ in range(int(extra * huts)):
        if random.random() < 0.3 and passes:
            passes.append(random.choice(passes))
        else:
            first = random.randrange(huts)
            second = first + random.randint(-reach, reach)
            if first != second and 0 <= second < huts:
                passes.append((first, second))
    passes = passes[:PASSES] or [(0, 1)]
    random.shuffle(passes)
    names = random.sample(range(1, huts + 1), huts)
    lines = [f"{names[u]} {names[v]}" for u, v in passes]
    return "\n".join([f"{huts} {len(lines)}", *lines]) + "\n"


def solve(text: str) -> str:
    """Count the pairs in touch with each pass left out, by repeated squaring of reachability."""
    numbers = [int(token) for token in text.split()]
    n = numbers[0]
    passes = list(zip(numbers[2::2], numbers[3::2], strict=True))

    def pairs_in_touch(frozen: int) -> int:
        touch = {(u, u) for u in range(1, n + 1)}
        for i, (u, v) in enumerate(passes):
            if i != frozen:
                touch |= {(u, v), (v, u)}
        for middle in range(1, n + 1):
            reach = [v for v in range(1, n + 1) if (middle, v) in touch]
            touch |= {(u, v) for u in range(1, n + 1) if (u, middle) in touch for v in reach}
        return (len(touch) - n) // 2

    weights = [pairs_in_touch(-1) - pairs_in_touch(i) for i in range(len(passes))]
    return f"{max(weights)} {weights.index(max(weights)) + 1} {sum(weights)}\n"
