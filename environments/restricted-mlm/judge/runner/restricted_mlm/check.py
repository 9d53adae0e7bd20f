"""Whether a graph keeps the rules: every node in the table, every argument of its kind, every size in bounds.

Shapes come from running each operator of the table on torch's `meta` tensors, which have no data.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from restricted_mlm.graph import (
    DTYPE_NAMES,
    MOST_DIMENSIONS,
    TOKENS,
    Argument,
    Graph,
    Limits,
    Node,
    Reference,
)
from restricted_mlm.operators import OPERATORS, Kind, Operator
from restricted_mlm.refusals import RuleError, alternative_to, refuse

ELEMENT_WORK = 16
"""Multiply-adds of a matrix product that take as long as moving one element: measured, roughly."""
COMPUTE_ERRORS = (RuntimeError, ValueError, IndexError, TypeError, OverflowError, NotImplementedError)
"""What torch raises for arguments that do not fit together."""


@dataclass(frozen=True)
class Task:
    """What goes into a model and what has to come out."""

    batch: int
    """Windows at a time; always exactly so many."""
    window: int
    """Tokens of a window."""
    token_ids: int
    """Token ids, the mask included, are below this."""
    vocabulary: int
    """Logits per position."""


@dataclass(frozen=True)
class ValueType:
    """What is known of a value before it exists."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    varies: bool
    """Whether it depends on the tokens."""
    lowest: int = 0
    """Of ids: no element is below."""
    highest: int = 0
    """Of ids: no element is above."""

    @property
    def elements(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class CheckedGraph:
    """A graph that may be executed on a task of this size."""

    graph: Graph
    task: Task
    types: Sequence[ValueType]
    """By value."""
    last_use: Mapping[int, int]
    """By value: the last node that reads it; a value nobody reads is missing."""
    work_per_window: int
    live_elements: int


def check_graph(graph: Graph, constants: Sequence[Tensor], task: Task, limits: Limits) -> CheckedGraph:
    """Check a parsed graph with the data of its constants. Raises RuleError."""
    _check_names(graph)
    types = [ValueType((task.batch, task.window), torch.int64, True, 0, task.token_ids - 1)]
    types += [_type_of_constant(tensor) for tensor in constants]
    work = 0
    for node in graph.nodes:
        made, needed = _infer(node, types, limits)
        types.append(made)
        work += needed
    work_per_window = work // task.batch
    if work_per_window > limits.work_per_window:
        refuse(
            "too-much-work",
            f"One window takes {work_per_window:,} units of work; at most {limits.work_per_window:,} are "
            "allowed.",
        )
    wanted = (task.batch, task.window, task.vocabulary)
    output = types[graph.output]
    if output.shape != wanted or output.dtype != torch.float32:
        refuse(
            "wrong-output",
            f"The model returns {DTYPE_NAMES[output.dtype]} of shape {list(output.shape)}; it has to return "
            f"float32 logits of shape {list(wanted)} for tokens of shape {[task.batch, task.window]}.",
        )
    last_use = _last_uses(graph)
    live = _most_live(graph, types, last_use)
    if live > limits.live_elements:
        refuse(
            "too-much-memory",
            f"Tensors of {live:,} elements have to be kept at one time; at most {limits.live_elements:,} "
            f"are allowed for a batch of {task.batch}.",
        )
    return CheckedGraph(graph, task, types, last_use, work_per_window, live)


def _check_names(graph: Graph) -> None:
    places: dict[str, str] = {}
    for node in graph.nodes:
        if node.operator not in OPERATORS:
            places.setdefault(node.operator, node.where)
    if places:
        lines = [f"- {name} in {where}: {alternative_to(name)}." for name, where in list(places.items())[:6]]
        more = f"\nand {len(places) - 6} other operators." if len(places) > 6 else ""
        refuse(
            "forbidden-operator",
            "The model uses operators that are not in the allowed list:\n" + "\n".join(lines) + more,
        )


def _type_of_constant(tensor: Tensor) -> ValueType:
    if tensor.dtype == torch.int64 and tensor.numel() > 0:
        return ValueType(tuple(tensor.shape), tensor.dtype, False, int(tensor.min()), int(tensor.max()))
    return ValueType(tuple(tensor.shape), tensor.dtype, False)


def _infer(node: Node, types: Sequence[ValueType], limits: Limits) -> tuple[ValueType, int]:
    """Return the type of a node's result and its work for a batch."""
    operator = OPERATORS[node.operator]
    place = f"{node.operator} in {node.where}"
    if len(node.arguments) != len(operator.arguments):
        refuse("malformed-graph", f"{place} has {len(node.arguments)} arguments.")
    for kind, argument in zip(operator.arguments, node.arguments, strict=True):
        problem = _problem(kind, argument, types)
        if problem:
            refuse("forbidden-argument", f"{place}: {problem}")
    inputs = [types[value] for value in references(node)]
    if not inputs:
        refuse("malformed-graph", f"{place} has no tensor among its arguments.")
    _check_ids(operator, node, types, place)
    shape = _infer_shape(operator, node, types, place)
    if len(shape) > MOST_DIMENSIONS or math.prod(shape) > limits.tensor_elements:
        refuse(
            "tensor-too-large",
            f"{place} makes a tensor of {math.prod(shape):,} elements in {len(shape)} dimensions; at most "
            f"{limits.tensor_elements:,} in {MOST_DIMENSIONS} are allowed.",
        )
    made = ValueType(
        shape,
        inputs[0].dtype if operator.arguments[0] in ("tensor", "tensors") else torch.float32,
        any(value.varies for value in inputs),
        min(value.lowest for value in inputs),
        max(value.highest for value in inputs),
    )
    moved = max(
        made.elements, *(value.elements for value in inputs if operator.name == "aten.sum.dim_IntList"), 0
    )
    work = ELEMENT_WORK * moved
    if operator.contracted is not None:
        factor = node.arguments[operator.contracted]
        work += made.elements * types[factor.value].shape[-1]
    return made, work


def references(node: Node) -> list[int]:
    """Return the values a node reads, in order."""
    flat = [
        item
        for argument in node.arguments
        for item in (argument if isinstance(argument, tuple) else (argument,))
    ]
    return [item.value for item in flat if isinstance(item, Reference)]


def _problem(kind: Kind, argument: Argument, types: Sequence[ValueType]) -> str | None:
    """Say what is wrong with an argument; None if nothing is."""
    if kind == "tensors":
        if not isinstance(argument, tuple) or not argument:
            return "it needs a list of tensors."
        if not all(isinstance(item, Reference) for item in argument):
            return "its list holds something that is no tensor."
        same = len({types[item.value].dtype for item in argument}) == 1
        return None if same else "it mixes numbers and ids; they cannot be joined."
    if isinstance(argument, Reference):
        return _problem_of_tensor(kind, types[argument.value])
    plain: dict[Kind, bool] = {
        "operand": type(argument) in (int, float),
        "number": type(argument) in (int, float),
        "integer": type(argument) is int,
        "optional integer": argument is None or type(argument) is int,
        "flag": type(argument) is bool,
        "integers": _are_integers(argument),
        "optional integers": argument is None or _are_integers(argument),
    }
    return None if plain.get(kind, False) else f"an argument has to be of the kind '{kind}'."


def _problem_of_tensor(kind: Kind, found: ValueType) -> str | None:
    if kind in ("float", "operand", "table"):
        if found.dtype != torch.float32:
            return (
                "it computes with integers. Token ids may only be moved and looked up in embedding tables; "
                "constants to compute with have to be float32."
            )
        if kind == "table" and found.varies:
            return "the table depends on the tokens. Tables have to be parameters or constants."
        return None
    if kind in ("ids", "fixed ids"):
        if found.dtype != torch.int64:
            return "an index has to be int64."
        if kind == "fixed ids" and found.varies:
            return "the index depends on the tokens. Index activations with constants only."
        return None
    return None if kind == "tensor" else f"an argument has to be of the kind '{kind}', not a tensor."


def _are_integers(argument: Argument) -> bool:
    return isinstance(argument, tuple) and all(type(item) is int for item in argument)


def _check_ids(operator: Operator, node: Node, types: Sequence[ValueType], place: str) -> None:
    """No index outside what it indexes."""
    if operator.name == "aten.embedding.default":
        table, ids = (types[argument.value] for argument in node.arguments[:2])
        rows = table.shape[0] if len(table.shape) == 2 else 0
    elif operator.name == "aten.index_select.default":
        source, ids = types[node.arguments[0].value], types[node.arguments[2].value]
        dimension = node.arguments[1]
        inside = -len(source.shape) <= dimension < len(source.shape)
        rows = source.shape[dimension] if inside else 0
    else:
        return
    if ids.elements and not 0 <= ids.lowest <= ids.highest < rows:
        refuse(
            "index-out-of-range",
            f"{place}: indices from {ids.lowest} to {ids.highest} into {rows} rows. Tables for tokens need "
            "a row for every id.",
        )


def _infer_shape(operator: Operator, node: Node, types: Sequence[ValueType], place: str) -> tuple[int, ...]:
    def placeholder(value: int) -> Tensor:
        return torch.empty(types[value].shape, dtype=types[value].dtype, device="meta")

    try:
        return tuple(operator.compute(*with_tensors(node, placeholder)).shape)
    except COMPUTE_ERRORS as error:
        raise RuleError(
            "arguments-do-not-fit", f"{place}: its arguments do not fit together: {str(error)[:200]}"
        ) from error


def with_tensors(node: Node, tensor_of: Any) -> list[Any]:
    """Return a node's arguments with `tensor_of(value)` in place of references."""

    def one(argument: Argument) -> Any:
        if isinstance(argument, Reference):
            return tensor_of(argument.value)
        return [one(item) for item in argument] if isinstance(argument, tuple) else argument

    return [one(argument) for argument in node.arguments]


def _last_uses(graph: Graph) -> dict[int, int]:
    last_use: dict[int, int] = {}
    for index, node in enumerate(graph.nodes):
        for value in references(node):
            last_use[value] = index
    last_use[graph.output] = len(graph.nodes)
    return last_use


def _most_live(graph: Graph, types: Sequence[ValueType], last_use: Mapping[int, int]) -> int:
    """Elements kept at the worst moment: fixed values always, others from their node to their last use."""
    fixed = sum(value.elements for value in types if not value.varies)
    live = most = types[TOKENS].elements
    for index, node in enumerate(graph.nodes):
        value = graph.value_of(index)
        live += types[value].elements if types[value].varies else 0
        most = max(most, live)
        done = {read for read in references(node) if last_use[read] == index} | (
            set() if value in last_use else {value}
        )
        live -= sum(types[read].elements for read in done if types[read].varies)
    return fixed + most
