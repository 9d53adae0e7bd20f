"""Reads an answer, and refuses whatever is not exactly one. `prepare.py` puts this file at /assets.

The judge reads answers with it too. To check yours: `python3 /assets/answer.py answer.json`.
"""

import json
import math
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from task import Task, count_flops, load_task, steps_for

SIZE_LIMIT_BYTES = 4096
NUMBER_LIMIT_CHARS = 32
HIGHEST_LOSS = 100.0
"""In nats per token; a model that knows nothing is far below it."""


@dataclass(frozen=True)
class Answer:
    """The run that is said to be the best for its cost, and how good it is."""

    width: int
    steps: int
    loss: float
    """Predicted validation loss, in nats per token."""


class AnswerError(Exception):
    """A file is not an answer. The text is safe to show and names the remedy."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        """Lower-case words joined by hyphens."""
        self.message = message


def read_answer(path: Path, task: Task) -> Answer:
    """Read an answer file. Raises AnswerError."""
    return parse_answer(_read_capped(path), task)


def parse_answer(content: bytes, task: Task) -> Answer:
    """Turn the bytes of an answer file into an answer whose cost is the budget. Raises AnswerError."""
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_int=_parse_int,
            parse_float=_parse_float,
            parse_constant=_refuse_constant,
        )
    except AnswerError:
        raise
    except (ValueError, RecursionError):
        _refuse("not-json", "answer.json is not one JSON object in UTF-8 without a byte order mark.")
    if not isinstance(value, dict) or value.keys() != {"width", "steps", "loss"}:
        _refuse("wrong-keys", 'answer.json has to be one object with exactly "width", "steps" and "loss".')
    width = _integer("width", value["width"])
    steps = _integer("steps", value["steps"])
    loss = value["loss"]
    # bool is a kind of int.
    if type(loss) not in (int, float) or not 0 < loss < HIGHEST_LOSS:
        _refuse("loss-out-of-range", f"loss has to be a number above 0 and below {HIGHEST_LOSS:g}.")
    if not task.narrowest <= width <= task.widest or width % task.heads:
        _refuse(
            "width-out-of-range",
            f"width has to be a multiple of {task.heads} from {task.narrowest} to {task.widest}.",
        )
    flops = count_flops(task, width, steps)
    if abs(flops / task.budget_flops - 1) > task.margin_percent / 100:
        _refuse(
            "wrong-budget",
            f"width and steps cost {flops:.4g} FLOPs, which is not within {task.margin_percent:g} % of "
            f"{task.budget_flops:.4g}. With this width, steps would have to be "
            f"{steps_for(task, width, task.budget_flops)}.",
        )
    return Answer(width, steps, float(loss))


def _integer(key: str, value: Any) -> int:
    if type(value) is not int or not 1 <= value < 2**53:
        _refuse("not-an-integer", f"{key} has to be a positive integer, written without a point or exponent.")
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        _refuse("duplicate-keys", "answer.json has the same key twice.")
    return dict(pairs)


def _parse_int(literal: str) -> int:
    _check_length(literal)
    return int(literal)


def _parse_float(literal: str) -> float:
    _check_length(literal)
    value = float(literal)
    if not math.isfinite(value):
        _refuse("not-finite", "answer.json has a number that is too large.")
    return value


def _check_length(literal: str) -> None:
    if len(literal) > NUMBER_LIMIT_CHARS:
        _refuse("long-number", f"answer.json has a number of more than {NUMBER_LIMIT_CHARS} characters.")


def _refuse_constant(_: str) -> NoReturn:
    _refuse("not-finite", "answer.json has NaN or Infinity, which is no JSON.")


def _read_capped(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        _refuse("missing-file", "There is no file answer.json in the workspace.")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        _refuse("missing-file", "answer.json is not a regular file.")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(SIZE_LIMIT_BYTES + 1)
    if len(content) > SIZE_LIMIT_BYTES:
        _refuse("too-large", f"answer.json has more than {SIZE_LIMIT_BYTES:,} bytes.")
    return content


def _refuse(reason: str, message: str) -> NoReturn:
    raise AnswerError(reason, message)


if __name__ == "__main__":
    try:
        print(f"This is an answer: {read_answer(Path(sys.argv[1]), load_task(Path(__file__).parent))}")
    except AnswerError as error:
        sys.exit(f"This is no answer: {error.message}")
