"""What the judge does with an answer of the runner: read it, check it, execute it; without a sandbox.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import contextlib
import math
import pickle
import secrets
import time
from pathlib import Path
from typing import Any

import judge
import numpy as np
import pytest
import torch
from mlm_support import (
    HONEST,
    SMALL,
    Model,
    checked,
    executed,
    settings,
    some_tokens,
    write_assets,
    write_submission,
)
from rebench_common.protocol import JudgeRequest, Scored
from rebench_lm.weights import WeightsError
from restricted_mlm.check import check_graph
from restricted_mlm.refusals import RuleError
from restricted_mlm.submission import load_submission
from safetensors.torch import load_file, save, save_file
from torch import Tensor, nn

TABLE = torch.zeros(64, 64)


def answer(operator: str = "aten.relu.default", *more: Any) -> dict[str, Any]:
    lookup = [{"value": 1}, {"value": 0}, -1, False, False]
    nodes = [("aten.embedding.default", lookup), (operator, [{"value": 2}, *more])]
    return {
        "graph": {
            "constants": [{"name": "table", "dtype": "float32", "shape": [64, 64]}],
            "nodes": [{"operator": name, "arguments": arguments, "where": "x"} for name, arguments in nodes],
            "output": 3,
        }
    }


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_assets(tmp_path_factory.mktemp("made") / "assets")


def judged(
    raw: dict[str, Any], content: bytes, assets: Path, scratch: Path, seed: bytes | None = None
) -> Scored:
    chosen = settings()
    request = JudgeRequest(
        "r", "restricted-mlm", "laptop", SMALL, scratch, assets, scratch,
        seed or secrets.token_bytes(32), (), time.monotonic() + 50,
    )  # fmt: skip
    graph, constants = judge.read_model(raw, np.frombuffer(content, dtype=np.uint8), chosen, scratch)
    return judge.evaluate(
        request, chosen, check_graph(graph, constants, chosen.task, chosen.limits), constants
    )


def test_equal_logits_cost_the_logarithm_of_the_vocabulary(assets: Path, tmp_path: Path) -> None:
    scored = judged(answer(), save({"table": TABLE}), assets, tmp_path)
    assert scored.details["loss"] == pytest.approx(math.log(64))
    assert scored.raw == pytest.approx(math.log(math.log(64) - 1.5))
    assert scored.details["windows"] == 64
    assert 0.1 < scored.details["hiddenTokens"] / (64 * 6) < 0.2


def test_every_scoring_draws_its_own_windows(assets: Path, tmp_path: Path) -> None:
    content = save({"table": torch.randn(64, 64)})
    losses = [judged(answer(), content, assets, tmp_path, bytes([n] * 32)).details["loss"] for n in (1, 2, 1)]
    assert losses[0] == losses[2] != losses[1]


WEIGHTS: dict[str, tuple[bytes, str]] = {
    "another shape": (save({"table": TABLE[:63].clone()}), "wrong-shape"),
    "another type": (save({"table": TABLE.double()}), "wrong-dtype"),
    "another name": (save({"other": TABLE}), "missing-tensors"),
    "one more": (save({"table": TABLE, "more": TABLE + 1}), "extra-tensors"),
    "infinite": (save({"table": TABLE + math.inf}), "not-finite"),
    "NaN": (save({"table": TABLE * math.nan}), "not-finite"),
    "nothing": (b"", "not-safetensors"),
    "a pickle": (pickle.dumps({"table": [0.0] * 9_000}), "not-safetensors"),
    "something behind": (save({"table": TABLE}) + b"PK", "not-safetensors"),
    "cut": (save({"table": TABLE})[:-4], "not-safetensors"),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_constants_that_are_not_what_the_graph_says_are_refused(
    name: str, assets: Path, tmp_path: Path
) -> None:
    content, reason = WEIGHTS[name]
    with pytest.raises(WeightsError) as caught:
        judged(answer(), content, assets, tmp_path)
    assert caught.value.reason == reason


@pytest.mark.parametrize("table", [TABLE, TABLE + 1, TABLE - 1])
def test_infinite_and_undefined_logits_are_refused(table: Tensor, assets: Path, tmp_path: Path) -> None:
    # As a float32 this is infinite; times zero it is NaN.
    with pytest.raises(RuleError) as caught:
        judged(answer("aten.mul.Tensor", 1e39), save({"table": table}), assets, tmp_path)
    assert caught.value.reason == "not-finite"


@pytest.mark.parametrize(
    "mix",
    [
        lambda m, x, t: x + x.sum(0, keepdim=True),
        lambda m, x, t: x + x[:1],
        lambda m, x, t: x.flip(0),
        lambda m, x, t: m.embedding(t.reshape(2, 12).flip(0).reshape(4, 6)),
        lambda m, x, t: x + x.reshape(4, 48)[[1, 0, 3, 2]].reshape(4, 6, 8),
    ],
)
def test_windows_that_look_at_each_other_are_refused(mix: Any, assets: Path, tmp_path: Path) -> None:
    request = JudgeRequest(
        "r", "e", "laptop", SMALL, tmp_path, assets, tmp_path, b"\1" * 32, (), time.monotonic() + 50
    )
    torch.manual_seed(0)
    with pytest.raises(RuleError) as caught:
        judge.evaluate(request, settings(), *checked(Model(mix)))
    assert caught.value.reason == "mixes-windows"
    # The same model without the mixing passes.
    judge.evaluate(request, settings(), *checked(Model(lambda m, x, t: x)))


@pytest.mark.parametrize("shift", [1_000.0, -1_000.0])
def test_a_shift_of_all_logits_hides_nothing(shift: float, assets: Path, tmp_path: Path) -> None:
    request = JudgeRequest(
        "r", "e", "laptop", SMALL, tmp_path, assets, tmp_path, b"\1" * 32, (), time.monotonic() + 50
    )
    torch.manual_seed(0)
    for mix, refused in ((lambda m, x, t: x + x.flip(0), True), (lambda m, x, t: x, False)):
        model = Model(mix)
        with torch.no_grad():
            model.head.bias.add_(shift)
        with pytest.raises(RuleError) if refused else contextlib.nullcontext() as caught:
            judge.evaluate(request, settings(), *checked(model))
        assert caught is None or caught.value.reason == "mixes-windows"


def test_a_model_too_slow_for_one_scoring_is_refused(assets: Path, tmp_path: Path) -> None:
    request = JudgeRequest(
        "r", "e", "laptop", SMALL, tmp_path, assets, tmp_path, b"\1" * 32, (), time.monotonic() + 1
    )
    with pytest.raises(RuleError) as caught:
        judge.evaluate(request, settings(), *checked(Model(lambda m, x, t: x)))
    assert caught.value.reason == "too-slow"


def test_a_model_that_changes_after_its_export_changes_nothing() -> None:
    class Switching(Model):
        calls = 0

        def forward(self, tokens: Tensor) -> Tensor:
            Switching.calls += 1
            logits = super().forward(tokens)
            return logits if Switching.calls == 1 else logits.softmax(-1)

    model, tokens = Switching(lambda m, x, t: x).eval(), some_tokens()
    honest = Model(lambda m, x, t: x).eval()
    honest.load_state_dict(model.state_dict())
    logits = executed(model, tokens)
    with torch.no_grad():
        torch.testing.assert_close(logits, honest(tokens))
        assert not torch.allclose(logits, model(tokens))


@pytest.mark.parametrize("rows", [64, 313])
def test_a_table_over_the_cap_is_refused_and_one_below_passes(rows: int) -> None:
    class Lookup(nn.Module):
        """Remembers something for every token: `rows` x 64 numbers."""

        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(rows, 64)

        def forward(self, tokens: Tensor) -> Tensor:
            return self.table(tokens)

    if rows * 64 <= SMALL["parameterLimit"]:
        checked(Lookup())
        return
    with pytest.raises(RuleError) as caught:
        checked(Lookup())
    assert caught.value.reason == "too-many-parameters"


def test_a_table_made_while_exporting_counts_as_well() -> None:
    grown = Model(lambda m, x, t: x + (torch.arange(40_000.0).sin().reshape(5_000, 8).mean(0)))
    checked(grown)
    with pytest.raises(RuleError) as caught:
        checked(Model(lambda m, x, t: x + torch.arange(40_000.0).sin().reshape(5_000, 8)[t]))
    assert caught.value.reason == "too-many-parameters"


def _rename(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({f"x.{name}": tensor for name, tensor in weights.items()}, folder / "model.safetensors")


def _add(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({**weights, "cache": torch.zeros(3)}, folder / "model.safetensors")


def _widen(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({name: torch.cat([t, t]) for name, t in weights.items()}, folder / "model.safetensors")


def _double(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({name: tensor.double() for name, tensor in weights.items()}, folder / "model.safetensors")


def _code(text: str) -> Any:
    return lambda folder: (folder / "model.py").write_text(text)


SUBMISSIONS: dict[str, tuple[Any, str]] = {
    "no model": (lambda folder: (folder / "model.py").unlink(), "missing-file"),
    "no weights": (lambda folder: (folder / "model.safetensors").unlink(), "missing-file"),
    "weights under other names": (_rename, "wrong-tensors"),
    "a tensor more": (_add, "wrong-tensors"),
    "other shapes": (_widen, "wrong-tensors"),
    "other types": (_double, "wrong-tensors"),
    "a pickle for weights": (lambda f: torch.save({"a": 1}, f / "model.safetensors"), "not-safetensors"),
    "a syntax error": (_code("def build("), "build-failed"),
    "no build": (_code("x = 1"), "build-failed"),
    "an exception": (_code("def build(): raise KeyError('mine')"), "build-failed"),
    "no module": (_code("def build(): return len"), "build-failed"),
}


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_what_cannot_be_loaded_is_refused(name: str, tmp_path: Path) -> None:
    change, reason = SUBMISSIONS[name]
    write_submission(tmp_path, HONEST)
    load_submission(tmp_path)
    change(tmp_path)
    with pytest.raises(RuleError) as caught:
        load_submission(tmp_path)
    assert caught.value.reason == reason
