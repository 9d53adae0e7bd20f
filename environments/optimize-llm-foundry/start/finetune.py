"""Fine-tunes a language model: converts the data, trains, exports the weights.

    python3 finetune.py --options finetune.yaml --data train.jsonl --model base --out tuned.safetensors

`--model` is a folder with `model.safetensors` and `tokenizer.json`. With a `config.json` it is in Hugging
Face's layout and trained by LLM Foundry (the paper's scale), else by `pipeline`.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GPUS = 4


def run(module: str, *arguments: str | Path) -> None:
    """Run one stage in a process of its own and wait for it."""
    subprocess.run([sys.executable, "-m", module, *map(str, arguments)], cwd=HERE, check=True)


def run_pipeline(options: Path, data: Path, model: Path, out: Path, folder: Path) -> None:
    """Run our own pipeline's stages one after the other."""
    shards, checkpoints = folder / "shards", folder / "checkpoints"
    run("pipeline.convert", options, data, model / "tokenizer.json", shards)
    run("pipeline.train", options, shards, model / "model.safetensors", checkpoints)
    run("pipeline.export", options, checkpoints, out)


def run_foundry(options: Path, data: Path, model: Path, out: Path, folder: Path) -> None:
    """Run the same stages around LLM Foundry."""
    converted, checkpoints, configuration = folder / "data", folder / "checkpoints", folder / "train.yaml"
    run("foundry.convert", data, converted)
    run("foundry.configure", options, converted, model, checkpoints, configuration)
    composer = ["composer", "-n", str(GPUS), "-c", "llmfoundry", "train", str(configuration)]
    subprocess.run(composer, cwd=HERE, check=True)
    run("foundry.export", model, checkpoints, out)


def main() -> None:
    """Run all stages."""
    parser = argparse.ArgumentParser()
    for name in ("options", "data", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    paths = {name: path.resolve() for name, path in vars(parser.parse_args()).items()}
    stages = run_foundry if (paths["model"] / "config.json").exists() else run_pipeline
    with tempfile.TemporaryDirectory() as folder:
        stages(**paths, folder=Path(folder))


if __name__ == "__main__":
    main()
