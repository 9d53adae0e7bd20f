"""Count stones of a border and an inside, in whole packs.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 1
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("3\n8 6 2 10 4\n5 9 1 4 3\n6 6 3 7 2\n", "2\n10 3 1 5 8\n1000 700 20 8 9\n")


def generate(random: Random, size: float) -> str:
    """Draw courtyards with borders from thin to wider than the courtyard, and packs from 1 to huge."""
    count = random.randint(1, 3) if size == 0 else max(5, int(2000 * size))
    limit = 12 if size == 0 else random.choice([30, 10**6, 10**9, 10**9])
    lines = [str(count)]
    for _ in range(count):
        width, length = random.randint(1, limit), random.randint(1, limit)
        half = max(1, min(width, length) // 2)
        near_half = half + random.randint(-1, 1)
        wanted = random.choice([1, random.randint(1, half), near_half, random.randint(1, limit)])
        thickness = min(max(wanted, 1), limit)
        packs = [random.choice([1, random.randint(1, 10), random.randint(1, limit)]) for _ in range(2)]
        lines.append(f"{width} {length} {thickness} {packs[0]} {packs[1]}")
    return "\n".join(lines) + "\n"


def solve(text: str) -> str:
    """Count the stones one by one."""
    numbers = list(map(int, text.split()))[1:]
    lines = []
    for start in range(0, len(numbers), 5):
        width, length, thickness, red_pack, grey_pack = numbers[start : start + 5]
        stones = [
            min(column, width - 1 - column, row, length - 1 - row) >= thickness
            for column in range(min(width, 2000))
            for row in range(min(length, 2000))
        ]
        red, grey = stones.count(False), stones.count(True)
        lines.append(f"{len(range(0, red, red_pack))} {len(range(0, grey, grey_pack))}")
    return "\n".join(lines) + "\n"
