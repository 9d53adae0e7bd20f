"""Reads `generation.json`, and refuses whatever is not exactly three numbers within their limits.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from rebench_common.protocol import InvalidSubmission
from rebench_lm.generation import SamplingOptions

NAME = "generation.json"
SIZE_LIMIT_BYTES = 4096
NUMBER_LIMIT_CHARS = 32


def read_settings(path: Path, parameters: Mapping[str, Any]) -> SamplingOptions:
    """Read how the submitted model wants to be sampled. Raises InvalidSubmission."""
    try:
        value = json.loads(
            _read_capped(path).decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_parse_integer,
            parse_float=_parse_float,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError):
        _refuse("not-json", f"{NAME} is not one JSON object in UTF-8.")
    if not isinstance(value, dict) or value.keys() != {"temperature", "top_k", "max_new_tokens"}:
        _refuse(
            "wrong-keys",
            f'{NAME} has to be one object with exactly "temperature", "top_k" and "max_new_tokens".',
        )
    temperature, hottest = value["temperature"], parameters["maxTemperature"]
    # bool is a kind of int.
    if type(temperature) not in (int, float) or not 0 <= temperature <= hottest:
        _refuse("temperature-out-of-range", f"temperature has to be a number from 0 to {hottest}.")
    return SamplingOptions(
        temperature=float(temperature),
        top_k=_count("top_k", value["top_k"], int(parameters["maxTopK"])),
        max_new_tokens=_count("max_new_tokens", value["max_new_tokens"], int(parameters["maxNewTokens"])),
    )


def _count(key: str, value: Any, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        _refuse(
            f"{key.replace('_', '-')}-out-of-range",
            f"{key} has to be a whole number from 1 to {most}, without a point.",
        )
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        _refuse("duplicate-keys", f"{NAME} has the same key twice.")
    return dict(pairs)


def _parse_integer(literal: str) -> int:
    _check_length(literal)
    return int(literal)


def _parse_float(literal: str) -> float:
    _check_length(literal)
    return float(literal)


def _check_length(literal: str) -> None:
    if len(literal) > NUMBER_LIMIT_CHARS:
        _refuse("long-number", f"{NAME} has a number of more than {NUMBER_LIMIT_CHARS} characters.")


def _refuse_constant(_: str) -> NoReturn:
    _refuse("not-finite", f"{NAME} has NaN or Infinity, which is no JSON.")


def _read_capped(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        _refuse("missing-file", f"There is no file {NAME} in the workspace.")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        _refuse("missing-file", f"{NAME} is not a regular file.")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(SIZE_LIMIT_BYTES + 1)
    if len(content) > SIZE_LIMIT_BYTES:
        _refuse("too-large", f"{NAME} has more than {SIZE_LIMIT_BYTES:,} bytes.")
    return content


def _refuse(reason: str, message: str) -> NoReturn:
    raise InvalidSubmission(reason, message)
