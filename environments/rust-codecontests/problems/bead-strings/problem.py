"""Bead Strings: colourings without three equal neighbours, some colours given.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from itertools import product
from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "4 2\n1 0 0 0\n",
    "6 3\n2 2 0 3 1 0\n",
    "3 5\n0 0 0\n",
)

PLACES = 100_000
COLOURS = 200


def generate(random: Random, size: float) -> str:
    """Take given beads from a string that is not dull, nearly always; at times there is one colour only."""
    places = min(PLACES, random.randint(1, 5) + int(PLACES * size**3))
    colours = min(COLOURS, random.randint(1, 3) + int(COLOURS * size))
    if size > 0.2 and colours < 2:
        colours = 2
    few = random.randint(1, colours) if size < 0.9 else colours
    beads: list[int] = []
    for _ in range(places):
        bead = random.randint(1, few) if not beads or random.random() < 0.6 else beads[-1]
        if beads[-2:] == [bead, bead]:
            bead = bead % colours + 1
        beads.append(bead)
    free = random.choice((0.2, 0.5, 0.9, 1.0)) if size < 0.9 else random.choice((0.3, 0.6))
    given = [0 if random.random() < free else bead for bead in beads]
    if size < 0.2 and random.random() < 0.1:
        given = [given[0]] * places
    return f"{places} {colours}\n{' '.join(map(str, given))}\n"


def solve(text: str) -> str:
    """Try every way to fill the free places."""
    _, colours, *given = (int(token) for token in text.split())
    ways = 0
    for beads in product(*((bead,) if bead else range(1, colours + 1) for bead in given)):
        ways += all(len(set(beads[i : i + 3])) > 1 for i in range(len(beads) - 2))
    return f"{ways % 1_000_000_007}\n"
