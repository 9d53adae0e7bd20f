"""Find a longest stretch with twice as many S as T; any longest stretch is right.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES = ("TTSSTCSLSTT\n", "TSTL\n", "SSS\n")


def generate(random: Random, size: float) -> str:
    """Draw strings with many shares of sugar and tea, from balanced to hopeless."""
    length = random.randint(1, 12) if size == 0 else max(1, int(500_000 * size))
    letters, weights = random.choice(
        [
            ("ST", (2, 1)),
            ("STC", (2, 1, 1)),
            ("STLX", (4, 2, 1, 1)),
            ("ST", (1, 1)),
            ("ST", (3, 1)),
            ("ST", (1, 60)),
        ]
    )
    text = "".join(random.choices(letters, weights, k=length))
    if random.random() < 0.4:
        # All of it is balanced, or the first third, with nothing but tea behind it.
        part = random.choice([length, length // 3, length // 3])
        packages = list("SST" * max(1, part // 4)) + random.choices("CLX", k=part // 5)
        random.shuffle(packages)
        text = "".join(packages) + "T" * (length - part)
    elif random.random() < 0.2:
        text = "".join(sorted(text, reverse=random.random() < 0.5))
    elif random.random() < 0.2:
        text = random.choice("ST") * length
    return text + "\n"


def solve(text: str) -> str:
    """Try every stretch, the longest first."""
    packages = text.strip()
    for length in range(len(packages), 0, -1):
        for start in range(len(packages) - length + 1):
            stretch = packages[start : start + length]
            if stretch.count("S") == 2 * stretch.count("T"):
                return f"{length} {start + 1}\n"
    return "0\n"


def accepts(text: str, expected: str, output: str) -> bool:
    """Accept any balanced stretch that is as long as the expected one."""
    length, *_ = expected.split()
    words = output.split(maxsplit=3)
    if length == "0" or len(words) != 2 or words[0] != length:
        return words == ["0"] and length == "0"
    if not (words[1].isascii() and words[1].isdigit() and len(words[1]) <= 9):
        return False
    packages, start = text.strip(), int(words[1]) - 1
    stretch = packages[start : start + int(length)] if start >= 0 else ""
    return len(stretch) == int(length) and stretch.count("S") == 2 * stretch.count("T")
