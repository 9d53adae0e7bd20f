"""Find the longest substring common to at least m of k strings.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

from random import Random

DIFFICULTY = 5
TIME_LIMIT_SECONDS = 2
MEMORY_LIMIT_MIB = 256
SAMPLES = (
    "3 2\nbanana\ncabana\nnab\n",
    "4 3\nxyzz\nzxyx\nqxyz\nyzq\n",
    "2 2\nabc\nde\n",
)


def generate(random: Random, size: float) -> str:
    """Draw songs of few and of many letters, with planted refrains, from two songs to thousands."""
    letters = random.randint(4, 18) if size == 0 else max(10, int(190_000 * size))
    songs_count = (
        random.randint(1, 4) if size == 0 else random.choice([2, 3, 5, 20, 300, max(1, int(5000 * size))])
    )
    needed = random.choice(
        [1, songs_count, random.randint(1, songs_count), min(2, songs_count), min(2, songs_count)]
    )
    alphabet = random.choice(["a", "ab", "ab", "abc", "abcdefghijklmnopqrstuvwxyz"])
    usual = max(1, letters // songs_count)
    refrain_length = random.randint(1, max(1, usual // 4))
    planted = ["".join(random.choices(alphabet, k=refrain_length)) for _ in range(2)]
    songs = []
    for _ in range(songs_count):
        length = random.randint(1, usual)
        song = "".join(random.choices(alphabet, k=length))
        if random.random() < 0.5:
            place = random.randint(0, length)
            song = (song[:place] + random.choice(planted) * random.randint(1, 2) + song[place:])[:usual]
        songs.append(song)
    return f"{songs_count} {needed}\n" + "\n".join(songs) + "\n"


def solve(text: str) -> str:
    """Collect the substrings of every song."""
    head, *songs = text.split("\n")[:-1]
    needed = int(head.split()[1])
    parts = [{song[i:j] for i in range(len(song)) for j in range(i + 1, len(song) + 1)} for song in songs]
    refrains = [part for part in set().union(*parts) if sum(part in one for one in parts) >= needed]
    if not refrains:
        return "0\n"
    best = min(refrains, key=lambda part: (-len(part), part))
    return f"{len(best)}\n{best}\n"
