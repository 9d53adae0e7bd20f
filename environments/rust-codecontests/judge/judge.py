"""Scores a scaffold: the share of held-out problems that the programs it comes up with solve.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from generation import Generated, check_import, generate
from problems import HiddenTest, Problem, is_right, load_problems, parse_parameters, pick_tests
from rebench_common.protocol import InvalidSubmission, JudgeRequest, Scored
from sealed_program import Limits, SealedProgram

RESERVE_SECONDS = 5.0

OUTCOMES = {
    "no-program": "gave no program",
    "compile": "do not compile",
    "crashed": "crashed",
    "slow": "took too long",
    "output": "printed too much",
    "wrong": "gave a wrong answer",
    "out-of-time": "were not judged, since the scoring ran out of time",
}
"""How a problem can go unsolved, and how the agent is told."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Verdict:
    """What became of one problem."""

    outcome: str
    """`solved`, or one of `OUTCOMES`."""
    tests_passed: int
    slowest_seconds: float


def score(request: JudgeRequest) -> Scored:
    """Score one snapshot."""
    parameters = parse_parameters(request.parameters)
    if not (request.snapshot / "solution.py").is_file():
        raise InvalidSubmission("missing-file", "There is no file solution.py in the workspace.")
    check_import(request.runner, parameters.import_limit_seconds)
    chance = random.Random(request.seed)
    problems = load_problems(request.assets)
    chance.shuffle(problems)
    tests = {problem.name: pick_tests(problem, parameters.tests_per_problem, chance) for problem in problems}

    def left() -> float:
        return request.remaining_seconds() - RESERVE_SECONDS

    def ask(problem: Problem) -> Generated:
        most = max(0.0, min(parameters.problem_limit_seconds, left()))
        return generate(request.runner, problem.public, most, parameters.source_limit_bytes)

    def judge(pair: tuple[Problem, Generated]) -> Verdict:
        problem, generated = pair
        if generated.source is None:
            return Verdict("no-program", 0, 0.0)
        limits = Limits(
            parameters.compile_limit_seconds,
            problem.time_limit_seconds,
            problem.memory_limit_mib,
            parameters.output_limit_bytes,
        )
        with SealedProgram(request.runner, limits) as program:
            return try_program(program, generated.source, problem, tests[problem.name], left)

    # One stage after the other: a program's time is not to depend on what a submission does beside it.
    generated = at_once(ask, problems, parameters.problems_at_once)
    verdicts = at_once(judge, list(zip(problems, generated, strict=True)), parameters.problems_at_once)
    solved = sum(verdict.outcome == "solved" for verdict in verdicts)
    return Scored(
        raw=solved / len(problems),
        message=describe(solved, [verdict.outcome for verdict in verdicts]),
        details={
            "problems": {
                problem.name: {
                    "outcome": verdict.outcome,
                    "testsPassed": verdict.tests_passed,
                    "slowestSeconds": round(verdict.slowest_seconds, 3),
                    "generationSeconds": round(made.seconds, 3),
                }
                for problem, made, verdict in zip(problems, generated, verdicts, strict=True)
            }
        },
    )


def at_once(work: Callable[[Item], Result], items: Sequence[Item], threads: int) -> list[Result]:
    """Do the same with all items, so many at the same time; results in the order of the items."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))


def try_program(
    program: SealedProgram,
    source: bytes,
    problem: Problem,
    tests: Sequence[HiddenTest],
    left: Callable[[], float],
) -> Verdict:
    """Compile a source and run it on test after test until one fails."""
    if left() <= 0:
        return Verdict("out-of-time", 0, 0.0)
    compiled = program.compile(source, left())
    if compiled.status != "ok":
        return Verdict("compile" if left() > 0 else "out-of-time", 0, 0.0)
    slowest = 0.0
    for passed, test in enumerate(tests):
        if left() <= 0:
            return Verdict("out-of-time", passed, slowest)
        execution = program.run(test.text, left())
        slowest = max(slowest, execution.cpu_seconds)
        if execution.status != "ok":
            return Verdict(execution.status, passed, slowest)
        if not is_right(problem, test, execution.output):
            return Verdict("wrong", passed, slowest)
    return Verdict("solved", len(tests), slowest)


def describe(solved: int, outcomes: Sequence[str]) -> str:
    """Say how many were solved and how the others failed; nothing about which."""
    counts = Counter(outcomes)
    failures = [f"{counts[kind]} {words}" for kind, words in OUTCOMES.items() if counts[kind]]
    rest = f" Of the others, {', '.join(failures)}." if failures else ""
    return f"Solved {solved} of {len(outcomes)} problems: {solved / len(outcomes):.4f}.{rest}"
