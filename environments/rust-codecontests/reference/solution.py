"""The reference: several samples, the code block of each, filtered by the public samples, and once more.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from weak_model import ModelError, ask

RUSTC = "/usr/bin/rustc"
SAMPLES_PER_REQUEST = 8
REQUESTS = 2
TEMPERATURE = 0.7
ENOUGH_SURVIVORS = 3
COMPILE_SECONDS = 10

# Names but for fields, methods, paths and number types, or anything else.
NAME_OR_OTHER = re.compile(r"(?<![.:\w])(?![iuf](?:8|16|32|64|128|size)\b)([a-z_]\w*)|(\w+|[^\w\s])")

PROMPT = """Solve this problem with a Rust program (edition 2021, standard library only) that reads standard
input and writes standard output. Answer with the whole program in one code block.

{statement}

{samples}

Time limit: {time} seconds.
"""


def generate_solution(problem: dict) -> str:
    """Return the source of a Rust program that solves the problem, or the likeliest there is."""
    messages = [{"role": "user", "content": prompt_for(problem)}]
    programs: list[str] = []
    tried: dict[tuple[str, ...], bool] = {}
    for _ in range(REQUESTS):
        try:
            answers = ask(messages, answers=SAMPLES_PER_REQUEST, temperature=TEMPERATURE)
        except ModelError:
            break
        programs += [code_block(answer) for answer in answers]
        survivors = filter_by_samples(programs[-len(answers) :], problem, tried)
        if survivors:
            return choose(survivors)
    return programs[0] if programs else "fn main() {}\n"


def prompt_for(problem: dict) -> str:
    """Write the prompt."""
    samples = "\n\n".join(
        f"Sample input {number}:\n```\n{sample['input']}```\n"
        f"Sample output {number}:\n```\n{sample['output']}```"
        for number, sample in enumerate(problem["samples"], start=1)
    )
    return PROMPT.format(statement=problem["statement"], samples=samples, time=problem["timeLimitSeconds"])


def code_block(answer: str) -> str:
    """Return the longest fenced block, or the whole answer where there is none."""
    return max(re.findall(r"```[^\n]*\n(.*?)```", answer, re.DOTALL), key=len, default=answer)


def filter_by_samples(programs: list[str], problem: dict, tried: dict[tuple[str, ...], bool]) -> list[str]:
    """Return the programs that compile and pass all samples, until there are enough.

    Programs of one shape, most likely one program in other names, are tried once.
    """
    survivors: list[str] = []
    for program in programs:
        if shape(program) not in tried:
            tried[shape(program)] = passes_samples(program, problem)
        if tried[shape(program)]:
            survivors.append(program)
        if len(survivors) == ENOUGH_SURVIVORS:
            break
    return survivors


def passes_samples(source: str, problem: dict) -> bool:
    """Compile a program and try it on the samples."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.rs").write_text(source)
        # Unoptimized, with the standard library as a shared file: that compiles fastest.
        command = [RUSTC, "--edition", "2021", "-C", "prefer-dynamic", "-o", "program", "main.rs"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=COMPILE_SECONDS)
            return done.returncode == 0 and all(
                answers(folder / "program", sample, problem["timeLimitSeconds"])
                for sample in problem["samples"]
            )
        except subprocess.TimeoutExpired:
            return False


def answers(program: Path, sample: dict, limit_seconds: float) -> bool:
    """Whether a program gives a sample's output."""
    done = subprocess.run(
        [program], input=sample["input"].encode(), capture_output=True, timeout=limit_seconds + 1
    )
    return done.returncode == 0 and done.stdout.split() == sample["output"].encode().split()


def choose(survivors: list[str]) -> str:
    """Return the survivor that most others are like."""
    shapes = Counter(shape(program) for program in survivors)
    return max(survivors, key=lambda program: shapes[shape(program)])


def shape(program: str) -> tuple[str, ...]:
    """Return what stays the same when a program's own names and its spaces change."""
    numbers: dict[str, str] = {}
    kept = []
    for word, other in NAME_OR_OTHER.findall(program):
        kept.append(numbers.setdefault(word, f"#{len(numbers)}") if word else other)
    return tuple(kept)
