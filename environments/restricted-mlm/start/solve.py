"""Trains the model in model.py for a moment and writes model.safetensors (and sizes.json for build())."""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

STEPS = 120
BATCH_WINDOWS = 16
LEARNING_RATE = 0.001
SEED = 1


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, default=Path("/assets"))
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.assets))
    from rebench_lm.tokens import open_tokens, random_windows
    from rebench_lm.weights import save_weights
    from restricted_mlm.masking import mask_tokens
    from restricted_mlm.settings import parse_settings

    settings = parse_settings(json.loads((arguments.assets / "settings.json").read_text()))
    task = settings.task
    sizes = {"window": task.window, "token_ids": task.token_ids, "vocabulary": task.vocabulary}
    Path("sizes.json").write_text(json.dumps(sizes))
    from model import build

    torch.manual_seed(arguments.seed)
    model = build()
    text = open_tokens(arguments.assets / "train.bin")
    draw, hide = np.random.default_rng(arguments.seed), torch.Generator().manual_seed(arguments.seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    for step in range(1, arguments.steps + 1):
        windows = random_windows(text, BATCH_WINDOWS, task.window, draw)
        tokens, hidden = mask_tokens(windows, settings.mask_token, hide)
        # The head is the larger part of the work, so it is computed for the hidden tokens only.
        loss = functional.cross_entropy(model.head(model.hidden(tokens)[hidden]), windows[hidden])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 20 == 0 or step == arguments.steps:
            print(f"step {step} of {arguments.steps}: loss {loss.item():.3f}", flush=True)
    save_weights(Path("model.safetensors"), model)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
