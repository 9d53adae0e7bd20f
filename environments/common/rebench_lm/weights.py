"""Weights as safetensors: written plainly; read from a stranger only where exactly what was asked for."""

import json
import math
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

HEADER_LIMIT_BYTES = 1024 * 1024
_DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


@dataclass(frozen=True)
class TensorSpec:
    """What a tensor has to be."""

    shape: tuple[int, ...]
    dtype: torch.dtype = torch.float32


class WeightsError(Exception):
    """A file of weights is not what was asked for. The text is safe to show and names the remedy."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        """Lower-case words joined by hyphens."""
        self.message = message


def save_weights(path: Path, model: nn.Module) -> None:
    """Write all parameters and buffers of a model; one that has two names is written under both."""
    save_file({name: t.detach().cpu().contiguous().clone() for name, t in model.state_dict().items()}, path)


def specs_of(model: nn.Module) -> dict[str, TensorSpec]:
    """Return name, shape and type of every tensor of a model."""
    return {name: TensorSpec(tuple(t.shape), t.dtype) for name, t in model.state_dict().items()}


def read_weights(path: Path, specs: Mapping[str, TensorSpec]) -> dict[str, torch.Tensor]:
    """Read a file that must hold exactly these tensors, finite, side by side and nothing else.

    Our own reader, because a library accepts more than that. Raises WeightsError.
    """
    name = path.name
    needed = sum(_size_bytes(spec) for spec in specs.values())
    content = _read_capped(path, 8 + HEADER_LIMIT_BYTES + needed)
    if len(content) < 8:
        _refuse("not-safetensors", f"{name} has {len(content)} bytes: too short for a safetensors file.")
    length = int.from_bytes(content[:8], "little")
    if length > min(HEADER_LIMIT_BYTES, len(content) - 8):
        _refuse(
            "not-safetensors",
            f"{name} is no safetensors file (its header would have {length:,} bytes). "
            "Write it with safetensors.torch.save_file.",
        )
    header = _parse_header(name, content[8 : 8 + length])
    _check_names(name, header, specs)
    data = memoryview(content)[8 + length :]
    tensors: dict[str, torch.Tensor] = {}
    spans: list[tuple[int, int]] = []
    for key, spec in specs.items():
        begin, end = _check_entry(name, key, header[key], spec, len(data))
        spans.append((begin, end))
        raw = np.frombuffer(data[begin:end], dtype=np.uint8).copy()
        # A view of no bytes is an error.
        flat = torch.from_numpy(raw).view(spec.dtype) if len(raw) > 0 else torch.empty(0, dtype=spec.dtype)
        tensors[key] = flat.reshape(spec.shape)
    _check_spans(name, spans, len(data))
    for key, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            _refuse("not-finite", f"{name}: {key} holds NaN or infinite values.")
    return tensors


def _read_capped(path: Path, limit: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        _refuse("missing-file", f"There is no file {path.name}.")
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        _refuse("missing-file", f"{path.name} cannot be opened as a regular file: {reason}.")
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        # Before Python opens it, which fails for a folder.
        os.close(descriptor)
        _refuse("missing-file", f"{path.name} is not a regular file.")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > limit:
            _refuse(
                "too-large",
                f"{path.name} has {status.st_size:,} bytes; what is asked for needs at most {limit:,}.",
            )
        return file.read(limit)


def _parse_header(name: str, text: bytes) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("a key comes twice")
        return dict(pairs)

    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        _refuse("not-safetensors", f"{name}: the safetensors header is not JSON with each name once.")
    if not isinstance(header, dict):
        _refuse("not-safetensors", f"{name}: the safetensors header is not a JSON object.")
    header.pop("__metadata__", None)
    return header


def _check_names(name: str, header: Mapping[str, Any], specs: Mapping[str, TensorSpec]) -> None:
    missing = sorted(specs.keys() - header.keys())
    extra = sorted(header.keys() - specs.keys())
    if missing:
        _refuse("missing-tensors", f"{name} lacks {_some(missing)}.")
    if extra:
        _refuse("extra-tensors", f"{name} holds tensors that are not asked for: {_some(extra)}.")


def _check_entry(name: str, key: str, entry: Any, spec: TensorSpec, available: int) -> tuple[int, int]:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        _refuse("not-safetensors", f"{name}: the header's entry of {key} is malformed.")
    if entry["dtype"] != _NAMES[spec.dtype]:
        # A list has no hash to look it up by.
        found = entry["dtype"] if entry["dtype"] in list(_DTYPES) else "of another type"
        _refuse("wrong-dtype", f"{name}: {key} is {found}; it has to be {_NAMES[spec.dtype]}.")
    if not _are_counts(entry["shape"]) or tuple(entry["shape"]) != spec.shape:
        found = entry["shape"] if _are_counts(entry["shape"]) and len(entry["shape"]) < 8 else "another"
        _refuse("wrong-shape", f"{name}: {key} has the shape {found}; it has to be {list(spec.shape)}.")
    offsets = entry["data_offsets"]
    if not _are_counts(offsets) or len(offsets) != 2 or offsets[1] > available:
        _refuse("not-safetensors", f"{name}: the data of {key} lies outside the file.")
    if offsets[1] - offsets[0] != _size_bytes(spec):
        _refuse("not-safetensors", f"{name}: the data of {key} is not as long as its shape needs.")
    return offsets[0], offsets[1]


def _check_spans(name: str, spans: list[tuple[int, int]], available: int) -> None:
    """No gap, no overlap, nothing behind the last one: the file is these tensors and nothing else."""
    place = 0
    for begin, end in sorted(spans):
        if begin != place:
            what = "share bytes" if begin < place else "leave a gap"
            _refuse("not-safetensors", f"{name}: tensors {what} in the file.")
        place = end
    if place != available:
        _refuse("not-safetensors", f"{name}: {available - place:,} bytes follow the last tensor.")


def _are_counts(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is int and 0 <= item < 2**53 for item in value)


def _size_bytes(spec: TensorSpec) -> int:
    return math.prod(spec.shape) * torch.empty((), dtype=spec.dtype).element_size()


def _some(names: list[str]) -> str:
    # A stranger's names: short, few, and without control characters.
    shown = [repr(name[:60])[1:-1] for name in names[:5]]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _refuse(reason: str, message: str) -> NoReturn:
    raise WeightsError(reason, message)
