"""Count the subsets of a range with a given exclusive or.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 5
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = (
    "4 5\n1 2 3 6\n1 4 0\n1 3 3\n2 2 2\n4 4 5\n1 4 5\n",
    "3 3\n0 4 4\n1 3 4\n2 2 4\n1 3 1\n",
)
LAMPS = 30


def draw_switches(random: Random, count: int, lamps: int) -> list[int]:
    """Draw switches from a space of few or many dimensions; new dimensions may come late."""
    dimensions = random.randint(1, lamps)
    basis = [random.getrandbits(lamps) for _ in range(dimensions)]
    style = random.choice(["all", "late", "sparse"])
    switches = []
    for place in range(count):
        known = basis[: 1 + place * dimensions // count] if style == "late" else basis
        chosen = random.sample(known, min(len(known), 1 if style == "sparse" else random.randint(0, 3)))
        number = 0
        for vector in chosen:
            number ^= vector
        switches.append(number)
    return switches


def generate(random: Random, size: float) -> str:
    """Draw long and short ranges, and patterns that are often possible."""
    count = random.randint(1, 7) if size == 0 else max(2, int(40_000 * size))
    questions = random.randint(1, 6) if size == 0 else max(2, int(18_000 * size))
    lamps = 3 if size == 0 else LAMPS
    switches = draw_switches(random, count, lamps)
    lines = [f"{count} {questions}", " ".join(map(str, switches))]
    short = random.choice([3, 40])
    share_of_short, share_of_wide = random.choice([(0.5, 0.5), (0.1, 0.8), (0.1, 0.9)])
    for _ in range(questions):
        low, high = sorted(random.randint(1, count) for _ in range(2))
        kind = random.random()
        if kind < share_of_short:
            high = min(count, low + random.randint(0, short))
        elif kind < share_of_short + share_of_wide:
            low, high = random.randint(1, 1 + count // 6), random.randint(count - count // 6, count)
        wanted = 0
        for _ in range(random.randint(0, 4)):
            wanted ^= switches[random.randint(low, high) - 1]
        if random.random() < 0.2:
            wanted = random.getrandbits(lamps)
        lines.append(f"{low} {high} {wanted}")
    return "\n".join(lines) + "\n"


def solve(text: str) -> str:
    """Count the choices for every pattern, switch by switch."""
    (_, _), switches, *questions = [tuple(map(int, line.split())) for line in text.splitlines()]
    lines = []
    for low, high, wanted in questions:
        ways = {0: 1}
        for switch in switches[low - 1 : high]:
            pressed = {pattern ^ switch: number for pattern, number in ways.items()}
            ways = {p: ways.get(p, 0) + pressed.get(p, 0) for p in {*ways, *pressed}}
        lines.append(str(ways.get(wanted, 0) % 1_000_000_007))
    return "\n".join(lines) + "\n"
