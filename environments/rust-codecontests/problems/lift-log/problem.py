"""Follow a lift that stops at both ends of its shaft.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 1
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = (
    "10 3 6\nU 4\nO\nO\nD 2\nO\nD 1\n",
    "5 0 5\nO\nU 9\nO\nD 4\nO\n",
)


def generate(random: Random, size: float) -> str:
    """Draw commands for shafts from two floors to the largest, with short and long moves."""
    count = random.randint(1, 10) if size == 0 else max(1, int(70_000 * size))
    top = (
        random.choice([1, 2, 7])
        if size == 0
        else random.choice([1, 50, 10**6, 10**9, 1_999_999_999, 2 * 10**9])
    )
    far = 20 if size == 0 else 2 * 10**9
    longest = random.choice([min(top, 3), top, min(2 * top, far), far])
    lines = [f"{top} {random.choice([0, top, random.randint(0, top)])} {count}"]
    for _ in range(count):
        kind = random.choice("UDO")
        lines.append(kind if kind == "O" else f"{kind} {random.randint(1, longest)}")
    return "\n".join(lines) + "\n"


def solve(text: str) -> str:
    """Move one floor at a time."""
    first, *commands = text.splitlines()
    top, floor, _ = map(int, first.split())
    opened = []
    for command in commands:
        if command == "O":
            if floor not in opened:
                opened.append(floor)
            continue
        for _ in range(int(command[2:])):
            if command[0] == "U" and floor != top:
                floor += 1
            if command[0] == "D" and floor != 0:
                floor -= 1
    return f"{floor} {len(opened)}\n"
