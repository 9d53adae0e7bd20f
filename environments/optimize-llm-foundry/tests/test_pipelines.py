"""Starting pipeline, reference and the judge's own computation are the same in all options.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest
import torch
from compare import differences
from foundry_support import ENVIRONMENT, SMALL, Prepared, run_pipeline
from jobs import Job, to_jsonl, to_yaml
from safetensors.torch import load_file


@contextmanager
def pipeline_of(name: str, *modules: str) -> Iterator[list[ModuleType]]:
    """Import modules of the package `pipeline` of start or reference, and forget them again."""
    with mock.patch.object(sys, "path", [str(ENVIRONMENT / name), *sys.path]):
        yield [importlib.import_module(module) for module in modules]
    for module in [module for module in sys.modules if module.partition(".")[0] in ("pipeline", "finetune")]:
        del sys.modules[module]


def start_in_one_process(job_folder: Path, base: Path) -> None:
    stages = ("pipeline.convert", "pipeline.train", "pipeline.export")
    with pipeline_of("start", *stages) as (convert, train, export):
        names = ("finetune.yaml", "shards", "checkpoints", "tuned.safetensors")
        options, shards, checkpoints, out = (job_folder / name for name in names)
        train.WORKERS = 0
        for module, arguments in (
            (convert, (options, job_folder / "train.jsonl", base / "tokenizer.json", shards)),
            (train, (options, shards, base / "model.safetensors", checkpoints)),
            (export, (options, checkpoints, out)),
        ):
            with mock.patch.object(sys, "argv", ["", *map(str, arguments)]):
                module.main()


def reference_in_one_process(job_folder: Path, base: Path) -> None:
    with pipeline_of("reference", "finetune") as (finetune,):
        arguments = ["", "--options", job_folder / "finetune.yaml", "--data", job_folder / "train.jsonl"]
        arguments += ["--model", base, "--out", job_folder / "tuned.safetensors"]
        with mock.patch.object(sys, "argv", [str(argument) for argument in arguments]):
            finetune.main()


def write(job: Job, folder: Path) -> Path:
    folder.mkdir()
    (folder / "finetune.yaml").write_text(to_yaml(job.options))
    (folder / "train.jsonl").write_bytes(to_jsonl(job.examples).encode())
    return folder


@pytest.mark.parametrize("run", [start_in_one_process, reference_in_one_process])
def test_they_give_what_the_judge_expects(run, prepared: Prepared, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    for seed in range(2):
        for index, job in enumerate(prepared.draw(seed)):
            folder = write(job, tmp_path / f"{seed}-{index}")
            run(folder, prepared.judge / "base")
            weights = load_file(folder / "tuned.safetensors")
            found = differences(weights, prepared.expected(job), prepared.base)
            assert max(found.values()) < SMALL["tolerance"] / 5, (job.options, found)


def test_the_start_does_so_in_its_processes(prepared: Prepared, tmp_path: Path) -> None:
    job = prepared.draw(5)[0]
    weights = run_pipeline(ENVIRONMENT / "start", job, prepared.judge / "base", tmp_path / "job")
    assert max(differences(weights, prepared.expected(job), prepared.base).values()) < SMALL["tolerance"] / 5


def test_the_options_of_the_file_are_those_the_judge_draws(prepared: Prepared) -> None:
    with pipeline_of("start", "pipeline.options") as (options,):
        default = options.read_options(ENVIRONMENT / "start" / "finetune.yaml")
        assert vars(default).keys() == vars(prepared.draw(0)[0].options).keys()
