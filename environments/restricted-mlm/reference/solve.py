"""Trains the reference and writes model.safetensors (and sizes.json for build()).

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import argparse
import json
import secrets
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

SMALL = {"width": 128, "hidden": 128, "layers": 4}
LARGE = {"width": 768, "hidden": 1536, "layers": 12}
"""For GPT-2's vocabulary."""


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, default=Path("/assets"))
    parser.add_argument("--steps", type=int, help="default: 1,500, and 40,000 for GPT-2's vocabulary")
    parser.add_argument("--batch", type=int, default=32, help="windows per step")
    parser.add_argument("--learning-rate", type=float, help="default: 0.002, GPT-2's vocabulary: 0.0006")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.assets))
    from rebench_lm.tokens import open_tokens, random_windows
    from rebench_lm.training import TrainingOptions, train
    from rebench_lm.weights import save_weights
    from restricted_mlm.masking import mask_tokens
    from restricted_mlm.settings import parse_settings

    settings = parse_settings(json.loads((arguments.assets / "settings.json").read_text()))
    task = settings.task
    large = task.vocabulary > 10_000
    sizes = {"window": task.window, "token_ids": task.token_ids, "vocabulary": task.vocabulary}
    Path("sizes.json").write_text(json.dumps(sizes | (LARGE if large else SMALL)))
    from model import build

    torch.manual_seed(arguments.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # The model makes its padding on the default device, which is the CPU where it is exported.
    torch.set_default_device(device)
    model = build()
    text = open_tokens(arguments.assets / "train.bin")
    draw, hide = np.random.default_rng(arguments.seed), torch.Generator().manual_seed(arguments.seed)

    def loss_of(_: int) -> torch.Tensor:
        windows = random_windows(text, arguments.batch, task.window, draw)
        tokens, hidden = (part.to(device) for part in mask_tokens(windows, settings.mask_token, hide))
        logits = model.head(model.hidden(tokens)[hidden])
        return functional.cross_entropy(logits, windows.to(device)[hidden])

    def tell(done: int, loss: float) -> None:
        print(f"step {done}: loss {loss:.3f}", flush=True)

    default = 40_000 if large else 1_500
    options = TrainingOptions(
        steps=default if arguments.steps is None else arguments.steps,
        batch=arguments.batch,
        learning_rate=arguments.learning_rate or (6e-4 if large else 2e-3),
        warm_up=100,
    )
    train(model, loss_of, options, tell)
    save_weights(Path("model.safetensors"), model)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
