"""The paper's scale on a machine without its GPU: the same files, with shallow weights from a mirror.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from embedding_support import SOLUTION, Prepared, prepare, request, solve
from judge import score
from rebench_corpus.testing import open_paper_mirror
from safetensors.torch import load_file

PAPER = {
    "corpus": "openwebtext",
    "gpu": False,
    "largeModel": "gpt2-xl",
    "smallModel": "gpt2",
    "trainEveryDocument": 1,
    "validationEveryDocument": 1,
    "lossFloor": 1.5,
    "leastExcess": 0.01,
    "testWindows": 2,
    "testBatch": 1,
}


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Prepare from a mirror on this machine."""
    folder = tmp_path_factory.mktemp("paper")
    with open_paper_mirror(folder) as mirror:
        pinned = folder / "out"
        pinned.mkdir()
        yield prepare(pinned, PAPER | dict(mirror.parameters), "ef" * 32, mirror.environment)


def test_the_models_are_those_of_the_hub_and_the_large_one_is_shuffled(paper: Prepared) -> None:
    models = json.loads((paper.agent / "models.json").read_text())
    assert (models["large"]["layers"], models["large"]["width"]) == (3, 128)
    assert (models["small"]["layers"], models["small"]["width"]) == (2, 64)
    assert models["large"]["context"] == 1_024
    assert models["endOfText"] == models["large"]["vocabulary"] - 1
    [original] = [path for path in (paper.folder / "downloads").rglob("*.safetensors") if "xl" in str(path)]
    intact, given = load_file(original), load_file(paper.agent / "corrupted.safetensors")
    for name, tensor in given.items():
        assert torch.equal(tensor, intact[name]) == (name != "wte.weight"), name
    assert torch.equal(given["wte.weight"].sort(dim=0)[0], intact["wte.weight"].sort(dim=0)[0])


def test_start_reference_and_judge_run_a_step_of_it(paper: Prepared, tmp_path: Path) -> None:
    solve("start", paper.agent, tmp_path)
    start = score(request(paper, tmp_path, **PAPER))
    solve("reference", paper.agent, tmp_path, "--adapter-steps", "1", "--everything-steps", "1")
    assert not torch.equal(
        load_file(tmp_path / SOLUTION)["h.2.mlp.c_fc.weight"],
        load_file(paper.agent / "corrupted.safetensors")["h.2.mlp.c_fc.weight"],
    )
    after = score(request(paper, tmp_path, **PAPER))
    assert start.details["loss"] > 0 and after.details["loss"] > 0
