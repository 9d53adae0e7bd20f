"""Fine-tunes a language model: tokenizes the data, trains and writes the weights, all in one process.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

    python3 finetune.py --options finetune.yaml --data train.jsonl --model base --out tuned.safetensors
"""

import argparse
from pathlib import Path

from pipeline.data import make_batches, read_sequences
from pipeline.model import load_model, save_model
from pipeline.options import read_options
from pipeline.train import train


def main() -> None:
    """Nothing is written to disk but the result."""
    parser = argparse.ArgumentParser()
    for name in ("options", "data", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    paths = parser.parse_args()
    options = read_options(paths.options)
    sequences = read_sequences(paths.data, paths.model / "tokenizer.json", options)
    model = load_model(paths.model / "model.safetensors", options.tie_head)
    train(model, make_batches(sequences, options), options)
    save_model(model, paths.out)


if __name__ == "__main__":
    main()
