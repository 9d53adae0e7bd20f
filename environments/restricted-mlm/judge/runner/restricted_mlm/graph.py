"""A graph of operators as plain data, and its strict reading from a stranger's JSON.

Values are numbered: 0 is the tokens, then come the constants, then the results of the nodes in order. A node
refers to values before its own only, so no graph has cycles.
"""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from restricted_mlm.refusals import refuse

TOKENS = 0
MOST_DIMENSIONS = 12
MOST_ITEMS = 4096
"""Of a list among the arguments, and of the constants."""
_NAME_CHARS = 120
_DTYPES = {"float32": torch.float32, "int64": torch.int64}
DTYPE_NAMES = {dtype: name for name, dtype in _DTYPES.items()}
LARGEST_INTEGER = 2**40
"""Of sizes, positions and steps: small enough that no product of two overflows."""


@dataclass(frozen=True)
class Limits:
    """How large a graph may be."""

    constant_elements: int
    """Numbers in all parameters and other constants together."""
    nodes: int
    tensor_elements: int
    """Of any one tensor, for a whole batch."""
    live_elements: int
    """Of all tensors that have to be kept at one time, for a whole batch."""
    work_per_window: int
    """Multiply-adds of matrix products, plus 16 for each element an operator makes (`sum`: or reads)."""


@dataclass(frozen=True)
class Constant:
    """A parameter, buffer or other fixed tensor; the data lies elsewhere."""

    name: str
    shape: tuple[int, ...]
    dtype: torch.dtype


@dataclass(frozen=True)
class Reference:
    """An argument that is a value."""

    value: int


Argument = Reference | int | float | bool | None | tuple["Argument", ...]


@dataclass(frozen=True)
class Node:
    """One application of an operator."""

    operator: str
    arguments: tuple[Argument, ...]
    where: str
    """Module and line it comes from, as the exporter says; shown, never used."""


@dataclass(frozen=True)
class Graph:
    """A model."""

    constants: tuple[Constant, ...]
    nodes: tuple[Node, ...]
    output: int
    """The value that holds the logits."""

    def value_of(self, node: int) -> int:
        """Return the number of the value a node makes."""
        return 1 + len(self.constants) + node


def parse_graph(raw: Any, limits: Limits) -> Graph:
    """Read a graph and count its nodes and constants. Raises RuleError."""
    fields = _object(raw, {"constants", "nodes", "output"}, "the graph")
    constants = tuple(_constant(item) for item in _list(fields["constants"], MOST_ITEMS, "constants"))
    if len({constant.name for constant in constants}) != len(constants):
        refuse("malformed-graph", "Two constants have the same name.")
    elements = sum(math.prod(constant.shape) for constant in constants)
    if elements > limits.constant_elements:
        refuse(
            "too-many-parameters",
            f"The parameters and constants have {elements:,} numbers; at most {limits.constant_elements:,} "
            "are allowed. A table used twice counts once if it is the same parameter.",
        )
    nodes = _list(fields["nodes"], limits.nodes, "nodes")
    parsed = tuple(_node(item, 1 + len(constants) + index) for index, item in enumerate(nodes))
    output = _value(fields["output"], 1 + len(constants) + len(parsed))
    return Graph(constants, parsed, output)


def encode_graph(graph: Graph) -> dict[str, Any]:
    """Turn a graph into what `parse_graph` reads."""
    return {
        "constants": [
            {"name": c.name, "dtype": str(c.dtype).removeprefix("torch."), "shape": list(c.shape)}
            for c in graph.constants
        ],
        "nodes": [
            {
                "operator": node.operator,
                "arguments": [_encode(argument) for argument in node.arguments],
                "where": node.where,
            }
            for node in graph.nodes
        ],
        "output": graph.output,
    }


def _encode(argument: Argument) -> Any:
    if isinstance(argument, Reference):
        return {"value": argument.value}
    return [_encode(item) for item in argument] if isinstance(argument, tuple) else argument


def _constant(raw: Any) -> Constant:
    fields = _object(raw, {"name", "dtype", "shape"}, "a constant")
    if not isinstance(fields["name"], str) or not isinstance(fields["dtype"], str):
        refuse("malformed-graph", "A constant has no name or type.")
    name, dtype = _one_line(fields["name"]), _DTYPES.get(fields["dtype"])
    if dtype is None:
        found = _one_line(fields["dtype"])
        refuse(
            "wrong-dtype", f"{name} is {found}: numbers are float32 and indices int64. Convert it in build()."
        )
    shape = _list(fields["shape"], MOST_DIMENSIONS, "dimensions of a constant")
    if not all(type(size) is int and 0 < size <= LARGEST_INTEGER for size in shape):
        refuse("malformed-graph", "The shape of a constant is not a list of sizes.")
    return Constant(name, tuple(shape), dtype)


def _node(raw: Any, value: int) -> Node:
    fields = _object(raw, {"operator", "arguments", "where"}, "a node")
    operator, where = fields["operator"], fields["where"]
    if not isinstance(operator, str) or not isinstance(where, str):
        refuse("malformed-graph", "A node has no operator or place.")
    arguments = _list(fields["arguments"], 16, "arguments of a node")
    return Node(
        _one_line(operator), tuple(_argument(argument, value, 0) for argument in arguments), _one_line(where)
    )


def _argument(raw: Any, before: int, depth: int) -> Argument:
    if raw is None or type(raw) is bool:
        return raw
    if type(raw) is int and abs(raw) <= LARGEST_INTEGER:
        return raw
    if type(raw) is float:
        if not math.isfinite(raw):
            refuse("not-finite", "A number in the model is infinite or NaN: use finite constants.")
        return raw
    if isinstance(raw, dict):
        return Reference(_value(_object(raw, {"value"}, "a reference")["value"], before))
    if isinstance(raw, list) and depth == 0:
        return tuple(_argument(item, before, 1) for item in _list(raw, MOST_ITEMS, "items of a list"))
    return refuse("malformed-graph", "An argument is neither a value, a number, a flag nor a list of them.")


def _value(raw: Any, before: int) -> int:
    if type(raw) is not int or not 0 <= raw < before:
        refuse("malformed-graph", "A reference points at no earlier value.")
    return raw


def _object(raw: Any, keys: set[str], what: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or raw.keys() != keys:
        refuse("malformed-graph", f"{what} is not an object with exactly the keys {', '.join(sorted(keys))}.")
    return raw


def _list(raw: Any, most: int, what: str) -> list[Any]:
    if not isinstance(raw, list):
        refuse("malformed-graph", f"The {what} are not a list.")
    if len(raw) > most:
        refuse("graph-too-large", f"The graph has {len(raw):,} {what}; at most {most:,} are allowed.")
    return raw


def _one_line(text: str) -> str:
    """Make a stranger's text safe to show: one short line of printable characters."""
    kept = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return kept[:_NAME_CHARS]
