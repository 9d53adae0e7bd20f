"""Starting pipeline, reference and the judge's own computation are the same in all options.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import dataclasses
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
from paper_scale import check_sum
from rebench_common.protocol import InvalidSubmission
from safetensors.torch import load_file


@contextmanager
def pipeline_of(name: str, *modules: str) -> Iterator[list[ModuleType]]:
    """Import modules of the package `pipeline` of start or reference, and forget them again."""
    with mock.patch.object(sys, "path", [str(ENVIRONMENT / name), *sys.path]):
        yield [importlib.import_module(module) for module in modules]
    for module in [
        module for module in sys.modules if module.partition(".")[0] in ("pipeline", "finetune", "foundry")
    ]:
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


def test_the_papers_configurations_follow_the_options(prepared: Prepared, tmp_path: Path) -> None:
    options = dataclasses.replace(prepared.draw(0)[0].options, loss_on="all", schedule="cosine", epochs=2)
    model, data = tmp_path / "base", tmp_path / "data"
    with pipeline_of("start", "foundry.configure") as (configure,):
        start = configure.configuration(options, data, model, tmp_path / "checkpoints")
    with pipeline_of("reference", "foundry.configure") as (configure,):
        reference = configure.configuration(options, data, model)
    for config in (start, reference):
        assert (config["max_duration"], config["seed"]) == ("2ep", options.seed)
        assert config["scheduler"]["name"] == "cosine_with_warmup"
        assert config["train_loader"]["dataset"]["target_prompts"] == "all"
    same = ("optimizer", "algorithms", "scheduler", "global_train_batch_size", "precision", "max_seq_len")
    assert all(start[name] == reference[name] for name in same)
    assert "eval_loader" in start and "eval_loader" not in reference


def test_weights_of_the_paper_are_compared_by_summed_norms() -> None:
    base, right = (
        {"a": torch.zeros(4), "b": torch.zeros(2)},
        {"a": torch.full((4,), 5.0), "b": torch.zeros(2)},
    )
    assert check_sum({"a": right["a"] + 1, "b": right["b"]}, right, base, 5.3, 1) == 2.0
    for wrong in (
        base,
        {"a": right["a"] + 3, "b": right["b"]},
        {"a": right["a"] * torch.nan, "b": right["b"]},
    ):
        with pytest.raises(InvalidSubmission):
            check_sum(wrong, right, base, 5.3, 1)
