"""Crate Tower: the size of a monotonic stack whose pushes can be undone.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 3
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "10\n+ 7\n+ 3\n+ 5\n?\n-\n+ 2\n?\n+ 9\n?\n?\n",
    "7\n?\n+ 4\n+ 8\n+ 6\n?\n+ 1\n?\n",
    "6\n+ 2\n+ 2\n?\n+ 1\n+ 1\n?\n",
)

THINGS = 80_000
REPORTS = 25_000
WIDTH = 10**6


def generate(random: Random, size: float) -> str:
    """Build a tower, mostly narrowing, then put wide crates on top and take them away again."""
    things = min(THINGS, random.randint(1, 14) + int(THINGS * size**3))
    width = min(WIDTH, random.choice((1, 3, 8)) + int(WIDTH * size))
    narrowing = random.random() < 0.7 or size > 0.9
    build = random.randint(2, 5) / 10
    tower: list[int] = []
    lines = []
    reports = 0
    while len(lines) < things - 1:
        kind = random.random()
        building = len(lines) < things * build
        if kind < 0.25 and reports < REPORTS - 1:
            lines.append("?")
            reports += 1
        elif tower and kind < (0.3 if building else 0.65):
            lines.append("-")
            tower.pop()
        else:
            fitting = max(1, width - int(width * len(lines) / things))
            crate = random.randint(max(1, fitting * 999 // 1000), fitting) if narrowing and building else 0
            tower.append(crate or random.randint(1, width))
            lines.append(f"+ {tower[-1]}")
    return "\n".join([str(len(lines) + 1), *lines, "?"]) + "\n"


def solve(text: str) -> str:
    """Compare every crate with all crates above it at every report."""
    tower: list[int] = []
    reports = []
    for line in text.splitlines()[1:]:
        if line == "-":
            tower.pop()
        elif line == "?":
            reports.append(sum(all(w > above for above in tower[i + 1 :]) for i, w in enumerate(tower)))
        else:
            tower.append(int(line.split()[1]))
    return "".join(f"{report}\n" for report in reports)
