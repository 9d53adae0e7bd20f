"""What a conversation shows of the coder's own earlier program, and whether it is true.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

Words alone show nothing. A compiler error counts when it is the one that this very program gives, with the
line it quotes; a failed case when the program, run here, does answer it wrongly with what was said it
printed, and what was said to be right is right; slowness when the program is slow.
"""

import re
import resource
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from habits import Situation
from knowledge import KnownProblem, Text
from rust_text import fingerprint, without_comments

MOST_CASES = 8
MOST_CASE_CHARS = 8_000
RUN_SECONDS = 2
RUN_MEMORY_BYTES = 1 << 30
RUN_OUTPUT_BYTES = 1 << 20

FENCED = re.compile(r"```[^\n]*\n(.*?)```", re.DOTALL)
BARE = re.compile(r"^(?:use |fn |struct |const |static |//|#!?\[).*^\}", re.DOTALL | re.MULTILINE)
ERROR = re.compile(r"error(?:\[E\d+\])?: ([^\n]+)")
QUOTED_LINE = re.compile(r"^\s*\d+ *\|(.*)$", re.MULTILINE)
LABELS = re.compile(
    r"(?P<expected>\bexpected\b|\bshould (?:be|have been|print)\b|\bcorrect (?:output|answer)\b)[^:\n]*:"
    r"|(?P<got>\bgot\b|\bactual\b|\bprinted\b|\bprints\b|\byour (?:program's )?output\b|\binstead\b)[^:\n]*:"
    r"|(?P<input>\binput\b|\bstdin\b)[^:\n]*:",
    re.IGNORECASE,
)
SLOW_WORDS = re.compile(r"too slow|time[ -]?limit|timed? ?out|takes? too long|took too long", re.IGNORECASE)
CRASH_WORDS = re.compile(r"panic|crash|overflow|exit|abort|signal|nothing", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """An input that a program is said to have failed."""

    text: str
    expected: str
    got: str


def situation_of(problem: KnownProblem, prompt: str) -> tuple[Situation, Text | None]:
    """Say in what situation the next answer is given, and after which own program."""
    found = own_program(problem, prompt)
    if found is None:
        return "fresh", None
    text, as_written, said = found
    if text.kind == "broken":
        return ("error" if is_genuine_error(text, as_written, said) else "fresh"), text
    if any(is_genuine_failure(problem, text, case) for case in cases(said)):
        return "failure", text
    return ("slowness" if text.kind == "slow" and SLOW_WORDS.search(said) else "fresh"), text


def own_program(problem: KnownProblem, prompt: str) -> tuple[Text, str, str] | None:
    """Find the last own program: which one it is, as it stands there, and what follows it."""
    fenced = [(match.group(1), match.end()) for match in FENCED.finditer(prompt)]
    for source, end in [
        *reversed(fenced),
        *((match.group(), match.end()) for match in BARE.finditer(prompt)),
    ]:
        text = problem.by_fingerprint.get(fingerprint(source))
        if text is not None:
            return text, source, prompt[end:]
    return None


def is_genuine_error(text: Text, as_written: str, said: str) -> bool:
    """Whether what was said holds the compiler's first words about this program, and the line they mean."""
    if text.error is None:
        return False
    lines = without_comments(as_written).splitlines()
    line = lines[min(text.error.line, len(lines) - 1)].strip()
    quoted = {quote.strip() for quote in QUOTED_LINE.findall(said)}
    messages = {nameless(message) for message in ERROR.findall(said)}
    return nameless(text.error.message) in messages and line in quoted


def nameless(message: str) -> str:
    """Return a compiler's message without the names in it, which differ from one writing to the next."""
    return re.sub(r"`[^`]*`", "`", message).strip()


def cases(said: str) -> list[Case]:
    """Read failed cases: parts labelled input, expected and got, each followed by a colon."""
    marks = list(LABELS.finditer(said))
    found: list[Case] = []
    parts: dict[str, str] = {}
    ends = [mark.start() for mark in marks[1:]] + [len(said)]
    for mark, end in zip(marks, ends, strict=False):
        label = mark.lastgroup or ""
        if label == "input":
            parts = {}
        parts[label] = content(said[mark.end() : end])
        if len(parts) == 3:
            found.append(Case(parts["input"], parts["expected"], parts["got"]))
            parts = {}
    return found[:MOST_CASES]


def content(part: str) -> str:
    """Return what stands after a label: a fenced block, or the text up to an empty line."""
    fenced = re.search(r"```[^\n]*\n(.*?)```", part, re.DOTALL)
    return (fenced.group(1) if fenced else part.strip().split("\n\n")[0]).strip("`\n ")


def is_genuine_failure(problem: KnownProblem, text: Text, case: Case) -> bool:
    """Run the program and the right one on the case."""
    if text.kind not in ("wrong", "trap") or text.program is None or len(case.text) > MOST_CASE_CHARS:
        return False
    right = run(problem.program_of("correct"), case.text)
    if right is None or right.split() != case.expected.split():
        return False
    printed = run(text.program, case.text)
    if printed is not None and printed.split() == right.split():
        return False
    has_crashed = CRASH_WORDS.search(case.got) is not None or not case.got
    return has_crashed or (printed is not None and printed.split() == case.got.split())


def run(program: Path, text: str) -> str | None:
    """Run a program of our own on an input from outside; None where it fails."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (RUN_SECONDS, RUN_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (RUN_MEMORY_BYTES, RUN_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_FSIZE, (RUN_OUTPUT_BYTES, RUN_OUTPUT_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                [program],
                input=f"{text}\n".encode(),
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=RUN_SECONDS + 1,
                preexec_fn=limit,  # noqa: PLW1509 - this process has one thread
            )
        except (subprocess.TimeoutExpired, OSError):
            return None
        output.seek(0)
        return output.read().decode(errors="replace") if done.returncode == 0 else None
