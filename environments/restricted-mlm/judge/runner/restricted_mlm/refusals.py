"""What a refused model is told."""

from typing import NoReturn


class RuleError(Exception):
    """A model or its graph breaks a rule. The text names the place and the remedy."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        """Lower-case words joined by hyphens."""
        self.message = message


def refuse(reason: str, message: str) -> NoReturn:
    """Raise RuleError."""
    raise RuleError(reason, message)


_ROOTS = (
    "multiplication, addition and relu are what there is: approximate it by a polynomial, or do without it"
)
_COMPARISON = "nothing may be decided by values: express it with relu, or multiply by a constant mask"
_CONVOLUTION = "cut windows with as_strided or unfold, then multiply by a matrix"
_NORMALIZATION = "scale the branches of residual blocks so that none is needed"
_WRITES = "build the new tensor with torch.cat, or add a padded one"
_INDEX = "index with constant int64 tensors only; look tokens up with torch.nn.functional.embedding"
_ALTERNATIVES = {
    "div": "multiply by a constant: write x * (1 / 8) instead of x / 8; there is no division by a tensor",
    "reciprocal": _ROOTS,
    "pow": "write x * x; there are no negative and no fractional powers",
    "linalg_vector_norm": _ROOTS,
    "mean": "multiply a sum by a constant: x.sum(d) * (1 / n)",
    "var": _NORMALIZATION,
    "exp": _ROOTS,
    "log": _ROOTS,
    "sqrt": _ROOTS,
    "rsqrt": _ROOTS,
    "tanh": "use relu",
    "sigmoid": "use relu",
    "gelu": "use relu",
    "silu": "use relu",
    "leaky_relu": "write relu(x) - 0.01 * relu(-x)",
    "hardtanh": "write relu(x) - relu(x - 6)",
    "clamp": "write relu(x) for clamp(min=0), c - relu(c - x) for clamp(max=c)",
    "maximum": "write b + relu(a - b)",
    "minimum": "write a - relu(a - b)",
    "abs": "write relu(x) + relu(-x)",
    "softmax": "attention without softmax, such as scores * (1 / n) or relu(scores) * (1 / n), is possible",
    "native_layer_norm": _NORMALIZATION,
    "native_group_norm": _NORMALIZATION,
    "native_batch_norm": "fold its fixed scale and shift into the layer before it",
    "convolution": _CONVOLUTION,
    "where": _COMPARISON,
    "masked_fill": _COMPARISON,
    "copy": _WRITES,
    "slice_scatter": _WRITES,
    "select_scatter": _WRITES,
    "index_put": _WRITES,
    "index": _INDEX,
    "gather": _INDEX,
    "scatter": _INDEX,
    "cumsum": "multiply by a constant triangular matrix",
    "native_dropout": "no randomness: use the module's training flag, which is off here",
    "_to_copy": "all numbers are float32, all ids int64; convert constants in build()",
    "_assert_async": "functional.one_hot compares: use an embedding whose table is torch.eye(n)",
}
for _name in ("eq", "ne", "lt", "le", "gt", "ge", "sign", "max", "min", "amax", "argmax", "sort", "topk"):
    _ALTERNATIVES[_name] = _COMPARISON


def alternative_to(operator: str) -> str:
    """Return what to write instead of an operator named like `aten.div.Tensor`."""
    name = (operator.split(".") + [""])[1]
    base = name.strip("_").removesuffix("_legit_no_training")
    for known in (name, base):
        if known in _ALTERNATIVES:
            return _ALTERNATIVES[known]
    return (
        "write it with linear layers, embeddings, products, sums, relu, and constant indexing and reshaping"
    )
