"""What prepare.py leaves, and for whom.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json

import pytest
from compare import differences
from foundry_support import Prepared
from rebench_lm.tokens import open_tokens
from safetensors.torch import load_file


def test_agents_get_what_the_instructions_list(prepared: Prepared) -> None:
    files = {str(path.relative_to(prepared.agent)) for path in prepared.agent.rglob("*") if path.is_file()}
    jobs = {f"practice/{job}/{name}" for job in (1, 2)
            for name in ("finetune.yaml", "train.jsonl", "expected.safetensors")}  # fmt: skip
    assert files == {"base/model.safetensors", "base/tokenizer.json", "compare.py", *jobs}
    assert {path.name for path in prepared.judge.iterdir()} == {"base", "text.bin"}


def test_agents_see_nothing_of_the_hidden_text(prepared: Prepared) -> None:
    hidden = prepared.tokenizer.decode(open_tokens(prepared.judge / "text.bin")[:200_000].tolist())
    passages = [hidden[start : start + 60] for start in range(0, len(hidden) - 60, 1_000)]
    seen = ""
    for path in prepared.agent.glob("practice/*/train.jsonl"):
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            example = json.loads(line)
            seen += example["prompt"] + example["response"]
            assert example.keys() == {"prompt", "response"}
    assert not any(passage in seen for passage in passages)
    assert len(passages) > 100


@pytest.mark.parametrize("job", ["1", "2"])
def test_practice_shows_what_training_does(job: str, prepared: Prepared) -> None:
    expected = load_file(prepared.agent / "practice" / job / "expected.safetensors")
    found = differences(prepared.base, expected, prepared.base)
    assert found.keys() == prepared.base.keys()
    assert found["wte.weight"] == 1.0
