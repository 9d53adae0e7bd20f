"""Fine-tunes a language model: converts the data, trains, exports the weights.

    python3 finetune.py --options finetune.yaml --data train.jsonl --model base --out tuned.safetensors

`--model` is a folder with `model.safetensors` and `tokenizer.json`.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def run(module: str, *arguments: str | Path) -> None:
    """Run one stage in a process of its own and wait for it."""
    subprocess.run([sys.executable, "-m", module, *map(str, arguments)], cwd=HERE, check=True)


def main() -> None:
    """Run the three stages one after the other."""
    parser = argparse.ArgumentParser()
    for name in ("options", "data", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    paths = {name: path.resolve() for name, path in vars(parser.parse_args()).items()}
    with tempfile.TemporaryDirectory() as folder:
        shards, checkpoints = Path(folder, "shards"), Path(folder, "checkpoints")
        run("pipeline.convert", paths["options"], paths["data"], paths["model"] / "tokenizer.json", shards)
        run("pipeline.train", paths["options"], shards, paths["model"] / "model.safetensors", checkpoints)
        run("pipeline.export", paths["options"], checkpoints, paths["out"])


if __name__ == "__main__":
    main()
