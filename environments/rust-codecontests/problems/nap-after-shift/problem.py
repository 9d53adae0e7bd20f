"""Nap After Shift: weighted intervals with a rest that depends on the interval.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 3
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "3\n0 2 5\n3 5 4\n7 8 3\n",
    "4\n8 9 4\n1 3 6\n2 4 5\n5 8 7\n",
)

SHIFTS = 25_000
HOUR = PAY = 10**9


def generate(random: Random, size: float) -> str:
    """Draw short shifts, long shifts and shifts that begin just when one wakes up from another."""
    shifts = min(SHIFTS, random.randint(1, 8) + int(SHIFTS * size**3))
    last = min(HOUR, random.choice((8, 20)) + int(HOUR * size))
    pay = min(PAY, random.choice((1, 9)) + int(PAY * size))
    longest = max(1, last // random.choice((3, 10, max(1, shifts), max(1, shifts // 20))))
    if size > 0.9:
        longest = last // (shifts // random.choice((20, 100)))
    offers: list[tuple[int, int, int]] = []
    while len(offers) < shifts:
        start = random.randrange(last)
        if offers and random.random() < 0.5:
            before = random.choice(offers)
            wake = 3 * before[1] - 2 * before[0]
            start = wake if wake < last else start
        end = min(last, start + random.randint(1, longest))
        if random.random() < 0.02:
            start, end = max(0, last - random.randint(1, 1 + last // 4)), last
        offers.append((start, end, random.randint(1, pay)))
    random.shuffle(offers)
    return "\n".join([str(shifts), *(f"{s} {e} {p}" for s, e, p in offers)]) + "\n"


def solve(text: str) -> str:
    """Try every set of shifts."""
    numbers = [int(token) for token in text.split()][1:]
    offers = sorted(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))
    best = 0
    for chosen in range(1 << len(offers)):
        awake = earned = 0
        for i, (start, end, pay) in enumerate(offers):
            if chosen >> i & 1:
                if start < awake:
                    break
                awake = end + 2 * (end - start)
                earned += pay
        else:
            best = max(best, earned)
    return f"{best}\n"
