"""Runs one experiment and notes it in experiments.jsonl: python3 experiment.py --width 16 --steps 400."""

import argparse
import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Train, validate, print, note."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--assets", type=Path, default=Path("/assets"))
    parser.add_argument("--notes", type=Path, default=Path("experiments.jsonl"))
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.assets))
    import torch
    from recipe import TooExpensiveError, run_experiment
    from task import count_flops, load_task

    torch.set_num_threads(arguments.threads)
    started = time.monotonic()
    try:
        loss = run_experiment(
            arguments.assets,
            arguments.width,
            arguments.steps,
            arguments.seed,
            lambda done, loss: print(f"step {done}: training loss {loss:.4f}", flush=True),
        )
    except TooExpensiveError as error:
        sys.exit(f"Not run: {error}.")
    note = {
        "width": arguments.width,
        "steps": arguments.steps,
        "seed": arguments.seed,
        "flops": count_flops(load_task(arguments.assets), arguments.width, arguments.steps),
        "loss": loss,
        "seconds": round(time.monotonic() - started, 1),
    }
    with arguments.notes.open("a", encoding="utf-8") as file:
        file.write(json.dumps(note) + "\n")
    print(json.dumps(note))


if __name__ == "__main__":
    main()
