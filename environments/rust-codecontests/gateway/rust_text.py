"""Rust source as tokens: what two versions of a program share when names and comments differ.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import hashlib
import random
import re
from collections.abc import Mapping

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<string>b?"(?:\\.|[^"\\])*"|b?'(?:\\[^\n]{1,8}?|[^'\\\n])')
      | (?P<lifetime>'\w+)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<number>\d[\w.]*?(?=\.\.|\.[A-Za-z_]|[^\w.]|$))
      | (?P<space>\s+)
      | (?P<sign>.)""",
    re.DOTALL | re.VERBOSE,
)
DECLARATION = re.compile(r"\b(?:let(?:\s+mut)?|for|fn)\s+(?!mut\b)([a-z_][a-z0-9_]*)")
KEPT_NAMES = frozenset(("main", "self", "mut", "ref"))
CAPTURED = re.compile(r"\{(\w+)")
SYNONYMS = (
    lambda name, index: f"{name}_{'value' if index % 2 else 'item'}",
    lambda name, index: f"my_{name}",
    lambda name, index: f"{name}{index + 1}",
    lambda name, index: f"cur_{name}",
)
"""Ways in which a writer may name things; each keeps different names different."""


def tokens(source: str) -> list[tuple[str, str]]:
    """Kind and text of each token, spaces and comments included: joined, the texts are the source."""
    return [(match.lastgroup or "sign", match.group()) for match in TOKEN.finditer(source)]


def without_comments(source: str) -> str:
    """Leave out comments, and the lines that then are empty."""
    bare = "".join(text for kind, text in tokens(source) if kind != "comment")
    return "".join(f"{line.rstrip()}\n" for line in bare.splitlines() if line.strip())


def own_names(source: str) -> list[str]:
    """Names that the program itself gives and that may be others: in order of first use.

    A name is one of them where it is declared with let, for or fn, is never a field, method, path or macro,
    and stands in no format string.
    """
    declared = set(DECLARATION.findall(without_comments(source))) - KEPT_NAMES
    meaningful = [token for token in tokens(source) if token[0] not in ("space", "comment")]
    blocked: set[str] = set()
    order: list[str] = []
    for index, (kind, text) in enumerate(meaningful):
        if kind == "string":
            blocked.update(CAPTURED.findall(text))
        if kind != "name" or text not in declared:
            continue
        before = meaningful[index - 1][1] if index else ""
        range_before = before == "." and index > 1 and meaningful[index - 2][1] == "."
        after = "".join(sign for _, sign in meaningful[index + 1 : index + 3])
        called_path = after.startswith("::") or (after[:1] == "!" and after != "!=")
        if (before == "." and not range_before) or before in (":", "{") and after[:1] == ":" or called_path:
            blocked.add(text)
        if before == ":" and index > 1 and meaningful[index - 2][1] == ":":
            blocked.add(text)
        if text not in order:
            order.append(text)
    return [name for name in order if name not in blocked]


def renamed(source: str, names: Mapping[str, str]) -> str:
    """Give other names, everywhere."""
    return "".join(names.get(text, text) if kind == "name" else text for kind, text in tokens(source))


def fingerprint(source: str) -> str:
    """Return what stays the same when names, comments and spaces change."""
    numbered = {name: f"#{index}" for index, name in enumerate(own_names(source))}
    kept = [
        numbered.get(text, text) if kind == "name" else text
        for kind, text in tokens(source)
        if kind not in ("space", "comment")
    ]
    return hashlib.sha256("\0".join(kept).encode()).hexdigest()[:24]


def disguised(source: str, chance: random.Random) -> str:
    """Write the same program in another hand. Lines stay lines."""
    names = own_names(source)
    taken = {text for kind, text in tokens(source) if kind == "name"}
    style = chance.choice(SYNONYMS)
    new_names: dict[str, str] = {}
    for index, name in enumerate(names):
        fresh = style(name, index)
        if chance.random() < 0.5 and fresh not in taken:
            new_names[name] = fresh
            taken.add(fresh)
    text = renamed(without_comments(source), new_names)
    if chance.random() < 0.4:
        text = re.sub(r"(?m)^((?:    )+)", lambda match: "  " * (len(match.group()) // 4), text)
    return text
