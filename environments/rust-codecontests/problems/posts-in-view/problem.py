"""Count the posts visible from at least one end of a fence.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 1
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("6\n3 5 4 9 4 6\n", "1\n7\n", "5\n2 8 8 11 10\n")


def generate(random: Random, size: float) -> str:
    """Draw random, slowly rising, mountain-shaped, flat and all-negative fences."""
    count = random.choice([1, 2, random.randint(3, 8)]) if size == 0 else max(1, int(120_000 * size))
    top = random.choice([3, 20, 1_000_000])
    style = random.choice(["random", "random", "rising", "mountain", "plateau", "equal", "negative"])
    if style == "equal":
        heights = [random.randint(-top, top)] * count
    elif style == "negative":
        heights = [-random.randint(1, top) for _ in range(count)]
    else:
        heights = [random.randint(-top, top) for _ in range(count)]
    if style == "rising":
        heights.sort(reverse=random.random() < 0.5)
    elif style in ("mountain", "plateau"):
        heights = sorted(heights[::2]) + sorted(heights[1::2], reverse=True)
    if style == "plateau":
        highest = max(heights)
        for index in random.sample(range(count), min(count, random.randint(1, 4))):
            heights[index] = highest
    return f"{count}\n{' '.join(map(str, heights))}\n"


def solve(text: str) -> str:
    """Look from every post to both sides."""
    _, *heights = map(int, text.split())
    seen = 0
    for index, height in enumerate(heights):
        left_clear = all(other < height for other in heights[:index])
        right_clear = all(other < height for other in heights[index + 1 :])
        seen += left_clear or right_clear
    return f"{seen}\n"
