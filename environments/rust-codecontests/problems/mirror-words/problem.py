"""Count pairs of words where one is the other read backwards.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("5\nstop\npots\ntea\nstop\nlevel\n", "4\nab\naba\naba\nb\n")


def generate(random: Random, size: float) -> str:
    """Draw short words that meet often, long ones with planted mirrors, and lists of one word."""
    style = random.choice(["short", "short", "planted", "long", "one word"])
    words: list[str] = []
    if style == "long" and size > 0:
        letters_left = int(700_000 * size)
        while letters_left > 0 and len(words) < 100_000:
            length = min(letters_left, random.randint(1, 1000))
            words.append("".join(random.choices("ab", k=length)))
            letters_left -= length
        words += [word[::-1] for word in random.sample(words, len(words) // 8)]
        words = words[: len(words) * 8 // 10]
    else:
        count = random.randint(1, 8) if size == 0 else max(2, int(100_000 * size))
        alphabet = random.choice(["a", "ab", "abc", "abcdefghij"])
        lengths = (1, 3) if style == "short" or size == 0 else (3, 6)
        pool_size = 2 if style == "one word" else max(3, count // 2)
        pool = ["".join(random.choices(alphabet, k=random.randint(*lengths))) for _ in range(pool_size)]
        words = [random.choice(pool)[:: random.choice([1, -1])] for _ in range(count)]
    random.shuffle(words)
    return f"{len(words)}\n" + "\n".join(words) + "\n"


def solve(text: str) -> str:
    """Compare every two entries."""
    _, *words = text.split()
    pairs = sum(
        words[first] == words[second][::-1] for second in range(len(words)) for first in range(second)
    )
    return f"{pairs}\n"
