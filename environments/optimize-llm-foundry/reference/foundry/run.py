"""Trains with LLM Foundry and writes the weights from memory. Started once per GPU by `composer`.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

    composer -n 4 -m foundry.run OPTIONS DATA MODEL OUT

Written, never run: see the README.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from pipeline.options import read_options

from foundry.configure import configuration


def main() -> None:
    """No evaluation, no checkpoint, one worker, flash attention; weights are written from memory."""
    options_path, data, model, out = map(Path, sys.argv[1:])
    from llmfoundry.command_utils import train
    from omegaconf import OmegaConf
    from safetensors import safe_open
    from safetensors.torch import save_file

    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(data, Path(folder, "train.jsonl"))
        config = configuration(read_options(options_path), Path(folder), model)
        trainer = train(OmegaConf.create(config))
    if int(os.environ.get("RANK", "0")) == 0:
        weights = trainer.state.model.model.state_dict()
        with safe_open(model / "model.safetensors", "pt") as base:
            names = list(base.keys())
        save_file({name: weights[f"transformer.{name}"].float().cpu().contiguous() for name in names}, out)


if __name__ == "__main__":
    main()
