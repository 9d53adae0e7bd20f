"""Loads what is submitted: `model.py` with `build()`, and its weights in `model.safetensors`.

It runs submitted code, so it runs where submissions run.
"""

import importlib.util
import sys
import traceback
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from restricted_mlm.refusals import refuse

CODE_FILE = "model.py"
WEIGHTS_FILE = "model.safetensors"
_ERROR_CHARS = 3_000


def load_submission(folder: Path) -> nn.Module:
    """Import, build, and load the weights. Raises RuleError."""
    for name in (CODE_FILE, WEIGHTS_FILE):
        if not (folder / name).is_file():
            refuse("missing-file", f"There is no file {name} in the workspace.")
    model = _build(folder)
    try:
        weights = load_file(folder / WEIGHTS_FILE)
    except (SafetensorError, OSError, ValueError) as error:
        refuse("not-safetensors", f"{WEIGHTS_FILE} is no safetensors file: {str(error)[:300]}")
    wanted = model.state_dict()
    missing, extra = sorted(wanted.keys() - weights.keys()), sorted(weights.keys() - wanted.keys())
    if missing or extra:
        refuse(
            "wrong-tensors",
            f"{WEIGHTS_FILE} has to hold the state_dict() of what build() returns. "
            f"Missing: {', '.join(missing[:5]) or 'none'}. Not asked for: {', '.join(extra[:5]) or 'none'}.",
        )
    for name, tensor in wanted.items():
        if weights[name].shape != tensor.shape or weights[name].dtype != tensor.dtype:
            refuse(
                "wrong-tensors",
                f"{WEIGHTS_FILE}: {name} is {weights[name].dtype} of shape {list(weights[name].shape)}; the "
                f"model has {tensor.dtype} of shape {list(tensor.shape)}.",
            )
    model.load_state_dict(weights)
    return model.eval()


def _build(folder: Path) -> nn.Module:
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location("model", folder / CODE_FILE)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["model"] = module
        spec.loader.exec_module(module)
        model = module.build()
    except Exception:
        refuse("build-failed", f"{CODE_FILE} raised an exception:\n{traceback.format_exc()[-_ERROR_CHARS:]}")
    finally:
        sys.path.remove(str(folder))
    if not isinstance(model, nn.Module):
        refuse("build-failed", "build() has to return a torch.nn.Module.")
    if any(tensor.device != torch.device("cpu") for tensor in model.state_dict().values()):
        refuse("build-failed", "build() has to return a model on the CPU.")
    return model
