"""Check that every problem keeps its promises: `python3 check_problems.py [slug ...]`, one line per problem.

Compiles with the `rustc` of PATH and needs nothing but the standard library. Every timing is CPU time, so a
busy machine does not change the verdict. Exits with 1 if anything is wrong.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from __future__ import annotations

import importlib.util
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import ModuleType

CANARY = "REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495"
SMALL_INPUTS = 200
TEST_SETS = 8
SIZE_RANGES = ((0.0, 0.2),) * 4 + ((0.3, 0.7),) * 4 + ((1.0, 1.0),) * 4
MAX_INPUT_BYTES = 1_000_000
MAX_OUTPUT_BYTES = 200_000
SOLUTION_SHARE_OF_LIMIT = 0.2
SLOW_TIMES_LIMIT = 3
HOSTILE_OUTPUTS = (
    "", "\n", "x", "-1", "0", "1e9", "nan", "inf", "\x00", "\ud800", "١", "9" * 6000, "-" * 9, "1 " * 90_000,
)  # fmt: skip


class Problem:
    """One problem's folder with its `problem.py` imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slug = folder.name
        self.module = load_module(folder / "problem.py")

    def accepts(self, text: str, expected: str, output: str) -> bool:
        """Whether an output is right, by the problem's own rule or token by token."""
        rule = getattr(self.module, "accepts", None)
        return rule(text, expected, output) if rule else output.split() == expected.split()

    def generate(self, purpose: str, size: float) -> str:
        """One input, the same for the same purpose and size."""
        return self.module.generate(Random(f"{self.slug}/{purpose}"), size)


@dataclass(frozen=True)
class Execution:
    """What one execution of a program did; `output` is None when it crashed or was stopped."""

    output: str | None
    stopped: bool
    cpu_seconds: float
    peak_mib: float


@dataclass
class Report:
    """What is wrong with a problem, and what is worth knowing about it."""

    faults: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    def require(self, condition: bool, fault: str) -> None:
        """Note the fault unless the condition holds."""
        if not condition:
            self.faults.append(fault)


def load_module(path: Path) -> ModuleType:
    """Import a Python file by its path, leaving no bytecode behind."""
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location(f"problem_{path.parent.name.replace('-', '_')}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compile_program(source: Path, binary: Path, *options: str) -> str | None:
    """Compile one Rust source and return the complaint, None if clean; a warning counts as an error."""
    command = ["rustc", "--edition", "2021", "-O", "-D", "warnings", *options, "-o", str(binary), str(source)]
    finished = subprocess.run(command, capture_output=True, text=True)
    return None if finished.returncode == 0 else finished.stderr


def execute(binary: Path, text: str, limit_seconds: int) -> Execution:
    """Run a program on an input and stop it after so much CPU time, or a lot of wall time."""

    def limit_cpu() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limit_seconds, limit_seconds + 1))

    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as written:
        given.write(text.encode())
        given.seek(0)
        process = subprocess.Popen(
            [binary], stdin=given, stdout=written, stderr=subprocess.DEVNULL, preexec_fn=limit_cpu
        )
        timer = threading.Timer(100 * limit_seconds, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        written.seek(0)
        output = written.read().decode(errors="replace") if process.returncode == 0 else None
        stopped = process.returncode == -signal.SIGXCPU
        return Execution(output, stopped, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def check_files(problem: Problem, report: Report) -> None:
    """Check the statement, the constants and the canary lines."""
    module, folder = problem.module, problem.folder
    report.require(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", problem.slug) is not None, "slug is not a-b-c")
    statement = (folder / "statement.md").read_text()
    headings = re.findall(r"^#+ .*$", statement, re.MULTILINE)
    report.require(statement.startswith("# "), "statement.md does not begin with a title")
    report.require(
        headings[1:] == ["## Input", "## Output", "## Limits"], f"headings of statement.md: {headings}"
    )
    report.require(module.DIFFICULTY in range(1, 6), "DIFFICULTY is not 1 to 5")
    report.require(module.TIME_LIMIT_SECONDS in (1, 2), "TIME_LIMIT_SECONDS is not 1 or 2")
    report.require(module.MEMORY_LIMIT_MIB == 256, "MEMORY_LIMIT_MIB is not 256")
    report.require(len(module.SAMPLES) in (2, 3), "there are not 2 or 3 samples")
    report.require(CANARY in (module.__doc__ or ""), "problem.py has no canary in its docstring")
    for source in folder.glob("*.rs"):
        first_line = source.read_text().split("\n")[0]
        report.require(first_line.startswith("//") and CANARY in first_line, f"{source.name} has no canary")


def compile_all(problem: Problem, binaries: Path, report: Report) -> dict[str, Path]:
    """Compile every program, and the solution once more with overflow checks as `checked`."""
    sources = {source.stem: (source, ()) for source in sorted(problem.folder.glob("*.rs"))}
    report.require("solution" in sources, "solution.rs is missing")
    report.require(sum(name.startswith("wrong-") for name in sources) >= 3, "fewer than 3 wrong programs")
    sources["checked"] = (problem.folder / "solution.rs", ("-C", "overflow-checks=on"))
    programs = {}
    for name, (source, options) in sources.items():
        complaint = compile_program(source, binaries / name, *options)
        report.require(complaint is None, f"{name} does not compile cleanly: {complaint}")
        programs[name] = binaries / name
    return programs


def check_small_inputs(problem: Problem, programs: dict[str, Path], report: Report) -> None:
    """Compare the solution and the slow program with the brute force, on the samples and tiny inputs."""
    generated = [problem.generate(f"small {index}", 0.0) for index in range(SMALL_INPUTS)]
    report.require(len(set(generated)) >= SMALL_INPUTS // 4, f"{len(set(generated))} different tiny inputs")
    started = time.process_time()
    for text in (*problem.module.SAMPLES, *generated):
        right = problem.module.solve(text)
        for name in ("solution", "slow", "checked"):
            if name in programs:
                output = execute(programs[name], text, problem.module.TIME_LIMIT_SECONDS).output
                expected = output if output is not None else ""
                agree = output is not None and problem.accepts(text, expected, right)
                if not (agree and problem.accepts(text, right, expected)):
                    report.faults.append(f"{name} wrote {output!r}, brute force {right!r}, for {text!r}")
                    return
    report.facts.append(f"brute {(time.process_time() - started) / SMALL_INPUTS * 1000:.0f} ms")


class TestSets:
    """Generated tests with the solution's outputs, made when first asked for."""

    def __init__(self, problem: Problem, programs: dict[str, Path], report: Report) -> None:
        self.problem = problem
        self.programs = programs
        self.report = report
        self.known: dict[tuple[int, int], tuple[str, str]] = {}
        self.slowest_seconds = 0.0
        self.largest_bytes = 0

    def test(self, set_index: int, index: int) -> tuple[str, str]:
        """The input and expected output of one test of one set, checked against the limits."""
        key = (set_index, index)
        if key not in self.known:
            purpose = f"set {set_index} test {index}"
            size = Random(purpose).uniform(*SIZE_RANGES[index])
            text = self.problem.generate(purpose, size)
            self.known[key] = (text, self.expected_output(text, f"{purpose} of size {size:.2f}"))
            self.report.require(text == self.problem.generate(purpose, size), "generate is not deterministic")
        return self.known[key]

    def expected_output(self, text: str, label: str) -> str:
        """Run the solution on an input and check everything promised about both."""
        require, module = self.report.require, self.problem.module
        require(text.endswith("\n") and text.isascii(), f"{label}: input is not ASCII ending in a newline")
        require(len(text) <= MAX_INPUT_BYTES, f"{label}: input of {len(text)} bytes")
        execution = execute(self.programs["solution"], text, module.TIME_LIMIT_SECONDS)
        checked = execute(self.programs["checked"], text, 5 * module.TIME_LIMIT_SECONDS)
        output = execution.output or ""
        require(bool(output.strip()), f"{label}: the solution wrote nothing")
        require(len(output) <= MAX_OUTPUT_BYTES, f"{label}: output of {len(output)} bytes")
        require(checked.output == output, f"{label}: the solution overflows")
        require(execution.peak_mib <= module.MEMORY_LIMIT_MIB / 2, f"{label}: {execution.peak_mib:.0f} MiB")
        require(
            execution.cpu_seconds <= SOLUTION_SHARE_OF_LIMIT * module.TIME_LIMIT_SECONDS,
            f"{label}: the solution takes {execution.cpu_seconds:.2f} s",
        )
        self.slowest_seconds = max(self.slowest_seconds, execution.cpu_seconds)
        self.largest_bytes = max(self.largest_bytes, len(text))
        return output

    def first_failure(self, program: Path, set_index: int) -> int | None:
        """Find the first test of a set that a program does not pass; None if it passes all."""
        limit_seconds = self.problem.module.TIME_LIMIT_SECONDS
        for index in range(len(SIZE_RANGES)):
            text, expected = self.test(set_index, index)
            output = execute(program, text, limit_seconds).output
            if output is None or not self.problem.accepts(text, expected, output):
                return index
        return None


def check_wrong_programs(tests: TestSets, report: Report) -> None:
    """At least two wrong programs pass the samples, and every test set catches each of them."""
    problem, caught_at = tests.problem, []
    samples = [(text, tests.expected_output(text, "sample")) for text in problem.module.SAMPLES]
    passing = 0
    for name in (name for name in tests.programs if name.startswith("wrong-")):
        program = tests.programs[name]
        outputs = [execute(program, text, problem.module.TIME_LIMIT_SECONDS).output for text, _ in samples]
        passing += all(
            output is not None and problem.accepts(text, expected, output)
            for (text, expected), output in zip(samples, outputs, strict=True)
        )
        failures = [tests.first_failure(program, set_index) for set_index in range(TEST_SETS)]
        missed = failures.count(None)
        report.require(missed == 0, f"{name} passes {missed} of {TEST_SETS} test sets")
        caught_at.append(f"{max((index for index in failures if index is not None), default=-1) + 1}")
    report.require(passing >= 2, f"only {passing} wrong programs pass the samples")
    report.facts.append(f"wrong programs caught by test {', '.join(caught_at)} at the latest")


def check_slow_program(tests: TestSets, report: Report) -> None:
    """Check that the slow program is far over the limit on at least half of the largest tests."""
    slow = tests.programs.get("slow")
    if slow is None:
        report.facts.append("no slow program")
        return
    limit_seconds = SLOW_TIMES_LIMIT * tests.problem.module.TIME_LIMIT_SECONDS
    largest = [index for index, sizes in enumerate(SIZE_RANGES) if sizes[0] == 1.0]
    executions: list[Execution] = []
    while sum(one.stopped for one in executions) < len(largest) / 2 and len(executions) < len(largest):
        text, _ = tests.test(0, largest[len(executions)])
        executions.append(execute(slow, text, limit_seconds))
    over = sum(one.stopped for one in executions)
    taken = ", ".join(f"{one.cpu_seconds:.2f}" for one in executions)
    report.require(over >= len(largest) / 2, f"slow takes only {taken} s")
    report.facts.append(f"slow over {limit_seconds} s on {over} of the first {len(executions)}")


def check_rule(tests: TestSets, report: Report) -> None:
    """Check that the problem's own rule accepts what is expected and survives every hostile output."""
    rule = getattr(tests.problem.module, "accepts", None)
    if rule is None:
        return
    for index in range(len(SIZE_RANGES)):
        text, expected = tests.test(0, index)
        report.require(rule(text, expected, expected) is True, "accepts refuses the expected output")
        for hostile in (*HOSTILE_OUTPUTS, expected + " 1", expected + " x"):
            started = time.process_time()
            answer = rule(text, expected, hostile)
            report.require(answer in (True, False), f"accepts returns {answer!r}")
            report.require(time.process_time() - started < 1, f"accepts is slow for {hostile[:20]!r}")
    report.facts.append("own rule")


def check_problem(folder: Path, binaries: Path) -> Report:
    """Everything promised about one problem."""
    report = Report()
    try:
        problem = Problem(folder)
        check_files(problem, report)
        programs = compile_all(problem, binaries, report)
        if report.faults:
            return report
        check_small_inputs(problem, programs, report)
        tests = TestSets(problem, programs, report)
        check_wrong_programs(tests, report)
        for index in range(len(SIZE_RANGES)):
            tests.test(0, index)
        check_slow_program(tests, report)
        check_rule(tests, report)
        share = tests.slowest_seconds / problem.module.TIME_LIMIT_SECONDS
        report.facts.insert(0, f"difficulty {problem.module.DIFFICULTY}, solution {share:.0%} of the limit")
        report.facts.append(f"largest input {tests.largest_bytes / 1000:.0f} kB")
    except Exception as error:  # noqa: BLE001 - a broken problem is a finding, and the others still count
        report.faults.append(f"{type(error).__name__}: {error}")
    return report


def main(slugs: list[str]) -> int:
    """Check the named problems, or all of them."""
    problems = Path(__file__).resolve().parent
    folders = [problems / slug for slug in slugs] or sorted(p.parent for p in problems.glob("*/problem.py"))
    failed = 0
    for folder in folders:
        with tempfile.TemporaryDirectory() as binaries:
            report = check_problem(folder, Path(binaries))
        failed += bool(report.faults)
        faults = "; ".join(fault[:1000] for fault in dict.fromkeys(report.faults))
        verdict = f"WRONG: {faults}" if faults else "ok"
        print(f"{folder.name}: {verdict} ({'; '.join(report.facts)})", flush=True)
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
