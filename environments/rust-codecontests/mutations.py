"""Spoils a correct program the way a hasty writer does, so that it does not compile.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

These are candidates: `prepare.py` keeps those that the compiler refuses.
"""

import re
from collections.abc import Iterator


def _replace_each(source: str, pattern: str, replacement: str) -> Iterator[str]:
    for match in re.finditer(pattern, source, re.MULTILINE):
        yield source[: match.start()] + match.expand(replacement) + source[match.end() :]


def _without_last_brace(source: str) -> Iterator[str]:
    if "}" in source:
        at = source.rindex("}")
        yield source[:at] + source[at + 1 :]


MUTATIONS = {
    "missing-import": lambda source: _replace_each(source, r"^use [^\n]+\n", ""),
    "missing-mut": lambda source: _replace_each(source, r"\blet mut (\w+)", r"let \1"),
    "undeclared-variable": lambda source: _replace_each(
        source, r"\blet (mut )?([a-z]\w{2,})\b(?= *[:=])", r"let \1new_\2"
    ),
    "type-mismatch": lambda source: _replace_each(source, r" as (?:usize|i64|u64|i32|u32)\b", ""),
    "wrong-type": lambda source: _replace_each(source, r": (Vec<)?(?:i64|u64|usize)\b", r": \1i16"),
    "moved-value": lambda source: _replace_each(source, r"(\bin |[(,] *)&(?:mut )?(?=[a-z])", r"\1"),
    "missing-semicolon": lambda source: _replace_each(source, r"^( +let [^\n]+);$", r"\1"),
    "missing-brace": _without_last_brace,
}
"""Each kind of mistake: from a source, all the places where it can be made."""
