"""Turns a PyTorch module into a graph and its constants, through `torch.export`.

It runs where submissions run, and forbids nothing: an operator that is not in the table goes into the graph
by its name, and the check refuses it. What does not depend on the tokens is computed here, whatever operators
it takes: it becomes a constant.
"""

import operator
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.export.graph_signature import InputKind, OutputKind

from restricted_mlm.graph import LARGEST_INTEGER, Argument, Constant, Graph, Node, Reference
from restricted_mlm.operators import OPERATORS
from restricted_mlm.refusals import refuse

_SAME = {"aten.clone.default", "aten.alias.default", "aten.detach.default", "aten.lift_fresh_copy.default"}
_REWRITTEN = {*_SAME, "aten.index.Tensor", "aten._to_copy.default"}
_ERROR_CHARS = 1_500


def export_model(model: nn.Module, batch: int, window: int) -> tuple[Graph, list[Tensor]]:
    """Export a module for int64 tokens of exactly [batch, window]. Raises RuleError."""
    tokens = torch.zeros(batch, window, dtype=torch.int64)
    try:
        program = torch.export.export(model.eval(), (tokens,), strict=False)
        program = program.run_decompositions(_decompositions())
    except Exception as error:
        text = f"{type(error).__name__}: {error}"[:_ERROR_CHARS]
        cause = (
            "The forward pass decides by values of tensors, which is not allowed: use relu or constant masks."
            if "data-dependent" in text
            else "torch.export could not turn the model into a graph."
        )
        refuse("export-failed", f"{cause} It said:\n{text}")
    changed = {**program.graph_signature.buffers_to_mutate, **program.graph_signature.user_inputs_to_mutate}
    if changed:
        refuse(
            "changes-state",
            f"The forward pass changes {', '.join(sorted(changed.values()))[:200]}. Buffers and "
            "tokens have to stay as they are.",
        )
    return _Exporter(program).export()


def _decompositions() -> dict[Any, Callable[..., Any]]:
    def split_with_sizes(x: Tensor, sizes: list[int], dim: int = 0) -> list[Tensor]:
        starts = [sum(sizes[:index]) for index in range(len(sizes))]
        return [x.narrow(dim, start, size) for start, size in zip(starts, sizes, strict=True)]

    return {
        **torch.export.default_decompositions(),
        torch.ops.aten.split_with_sizes.default: split_with_sizes,
    }


class _Exporter:
    """One export: nodes of torch's graph become ours as they are needed."""

    def __init__(self, program: torch.export.ExportedProgram) -> None:
        self._program = program
        self._constants: dict[str, Tensor] = {}
        self._nodes: list[Node] = []
        self._varying: set[fx.Node] = set()
        self._given: dict[fx.Node, Tensor] = {}
        self._evaluated: dict[fx.Node, Any] = {}
        self._names: dict[fx.Node, str] = {}
        # Ours count downwards while the number of constants is not known: -1 is the first node.
        self._values: dict[fx.Node, int] = {}
        self._by_memory: dict[tuple[Any, ...], int] = {}

    def export(self) -> tuple[Graph, list[Tensor]]:
        """Return the graph and the data of its constants."""
        self._sort_inputs()
        specs = self._program.graph_signature.output_specs
        wanted = {spec.arg.name for spec in specs if spec.kind == OutputKind.USER_OUTPUT}
        output: list[fx.Node] = []
        for node in self._program.graph.nodes:
            if node.op == "output":
                output = [
                    value for value in node.args[0] if isinstance(value, fx.Node) and value.name in wanted
                ]
            elif node.op == "call_function" and self._depends_on_tokens(node):
                self._varying.add(node)
        if len(specs) - sum(spec.kind == OutputKind.TOKEN for spec in specs) != 1 or len(output) != 1:
            refuse("wrong-output", "forward has to return one tensor, the logits.")
        result = self._value(output[0])
        base = 1 + len(self._constants)
        nodes = [Node(n.operator, tuple(_shift(a, base) for a in n.arguments), n.where) for n in self._nodes]
        constants = tuple(Constant(name, tuple(t.shape), t.dtype) for name, t in self._constants.items())
        graph = Graph(constants, tuple(nodes), _shift(Reference(result), base).value)
        return graph, list(self._constants.values())

    def _sort_inputs(self) -> None:
        placeholders = {node.name: node for node in self._program.graph.nodes if node.op == "placeholder"}
        for spec in self._program.graph_signature.input_specs:
            node = placeholders[spec.arg.name]
            if spec.kind == InputKind.USER_INPUT:
                self._varying.add(node)
                self._values[node] = 0
            else:
                stored = self._program.state_dict.get(spec.target, self._program.constants.get(spec.target))
                if isinstance(stored, Tensor):
                    self._given[node] = stored.detach()
                    self._names[node] = str(spec.target)

    def _depends_on_tokens(self, node: fx.Node) -> bool:
        # A tensor of the same shape, filled with a number, has nothing of the other's values.
        same_shape = str(node.target) == "aten.full_like.default"
        return not same_shape and any(read in self._varying for read in node.all_input_nodes)

    def _value(self, node: fx.Node) -> int:
        """Return our number for torch's value, making what it needs."""
        for needed in self._missing(node):
            self._values[needed] = self._make(needed)
        return self._values[node]

    def _missing(self, node: fx.Node) -> list[fx.Node]:
        """Nodes without a number that `node` needs, itself included, each after what it reads."""
        order: list[fx.Node] = []
        seen: set[fx.Node] = set()
        stack = [(node, False)]
        while stack:
            current, ready = stack.pop()
            if ready:
                order.append(current)
            elif current not in seen and current not in self._values:
                seen.add(current)
                stack.append((current, True))
                stack.extend((read, False) for read in reversed(self._needs(current)))
        return order

    def _needs(self, node: fx.Node) -> list[fx.Node]:
        """Return what has to be made before a node."""
        if not self._is_emitted(node):
            return []
        if str(node.target) in OPERATORS or str(node.target) in _REWRITTEN:
            return node.all_input_nodes
        # Refused by its name; before it there may be others to be named.
        return [read for read in node.all_input_nodes if read in self._varying]

    def _is_emitted(self, node: fx.Node) -> bool:
        """Whether a node stays an operator: all that vary, and of the fixed ones those in the table."""
        return node in self._varying or (node.op == "call_function" and str(node.target) in OPERATORS)

    def _make(self, node: fx.Node) -> int:
        if not self._is_emitted(node):
            return self._add_constant(
                self._evaluate(node), self._names.get(node, f"{node.name} in {_place(node)}")
            )
        name = str(node.target)
        if node.target is operator.getitem:
            # One of the results of an operator that has several: all of those are refused.
            return self._values[node.all_input_nodes[0]]
        if name in _SAME or (name == "aten._to_copy.default" and _keeps_type(node)):
            return self._values[node.all_input_nodes[0]]
        if name == "aten.index.Tensor":
            return self._make_index(node)
        bound = _bind(node)
        if bound is None and name in OPERATORS:
            refuse(
                "forbidden-operator",
                f"{name} in {_place(node)} has arguments that are not allowed (such as dtype): drop them.",
            )
        if bound is None:
            # Refused by its name; what it reads does not matter.
            return self._add_node(name, (), node)
        return self._add_node(name, tuple(self._argument(argument) for argument in bound), node)

    def _make_index(self, node: fx.Node) -> int:
        """Write x[:, constant] as index_select, and table[ids] as embedding."""
        source, indices = node.args[0], list(node.args[1])
        present = [(place, index) for place, index in enumerate(indices) if index is not None]
        if len(present) != 1 or present[0][1].meta["val"].dtype != torch.int64:
            return self._add_node("aten.index.Tensor", (), node)
        place, index = present[0]
        if index in self._varying:
            if place != 0 or source.meta["val"].dim() != 2:
                return self._add_node("aten.index.Tensor", (), node)
            arguments = (Reference(self._values[source]), Reference(self._values[index]), -1, False, False)
            return self._add_node("aten.embedding.default", arguments, node)
        positions = self._evaluate(index)
        positions = torch.where(positions < 0, positions + source.meta["val"].shape[place], positions)
        flat = Reference(self._add_constant(positions.flatten(), f"{index.name} in {_place(node)}"))
        picked = self._add_node(
            "aten.index_select.default", (Reference(self._values[source]), place, flat), node
        )
        shape = tuple(int(size) for size in node.meta["val"].shape)
        return (
            picked
            if positions.dim() == 1
            else self._add_node("aten.view.default", (Reference(picked), shape), node)
        )

    def _argument(self, argument: Any) -> Argument:
        if isinstance(argument, fx.Node):
            return Reference(self._values[argument])
        if isinstance(argument, list | tuple):
            return tuple(self._argument(item) for item in argument)
        if type(argument) is int:
            # "To the end" is 2^63 - 1 in torch.
            return max(-LARGEST_INTEGER, min(LARGEST_INTEGER, argument))
        return argument

    def _add_node(self, name: str, arguments: tuple[Argument, ...], node: fx.Node) -> int:
        self._nodes.append(Node(name, arguments, _place(node)))
        return -len(self._nodes)

    def _add_constant(self, tensor: Any, name: str) -> int:
        if not isinstance(tensor, Tensor):
            refuse("export-failed", "The model holds a constant that is not a tensor.")
        # A parameter under two names is one constant.
        memory = (tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tensor.stride())
        if memory not in self._by_memory:
            unique = name[:100] if name[:100] not in self._constants else f"constant {len(self._constants)}"
            self._constants[unique] = tensor
            self._by_memory[memory] = len(self._constants)
        return self._by_memory[memory]

    def _evaluate(self, node: fx.Node) -> Any:
        """Compute a value that does not depend on the tokens."""
        if node in self._given:
            return self._given[node]
        if node not in self._evaluated:
            if node.op != "call_function":
                refuse("export-failed", f"The model holds {node.name[:100]}, which is no tensor.")
            if torch.Tag.nondeterministic_seeded in getattr(node.target, "tags", ()):
                refuse(
                    "random", f"{node.target} in {_place(node)} draws at random: make constants in build()."
                )
            if str(node.target) == "aten.full_like.default":
                made = node.meta["val"]
                self._evaluated[node] = torch.full(tuple(made.shape), node.args[1], dtype=made.dtype)
            else:
                args, kwargs = fx.node.map_arg((node.args, node.kwargs), self._evaluate)
                with torch.no_grad():
                    self._evaluated[node] = node.target(*args, **kwargs)
        return self._evaluated[node]


def _bind(node: fx.Node) -> list[Any] | None:
    """Return a node's arguments as the table has them, defaults filled in; None where it cannot say them."""
    rule = OPERATORS.get(str(node.target))
    if rule is None or not isinstance(node.target, torch._ops.OpOverload):
        return None
    bound: list[Any] = []
    for index, argument in enumerate(node.target._schema.arguments):
        given = (
            node.args[index]
            if index < len(node.args)
            else node.kwargs.get(argument.name, argument.default_value)
        )
        if index < len(rule.arguments):
            bound.append(given)
        elif given != argument.default_value:
            return None
    return bound


def _keeps_type(node: fx.Node) -> bool:
    return node.meta["val"].dtype == node.all_input_nodes[0].meta["val"].dtype


def _shift(argument: Argument, base: int) -> Argument:
    if isinstance(argument, Reference) and argument.value < 0:
        return Reference(base - argument.value - 1)
    return tuple(_shift(item, base) for item in argument) if isinstance(argument, tuple) else argument


def _place(node: fx.Node) -> str:
    """Say where in the submission a node comes from: module path, file and line."""
    modules = [path for path, _ in (node.meta.get("nn_module_stack") or {}).values() if path]
    module = modules[-1] if modules else "the model"
    frames = re.findall(r'File "([^"]*)", line (\d+)', node.meta.get("stack_trace") or "")
    own = [(path, line) for path, line in frames if "/torch/" not in path]
    return f"{module} ({Path(own[-1][0]).name}, line {own[-1][1]})" if own else module
