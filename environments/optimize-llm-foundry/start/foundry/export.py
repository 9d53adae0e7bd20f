"""Third stage: turns Composer's last checkpoint into a file of weights under the base model's names.

python3 -m foundry.export MODEL CHECKPOINTS OUT
"""

import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file


def main() -> None:
    """Read the whole checkpoint, optimizer state included, and keep the weights."""
    model, checkpoints, out = map(Path, sys.argv[1:])
    # Composer's own file, which holds more than tensors.
    state = torch.load(checkpoints / "latest-rank0.pt", map_location="cpu", weights_only=False)
    weights = state["state"]["model"]
    with safe_open(model / "model.safetensors", "pt") as base:
        names = list(base.keys())
    save_file({name: weights[f"model.transformer.{name}"].float().contiguous() for name in names}, out)


if __name__ == "__main__":
    main()
