"""Count pairs whose product is a perfect cube.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 4
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("5\n4 16 2 9 3\n", "6\n1 12 8 18 27 5\n")
PRIMES = [p for p in range(2, 1000) if all(p % q for q in range(2, int(p**0.5) + 1))]


def generate(random: Random, size: float) -> str:
    """Draw small numbers, cubes, smooth numbers, and primes with their squares."""
    count = random.randint(1, 8) if size == 0 else max(2, int(120_000 * size))
    top = random.choice([10, 40]) if size == 0 else random.choice([2000, 1_000_000])
    style = random.choice(["random", "cubes", "smooth", "squares", "mixed", "mixed"])
    boxes = []
    for _ in range(count):
        kind = random.choice(["random", "cubes", "smooth", "squares"]) if style == "mixed" else style
        if kind == "cubes":
            boxes.append(random.randint(1, int(top ** (1 / 3))) ** 3)
        elif kind == "squares":
            prime = random.choice([p for p in PRIMES[-40:] if p * p <= top] or PRIMES[:3])
            boxes.append(prime ** random.randint(1, 2))
        elif kind == "smooth":
            number = 1
            while number * 7 <= top and random.random() < 0.93:
                number *= random.choice([2, 3, 3, 5, 7])
            boxes.append(number)
        else:
            boxes.append(random.randint(1, top))
    return f"{count}\n{' '.join(map(str, boxes))}\n"


def solve(text: str) -> str:
    """Look for every product among the third powers."""
    _, *boxes = map(int, text.split())
    cubes = {root**3 for root in range(1, int(max(boxes) ** (2 / 3)) + 2)}
    couples = sum(boxes[i] * boxes[j] in cubes for j in range(len(boxes)) for i in range(j))
    return f"{couples}\n"
