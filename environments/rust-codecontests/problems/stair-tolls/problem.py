"""Stair Tolls: a line of states with one bit of memory.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 1
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "5\n4 1 3 -2 6\n",
    "6\n9 9 2 1 9 4\n",
    "1\n7\n",
)

STEPS = 20_000
TOLL = 10**9


def generate(random: Random, size: float) -> str:
    """Draw mostly tolls, at times mostly gains; cheap steps three apart invite a forbidden move."""
    steps = min(STEPS, random.randint(1, 9) + int(STEPS * size**3))
    highest = min(TOLL, random.choice((1, 9)) + int(TOLL * size))
    lowest = random.choice((1, 0, -1, -highest)) if size < 0.3 else random.choice((1, highest // 2, -highest))
    tolls = [random.randint(lowest, highest) for _ in range(steps)]
    if random.random() < 0.4:
        offset = random.randrange(3)
        tolls = [highest if i % 3 != offset else toll for i, toll in enumerate(tolls)]
    return f"{steps}\n{' '.join(map(str, tolls))}\n"


def solve(text: str) -> str:
    """Relax every (step, last stride) by every move until nothing changes."""
    steps, *tolls = (int(token) for token in text.split())
    least = {(0, 0): 0}
    changed = True
    while changed:
        changed = False
        for (step, last), paid in list(least.items()):
            for stride in (1, 2, 3):
                to = (step + stride, stride)
                if to[0] > steps or last == stride == 3:
                    continue
                total = paid + tolls[to[0] - 1]
                if to not in least or total < least[to]:
                    least[to] = total
                    changed = True
    return f"{min(paid for (step, _), paid in least.items() if step == steps)}\n"
