"""Third stage: turns the last checkpoint into a file of weights.

python3 -m pipeline.export OPTIONS CHECKPOINTS OUT
"""

import sys
from pathlib import Path

from safetensors.torch import save_file

from pipeline.checkpoint import latest_checkpoint, load_checkpoint
from pipeline.options import read_options


def main() -> None:
    """Write all parameters and buffers; a tied head is written under both of its names."""
    options_path, checkpoints, out = map(Path, sys.argv[1:])
    tensors = load_checkpoint(latest_checkpoint(checkpoints))["model"]
    if read_options(options_path).tie_head:
        tensors["lm_head.weight"] = tensors["wte.weight"]
    # A copy of each, because the format takes no two tensors that share memory.
    save_file({name: tensor.clone().contiguous() for name, tensor in tensors.items()}, out)
    print(f"exported {len(tensors)} tensors to {out}")


if __name__ == "__main__":
    main()
