"""Makes the ground truth: trains runs of the whole budget, from narrow and long to wide and short.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

    PYTHONPATH=environments/common python environments/scaling-law/judge/sweep.py ASSETS RESULTS \
        --widths 20 24 28 32 40 48 64 84 108 144 192 256 --seeds 0 1 2

ASSETS is what `rebench prepare scaling-law` made, RESULTS a file of judge/ground_truth. A line is written per
finished run and runs that have one are left out, so it can be stopped and started again.
"""

import argparse
import dataclasses
import datetime
import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rebench_lm.tokens import open_tokens

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "handed_out"))
from recipe import train_and_validate
from task import count_flops, load_task, steps_for

OF_THE_QUESTION = ("narrowest", "widest", "margin_percent", "experiment_flops")
"""Fields of Task that no run depends on."""


def describe_machine() -> dict[str, Any]:
    """Return where and with what the runs are made."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").open()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "processor": torch.cuda.get_device_name() if torch.cuda.is_available() else model,
        "threads": torch.get_num_threads(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }


def main() -> None:
    """Train what is missing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("assets", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--widths", type=int, nargs="+", required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    task = load_task(arguments.assets / "agent")
    whole = arguments.assets / "judge" / "train.u16"
    text = open_tokens(whole if whole.exists() else arguments.assets / "agent" / "train.u16")
    recipe = {name: value for name, value in dataclasses.asdict(task).items() if name not in OF_THE_QUESTION}
    validation = open_tokens(arguments.assets / "agent" / "validation.u16")
    if not arguments.results.exists():
        header = {"recipe": recipe, "trainTokens": len(text), "machine": describe_machine()}
        arguments.results.write_text(json.dumps(header) + "\n", encoding="utf-8")
    header, *runs = (json.loads(line) for line in arguments.results.open(encoding="utf-8"))
    if header["recipe"] != recipe:
        sys.exit(f"{arguments.results} was made with other numbers; move it away to start anew")
    done = {(run["width"], run["seed"]) for run in runs}
    for width in arguments.widths:
        for seed in arguments.seeds:
            if (width, seed) in done:
                continue
            steps = steps_for(task, width, task.budget_flops)
            started = time.monotonic()
            loss = train_and_validate(task, text, validation, width, steps, seed)
            run = {
                "width": width,
                "steps": steps,
                "seed": seed,
                "loss": loss,
                "flops": count_flops(task, width, steps),
                "seconds": round(time.monotonic() - started, 1),
                "finished": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            }
            with arguments.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(run) + "\n")
            print(run, flush=True)


if __name__ == "__main__":
    main()
