"""Choose a divisor that divides the largest total of lengths.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 3
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("5\n9 4 7 15 6\n", "4\n20 14 21 5\n")


def generate(random: Random, size: float) -> str:
    """Draw random ropes, multiples of one number, few distinct lengths, and ropes of one metre."""
    count = random.randint(1, 7) if size == 0 else max(1, int(140_000 * size))
    top = 30 if size == 0 else random.choice([200, 1_000_000, 1_000_000])
    styles = ["long and short", "multiples", "random", "few", "mixed", "ones"]
    style = random.choices(styles, [9, 7, 1, 1, 1, 1])[0]
    if style == "long and short":
        # More short ropes of one step, and more metres in the long ropes of another.
        many, rare = random.sample([2, 3, 5, 7], 2)
        long_count = random.randint(count // 4, max(count // 4, count // 2 - 1))
        tenth = max(1, top // 10)
        ropes = [many * random.randint(1, max(1, tenth // many)) for _ in range(count - long_count)]
        ropes += [top - top % rare - rare * random.randint(0, tenth // rare) for _ in range(long_count)]
    elif style == "multiples":
        step = 4 * random.randint(1, top // 24)
        ropes = [step * random.randint(1, top // step) for _ in range(count)]
    elif style == "few":
        kinds = [random.randint(1, top) for _ in range(3)]
        ropes = random.choices(kinds, k=count)
    elif style == "mixed":
        step = random.choice([6, 12, 15])
        ropes = [
            random.choice([step * random.randint(1, top // step), random.randint(1, top)])
            for _ in range(count)
        ]
    elif style == "ones" and random.random() < 0.5:
        ropes = [1] * count
    else:
        ropes = [random.randint(1, top) for _ in range(count)]
    return f"{count}\n{' '.join(map(str, ropes))}\n"


def solve(text: str) -> str:
    """Try every piece length."""
    _, *ropes = map(int, text.split())
    best = (0, 0)
    for piece in range(2, max(ropes) + 1):
        best = max(best, (sum(rope for rope in ropes if rope % piece == 0), piece))
    return f"{best[0]} {best[1]}\n" if best[0] else "0 0\n"
