"""Measures how far apart honest ways to compute a job's weights lie, and how far off what changes the result.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

    PYTHONPATH=environments/common python environments/optimize-llm-foundry/judge/measure_noise.py ASSETS \
        --parameters '{"vocabulary": 2048, …}' --pairs 3

ASSETS is the judge's folder of what `rebench prepare optimize-llm-foundry` made. Prints two tables: for every
way the largest difference of a tensor, which the tolerance limits: median and extreme over all jobs.
"""

import argparse
import functools
import json
import statistics
import sys
from pathlib import Path

import torch
from jobs import Job, draw_pair, generator, work_of
from pristine import sizes_of
from rebench_lm.tokens import open_tokens
from safetensors.torch import load_file
from tokenizers import Tokenizer
from variants import Setting, honest_variants, ignored_options, shortcuts

sys.path.append(str(Path(__file__).resolve().parent.parent / "handed_out"))
from compare import differences  # noqa: E402


def measure(setting: Setting, jobs: list[Job]) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return the largest difference of a tensor for each honest way and each shortcut, one per job."""
    honest: dict[str, list[float]] = {}
    changed: dict[str, list[float]] = {}
    for number, job in enumerate(jobs):
        right = setting.run(job)
        for name, context in honest_variants().items():
            with context:
                weights = {name: t.to(right[name].dtype) for name, t in setting.run(job).items()}
            honest.setdefault(name, []).append(max(differences(weights, right, setting.base).values()))
        ignoring = {
            f"`{option}` ignored": functools.partial(Setting.run, job=other)
            for option, other in ignored_options(job, setting.sizes.context).items()
        }
        for name, shortcut in {**ignoring, **shortcuts(job)}.items():
            weights = shortcut(setting)
            found = differences(weights, right, setting.base)
            # What only an exact comparison of integers sees is said separately.
            floats = [share for key, share in found.items() if key != "token_counts" or "buffer" in name]
            changed.setdefault(name, []).append(max(floats))
        print(f"job {number + 1} of {len(jobs)}", file=sys.stderr, flush=True)
    return honest, changed


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("assets", type=Path)
    parser.add_argument("--parameters", type=json.loads, required=True)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    base = arguments.assets / "base"
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    setting = Setting(sizes_of(arguments.parameters), load_file(base / "model.safetensors"), tokenizer)
    text, work = open_tokens(arguments.assets / "text.bin"), work_of(arguments.parameters)
    jobs = [
        job
        for pair in range(arguments.pairs)
        for job in draw_pair(generator(b"noise", pair), text, tokenizer, work)
    ]
    honest, changed = measure(setting, jobs)
    print(f"{len(jobs)} jobs\n\n| honest way | median | largest |\n|---|---|---|")
    for name, shares in honest.items():
        print(f"| {name} | {statistics.median(shares):.1e} | {max(shares):.1e} |")
    print("\n| change | smallest | median |\n|---|---|---|")
    for name, shares in changed.items():
        print(f"| {name} | {min(shares):.1e} | {statistics.median(shares):.1e} |")


if __name__ == "__main__":
    main()
