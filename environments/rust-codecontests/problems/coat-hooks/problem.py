"""Coat Hooks: the next free place on a circle, with places given back.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from random import Random

DIFFICULTY = 2
TIME_LIMIT_SECONDS = 1
MEMORY_LIMIT_MIB = 256
SAMPLES: tuple[str, ...] = (
    "5 6\n+ 4\n+ 4\n+ 4\n- 2\n+ 4\n- 4\n",
    "1 3\n+ 1\n+ 1\n- 1\n",
)

HOOKS = EVENTS = 100_000


def generate(random: Random, size: float) -> str:
    """Let in guests who all want the same few hooks; a room that fills up or has room to spare."""
    events = min(EVENTS, random.randint(1, 12) + int(EVENTS * size**3))
    if size > 0.9:
        hooks = random.randint(7 * events // 10, events)
    else:
        hooks = min(HOOKS, max(1, int(events * random.choice((0.2, 0.4, 0.7, 1.0)))))
    leaving = random.choice((0.0, 0.1, 0.3)) if size < 0.9 else random.uniform(0.02, 0.1)
    wanted = random.choice((1, 3, hooks)) if size < 0.9 else 3
    first = random.randint(1, hooks)
    lines = [f"{hooks} {events}"]
    for _ in range(events):
        if random.random() < leaving:
            lines.append(f"- {random.randint(1, hooks)}")
        else:
            lines.append(f"+ {(first + random.randrange(wanted)) % hooks + 1}")
    return "\n".join(lines) + "\n"


def solve(text: str) -> str:
    """Look for the free hook with the fewest steps among all hooks."""
    tokens = text.split()
    hooks = int(tokens[0])
    free = set(range(1, hooks + 1))
    steps = leaving = 0
    for sign, token in zip(tokens[2::2], tokens[3::2], strict=True):
        x = int(token)
        if sign == "-":
            free.add(x)
        elif free:
            hook = min(free, key=lambda hook: (hook - x) % hooks)
            steps += (hook - x) % hooks
            free.remove(hook)
        else:
            leaving += 1
    return f"{steps} {leaving}\n"
