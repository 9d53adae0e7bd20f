"""The judge: what it makes of honest submissions and of all others.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import os
import pickle
import shutil
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from judge import score
from qa_support import ENVIRONMENT, SMALL, Prepared, request
from rebench_common.protocol import InvalidSubmission, Scored
from rebench_common.testing import score_snapshot
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.weights import save_weights
from safetensors.torch import load_file, save_file

Weights = dict[str, torch.Tensor]
AS_THE_OPPONENTS = {"temperature": 1.0, "top_k": 50, "max_new_tokens": 24}


@pytest.fixture
def base(prepared: Prepared, tmp_path: Path) -> Path:
    """Make a workspace with the base model, sampled as the opponents are."""
    shutil.copy(prepared.agent / "base.safetensors", tmp_path / "model.safetensors")
    write_settings(tmp_path, json.dumps(AS_THE_OPPONENTS))
    return tmp_path


def write_settings(workspace: Path, text: str | bytes) -> None:
    (workspace / "generation.json").write_bytes(text.encode() if isinstance(text, str) else text)


def refusal(prepared: Prepared, workspace: Path) -> str:
    with pytest.raises(InvalidSubmission) as caught:
        score(request(prepared, workspace))
    invalid = caught.value.invalid
    assert len(invalid.message) < 500
    return invalid.reason


def load(workspace: Path) -> Weights:
    # Copies, since the file is about to be written anew under them.
    return {name: tensor.clone() for name, tensor in load_file(workspace / "model.safetensors").items()}


def change(workspace: Path, edit: Callable[[Weights], None]) -> None:
    weights = load(workspace)
    edit(weights)
    save_file(weights, workspace / "model.safetensors")


def test_the_base_model_ties_with_itself(prepared: Prepared, base: Path) -> None:
    scored = score(request(prepared, base))
    assert scored.details["winRates"]["base"] == pytest.approx(0.5, abs=0.05)
    assert scored.details["winRates"]["tuned"] < 0.5
    assert scored.raw == pytest.approx(sum(scored.details["winRates"].values()) / 2)


def test_one_seed_one_score_and_other_seeds_others_close_by(prepared: Prepared, base: Path) -> None:
    raws = [score(request(prepared, base, seed=bytes([seed]) * 32)).raw for seed in (1, 1, 2, 3, 4, 5)]
    assert raws[0] == raws[1]
    assert 0 < statistics.stdev(raws[1:]) < 0.02


def test_right_answers_are_the_limit_and_the_message_tells_the_score_alone(
    prepared: Prepared, base: Path
) -> None:
    scored = score(request(prepared, base))
    assert scored.plausible_limit is not None
    assert 0.8 < scored.plausible_limit < 1
    rates = scored.details["winRates"]
    assert scored.message == (
        f"Mean win rate {scored.raw:.4f} on 300 hidden prompts: {rates['base']:.4f} against the base model "
        f"and {rates['tuned']:.4f} against the tuned one."
    )


HUGE = "9" * 5_000
SETTINGS: dict[str, tuple[str, str | bytes]] = {
    "over the temperature": (
        "temperature-out-of-range",
        '{"temperature": 2.01, "top_k": 8, "max_new_tokens": 20}',
    ),
    "a negative temperature": (
        "temperature-out-of-range",
        '{"temperature": -1, "top_k": 8, "max_new_tokens": 20}',
    ),
    "an infinite temperature": (
        "temperature-out-of-range",
        '{"temperature": 1e999, "top_k": 8, "max_new_tokens": 20}',
    ),
    "a temperature that is true": (
        "temperature-out-of-range",
        '{"temperature": true, "top_k": 8, "max_new_tokens": 20}',
    ),
    "a temperature in a string": (
        "temperature-out-of-range",
        '{"temperature": "1", "top_k": 8, "max_new_tokens": 20}',
    ),
    "a temperature that is null": (
        "temperature-out-of-range",
        '{"temperature": null, "top_k": 8, "max_new_tokens": 20}',
    ),
    "NaN": ("not-finite", '{"temperature": NaN, "top_k": 8, "max_new_tokens": 20}'),
    "Infinity": ("not-finite", '{"temperature": 1, "top_k": Infinity, "max_new_tokens": 20}'),
    "no candidates": ("top-k-out-of-range", '{"temperature": 1, "top_k": 0, "max_new_tokens": 20}'),
    "too many candidates": ("top-k-out-of-range", '{"temperature": 1, "top_k": 201, "max_new_tokens": 20}'),
    "candidates with a point": (
        "top-k-out-of-range",
        '{"temperature": 1, "top_k": 8.0, "max_new_tokens": 20}',
    ),
    "candidates that are true": (
        "top-k-out-of-range",
        '{"temperature": 1, "top_k": true, "max_new_tokens": 20}',
    ),
    "too many tokens": (
        "max-new-tokens-out-of-range",
        '{"temperature": 1, "top_k": 8, "max_new_tokens": 25}',
    ),
    "a list of tokens": (
        "max-new-tokens-out-of-range",
        '{"temperature": 1, "top_k": 8, "max_new_tokens": [20]}',
    ),
    "a huge number of tokens": (
        "long-number",
        '{"temperature": 1, "top_k": 8, "max_new_tokens": ' + "9" * 40 + "}",
    ),
    "thousands of digits": ("too-large", '{"temperature": 1, "top_k": 8, "max_new_tokens": ' + HUGE + "}"),
    "a key twice": (
        "duplicate-keys",
        '{"temperature": 1, "top_k": 8, "max_new_tokens": 24, "max_new_tokens": 20}',
    ),
    "a key too many": ("wrong-keys", '{"temperature": 1, "top_k": 8, "max_new_tokens": 20, "seed": 1}'),
    "a key too few": ("wrong-keys", '{"temperature": 1, "top_k": 8}'),
    "answers as well": (
        "wrong-keys",
        '{"temperature": 1, "top_k": 8, "max_new_tokens": 20, "answers": ["fox."]}',
    ),
    "a list": ("wrong-keys", "[1, 8, 20]"),
    "nested without end": ("not-json", "[" * 4_000),
    "a trailing comma": ("not-json", '{"temperature": 1, "top_k": 8, "max_new_tokens": 20,}'),
    "two objects": ("not-json", '{"temperature": 1, "top_k": 8, "max_new_tokens": 20} {}'),
    "not UTF-8": ("not-json", b'{"temperature": 1, "top_k": 8, "max_new_tokens\xff": 20}'),
    "nothing": ("not-json", ""),
    "a pickle": ("not-json", pickle.dumps(AS_THE_OPPONENTS)),
}


@pytest.mark.parametrize("what", SETTINGS)
def test_settings_that_are_not_exactly_three_numbers_within_limits(
    what: str, prepared: Prepared, base: Path
) -> None:
    reason, text = SETTINGS[what]
    write_settings(base, text)
    assert refusal(prepared, base) == reason


@pytest.mark.parametrize(
    "text",
    [
        '{"temperature": 0, "top_k": 1, "max_new_tokens": 1}',
        '{"temperature": 2, "top_k": 200, "max_new_tokens": 24}',
        '{"max_new_tokens":24,"temperature":1e-300,"top_k":200}\n',
    ],
)
def test_settings_at_the_limits_are_scored(text: str, prepared: Prepared, base: Path) -> None:
    write_settings(base, text)
    assert isinstance(score(request(prepared, base)), Scored)


class Pickled:
    """Runs a command when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, (f"touch {self.mark}",))


def test_a_checkpoint_of_pickles_is_refused_and_not_loaded(prepared: Prepared, base: Path) -> None:
    mark = base / "pwned"
    torch.save({**load(base), "x": Pickled(mark)}, base / "model.pt")
    shutil.copy(base / "model.pt", base / "model.safetensors")
    assert refusal(prepared, base) in ("not-safetensors", "too-large")
    assert not mark.exists()
    # With one as live as this.
    torch.load(base / "model.pt", weights_only=False)
    assert mark.exists()


@pytest.mark.parametrize(
    ("reason", "edit"),
    [
        ("not-finite", lambda weights: weights["h.0.mlp.c_fc.weight"].view(-1)[3].fill_(float("nan"))),
        ("not-finite", lambda weights: weights["wte.weight"].view(-1)[0].fill_(float("inf"))),
        ("extra-tensors", lambda weights: weights.update({"lm_head.weight": weights["wte.weight"] + 1})),
        ("missing-tensors", lambda weights: weights.pop("ln_f.bias")),
        ("wrong-dtype", lambda weights: weights.update({"wpe.weight": weights["wpe.weight"].half()})),
        (
            "wrong-shape",
            lambda weights: weights.update({"wte.weight": torch.cat([weights["wte.weight"]] * 2)}),
        ),
    ],
)
def test_weights_that_are_not_the_models(
    reason: str, edit: Callable[[Weights], None], prepared: Prepared, base: Path
) -> None:
    change(base, edit)
    assert refusal(prepared, base) == reason


def test_a_better_architecture_is_another_one(prepared: Prepared, base: Path) -> None:
    config = json.loads((prepared.agent / "model.json").read_text())["config"]
    for changed in ({"layers": 3}, {"width": 64}, {"context": 128}):
        save_weights(base / "model.safetensors", Gpt(GptConfig(**config | changed)))
        assert refusal(prepared, base) in ("extra-tensors", "wrong-shape", "too-large")


def test_weights_that_cannot_be_computed_with_are_the_submissions_fault(
    prepared: Prepared, base: Path
) -> None:
    change(base, lambda weights: weights["wte.weight"].mul_(1e38).clamp_(-3e38, 3e38))
    assert refusal(prepared, base) == "not-finite"


@pytest.mark.parametrize("name", ["model.safetensors", "generation.json"])
def test_only_files_in_their_place_count(name: str, prepared: Prepared, base: Path) -> None:
    good = base / "good"
    (base / name).rename(good)
    assert refusal(prepared, base) == "missing-file"
    (base / name).symlink_to(good)
    assert refusal(prepared, base) == "missing-file"
    (base / name).unlink()
    os.mkfifo(base / name)
    assert refusal(prepared, base) == "missing-file"
    (base / name).unlink()
    (base / name).mkdir()
    assert refusal(prepared, base) == "missing-file"
    (base / name).rmdir()
    good.rename(base / name)
    assert isinstance(score(request(prepared, base)), Scored)


def only_says(weights: Weights, token: int) -> None:
    """Make a model that gives one token whatever it reads."""
    for name, tensor in weights.items():
        if name.endswith(("c_proj.weight", "c_proj.bias")):
            tensor.zero_()
    weights["ln_f.weight"].zero_()
    weights["ln_f.bias"].copy_(torch.ones_like(weights["ln_f.bias"]))
    weights["wte.weight"].zero_()
    weights["wte.weight"][token] = 5


@pytest.mark.parametrize("word", ["<|endoftext|>", ".", "fox", "first"])
def test_one_token_for_ever_or_nothing_at_all_is_worth_less_than_the_base(
    word: str, prepared: Prepared, base: Path
) -> None:
    honest = score(request(prepared, base)).raw
    vocabulary = json.loads((prepared.agent / "tokenizer.json").read_text())["model"]["vocab"]
    change(base, lambda weights: only_says(weights, vocabulary[word]))
    scored = score(request(prepared, base))
    told = scored.details["examples"][0]
    assert told == ("" if word == "<|endoftext|>" else "." * 24 if word == "." else " ".join([word] * 24))
    assert scored.raw < honest


def test_what_else_lies_in_the_workspace_changes_nothing_through_the_whole_jail(
    prepared: Prepared, base: Path
) -> None:
    """Answers ready to be scored, modules with the judge's names: it reads two files of a snapshot."""

    def answer() -> dict[str, Any]:
        run = score_snapshot(ENVIRONMENT, base, SMALL, assets=prepared.judge, seed="11" * 32)
        assert run.answer is not None, run.log
        return run.answer

    plain = answer()
    assert plain["result"] == "scored", plain
    for name in ("preference.py", "judge.py", "settings.py", "torch.py", "sitecustomize.py"):
        (base / name).write_text("raise SystemExit(0)")
    (base / "opponents.json").write_text(json.dumps({"base": [], "tuned": []}))
    (base / "answers.json").write_text(json.dumps(["The better answer is this one."] * 300))
    assert answer() == plain
