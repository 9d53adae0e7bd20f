"""Starting solution: the corrupted model as it is, after no rounds of training.

Writes model.safetensors into the current folder.
"""

import argparse
import json
import sys
from pathlib import Path

ROUNDS = 0
STEPS_PER_ROUND = 100
WINDOWS_PER_STEP = 16
LEARNING_RATE = 0.001


def main() -> None:
    """Load, train, measure, save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--assets", type=Path, default=Path("/assets"))
    assets = parser.parse_args().assets
    # The shared code lies among the assets.
    sys.path.insert(0, str(assets))
    import numpy as np
    import torch
    from rebench_lm.evaluation import mean_next_token_loss
    from rebench_lm.gpt import Gpt, GptConfig
    from rebench_lm.tokens import open_tokens
    from rebench_lm.training import TrainingOptions, next_token_batches, train
    from rebench_lm.weights import read_weights, save_weights, specs_of

    config = GptConfig(**json.loads((assets / "models.json").read_text())["large"])
    model = Gpt(config)
    model.load_state_dict(read_weights(assets / "corrupted.safetensors", specs_of(model)))
    model.to("cuda" if torch.cuda.is_available() else "cpu")

    if ROUNDS > 0:
        options = TrainingOptions(ROUNDS * STEPS_PER_ROUND, WINDOWS_PER_STEP, LEARNING_RATE)
        text, chance = open_tokens(assets / "train.bin"), np.random.default_rng()
        loss_of = next_token_batches(model, text, config.context, options.batch, chance)
        train(model, loss_of, options, lambda done, loss: print(f"step {done}: loss {loss:.3f}", flush=True))

    validation = open_tokens(assets / "validation.bin")
    windows = 16_384 // config.context
    loss = mean_next_token_loss(model, validation, config.context, windows, 0)
    print(f"validation loss {loss:.3f} nats per token")
    save_weights(Path("model.safetensors"), model)


if __name__ == "__main__":
    main()
