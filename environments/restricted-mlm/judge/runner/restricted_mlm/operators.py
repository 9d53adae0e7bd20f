"""All operators there are. What is not in this table cannot be executed, and so needs no prohibition.

Each is named as `torch.export` names it. Tensors are float32 (numbers) or int64 (ids: tokens and constant
positions), always contiguous when an operator gets them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

Kind = Literal[
    "float",  # a float32 tensor
    "operand",  # a float32 tensor or a finite number
    "tensor",  # a tensor of either type: only moved, never computed with
    "tensors",  # a list of tensors of one type
    "table",  # a float32 tensor that does not depend on the tokens
    "ids",  # an int64 tensor
    "fixed ids",  # an int64 tensor that does not depend on the tokens
    "number",  # a finite number
    "integer",
    "optional integer",
    "integers",
    "optional integers",
    "flag",
]


@dataclass(frozen=True)
class Operator:
    """One operator: the kinds of its arguments, and how it is computed."""

    name: str
    arguments: tuple[Kind, ...]
    compute: Callable[..., Tensor]
    contracted: int | None = None
    """Of a matrix product: the argument whose last dimension is summed over."""


def _as_strided(x: Tensor, size: Sequence[int], stride: Sequence[int], offset: int | None) -> Tensor:
    """Read from the contiguous `x` only; torch itself would read whatever its memory holds."""
    offset = offset or 0
    if len(size) != len(stride) or min(size, default=1) < 1 or min(*stride, offset, 0) < 0:
        raise ValueError("sizes have to be positive, and strides and the offset must not be negative")
    last = offset + sum((count - 1) * step for count, step in zip(size, stride, strict=True))
    if last >= x.numel():
        raise ValueError(f"it reads up to element {last} of a tensor of {x.numel()} elements")
    return torch.as_strided(x, size, stride, offset)


def _sum(x: Tensor, dimensions: Sequence[int] | None, keep: bool) -> Tensor:
    return torch.sum(x, dimensions, keepdim=keep)


def _constant_pad(x: Tensor, widths: Sequence[int], value: float) -> Tensor:
    if len(widths) % 2 or len(widths) > 2 * x.dim():
        raise ValueError("widths come in pairs, at most one pair per dimension")
    return torch.constant_pad_nd(x, widths, value)


_COMPUTING = (
    Operator("aten.add.Tensor", ("operand", "operand", "number"), lambda a, b, k: torch.add(a, b, alpha=k)),
    Operator("aten.sub.Tensor", ("operand", "operand", "number"), lambda a, b, k: torch.sub(a, b, alpha=k)),
    Operator("aten.mul.Tensor", ("operand", "operand"), torch.mul),
    Operator("aten.neg.default", ("float",), torch.neg),
    Operator("aten.relu.default", ("float",), torch.relu),
    Operator("aten.sum.dim_IntList", ("float", "optional integers", "flag"), _sum),
    Operator("aten.mm.default", ("float", "float"), torch.mm, contracted=0),
    Operator("aten.bmm.default", ("float", "float"), torch.bmm, contracted=0),
    Operator(
        "aten.addmm.default",
        ("float", "float", "float", "number", "number"),
        lambda c, a, b, beta, alpha: torch.addmm(c, a, b, beta=beta, alpha=alpha),
        contracted=1,
    ),
    Operator(
        "aten.embedding.default",
        ("table", "ids", "integer", "flag", "flag"),
        lambda table, ids, *_: torch.embedding(table, ids),
    ),
    Operator("aten.constant_pad_nd.default", ("float", "integers", "number"), _constant_pad),
)
_MOVING = (
    Operator("aten.view.default", ("tensor", "integers"), torch.reshape),
    Operator("aten.permute.default", ("tensor", "integers"), torch.permute),
    Operator("aten.expand.default", ("tensor", "integers", "flag"), lambda x, size, _: x.expand(size)),
    Operator("aten.repeat.default", ("tensor", "integers"), lambda x, counts: x.repeat(counts)),
    Operator("aten.unsqueeze.default", ("tensor", "integer"), torch.unsqueeze),
    Operator("aten.squeeze.dims", ("tensor", "integers"), torch.squeeze),
    Operator("aten.select.int", ("tensor", "integer", "integer"), torch.select),
    Operator(
        "aten.slice.Tensor",
        ("tensor", "integer", "optional integer", "optional integer", "integer"),
        torch.ops.aten.slice.Tensor,
    ),
    Operator("aten.cat.default", ("tensors", "integer"), torch.cat),
    Operator("aten.flip.default", ("tensor", "integers"), torch.flip),
    Operator("aten.diagonal.default", ("tensor", "integer", "integer", "integer"), torch.diagonal),
    Operator("aten.unfold.default", ("tensor", "integer", "integer", "integer"), lambda x, *a: x.unfold(*a)),
    Operator("aten.as_strided.default", ("tensor", "integers", "integers", "optional integer"), _as_strided),
    Operator("aten.index_select.default", ("tensor", "integer", "fixed ids"), torch.index_select),
)
OPERATORS = {operator.name: operator for operator in (*_COMPUTING, *_MOVING)}
