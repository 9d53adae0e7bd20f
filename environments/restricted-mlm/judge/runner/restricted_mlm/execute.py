"""Executes a checked graph, operator by operator, with nothing but the table."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from restricted_mlm.check import COMPUTE_ERRORS, CheckedGraph, references, with_tensors
from restricted_mlm.graph import TOKENS, Node
from restricted_mlm.operators import OPERATORS
from restricted_mlm.refusals import RuleError


class GraphModel:
    """A model that is a checked graph and its constants."""

    def __init__(
        self,
        checked: CheckedGraph,
        constants: Sequence[Tensor],
        device: str = "cpu",
        before_node: Callable[[], None] = lambda: None,
    ) -> None:
        """Compute once what does not depend on the tokens.

        `before_node` is called before every node and may raise to end the execution. Raises RuleError.
        """
        self._checked = checked
        self._before_node = before_node
        self._fixed = {1 + index: tensor.to(device).contiguous() for index, tensor in enumerate(constants)}
        self._run(self._fixed, varies=False)

    @torch.no_grad()
    def __call__(self, tokens: Tensor) -> Tensor:
        """Map int64 tokens [batch, window] to logits [batch, window, vocabulary]. Raises RuleError."""
        values = self._run({TOKENS: tokens.contiguous(), **self._fixed}, varies=True)
        return values[self._checked.graph.output]

    def _run(self, values: dict[int, Tensor], varies: bool) -> dict[int, Tensor]:
        graph, types, last_use = self._checked.graph, self._checked.types, self._checked.last_use
        for index, node in enumerate(graph.nodes):
            value = graph.value_of(index)
            if types[value].varies != varies:
                continue
            self._before_node()
            if value in last_use:
                values[value] = _compute(node, values)
            if varies:
                for read in set(references(node)):
                    if last_use[read] == index and types[read].varies:
                        del values[read]
        return values


def _compute(node: Node, values: dict[int, Tensor]) -> Tensor:
    try:
        result = OPERATORS[node.operator].compute(*with_tensors(node, values.__getitem__))
    except COMPUTE_ERRORS as error:
        raise RuleError(
            "execution-failed", f"{node.operator} in {node.where} failed: {str(error)[:200]}"
        ) from error
    # Every value owns exactly its elements: a small view must not keep a large tensor alive.
    if (
        not result.is_contiguous()
        or result.untyped_storage().nbytes() != result.numel() * result.element_size()
    ):
        result = result.clone(memory_format=torch.contiguous_format)
    return result
