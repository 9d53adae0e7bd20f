"""The starting solution: asks once and returns the answer as it is."""

from weak_model import ask

TEMPERATURE = 0.7


def generate_solution(problem: dict) -> str:
    """Return the source of a Rust program that solves the problem."""
    prompt = f"Solve this problem in Rust.\n\n{problem['statement']}"
    return ask([{"role": "user", "content": prompt}], temperature=TEMPERATURE)[0]
