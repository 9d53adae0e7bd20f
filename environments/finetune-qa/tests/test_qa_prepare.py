"""prepare.py, called as the harness calls it: what it makes and what it keeps to itself.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
from pathlib import Path

import pytest
from preference import quality, to_task
from qa_support import SMALL, Prepared, prepare
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.weights import read_weights, specs_of
from tokenizers import Tokenizer

AGENT_FILES = {"base.safetensors", "model.json", "prompts.json", "rebench_lm", "tokenizer.json"}
JUDGE_FILES = {
    "facts.json",
    "held_out.json",
    "opponents.json",
    "tokenizer.json",
    "train.json",
    "verdicts.txt",
}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Another preparation, barely trained: another secret."""
    short = SMALL | {"skillsSteps": 2, "habitsSteps": 2, "tuningSteps": 2}
    return prepare(tmp_path_factory.mktemp("other"), short, secret="cd" * 32)


def test_it_makes_what_the_instructions_list_and_what_the_judge_needs(prepared: Prepared) -> None:
    assert {path.name for path in prepared.agent.iterdir()} == AGENT_FILES
    assert {path.name for path in prepared.judge.iterdir()} == JUDGE_FILES
    model = json.loads((prepared.agent / "model.json").read_text())
    assert model.keys() == {"config", "endOfText", "promptFormat", "comparisonsPerCall"}
    read_weights(prepared.agent / "base.safetensors", specs_of(Gpt(GptConfig(**model["config"]))))
    assert (prepared.agent / "rebench_lm" / "generation.py").exists()


def test_prompts_of_agents_are_those_the_service_knows_in_its_order(prepared: Prepared) -> None:
    given = json.loads((prepared.agent / "prompts.json").read_text())
    kept = json.loads((prepared.judge / "train.json").read_text())
    assert given == [prompt["instruction"] for prompt in kept]
    assert len(set(given)) == 600


def test_nothing_held_out_is_among_what_agents_see(prepared: Prepared) -> None:
    held_out = json.loads((prepared.judge / "held_out.json").read_text())
    visible = [path.read_bytes() for path in prepared.agent.rglob("*") if path.is_file()]
    secret = (prepared.judge / "verdicts.txt").read_bytes()
    assert not any(secret in content for content in visible)
    assert not any(prompt["instruction"].encode() in content for prompt in held_out for content in visible)
    # The same search finds what is there.
    given = json.loads((prepared.agent / "prompts.json").read_text())
    assert any(given[0].encode() in content for content in visible)
    assert not any(b"preference" in content or b"habit" in content for content in visible)


def test_each_preparation_has_secrets_of_its_own(prepared: Prepared, other: Prepared) -> None:
    for part in ("agent/base.safetensors", "agent/prompts.json", "judge/held_out.json", "judge/verdicts.txt"):
        assert (prepared.folder / part).read_bytes() != (other.folder / part).read_bytes(), part
    for part in ("agent/tokenizer.json", "agent/model.json"):
        assert (prepared.folder / part).read_bytes() == (other.folder / part).read_bytes(), part
    for path in prepared.agent.rglob("*"):
        assert not path.is_file() or bytes.fromhex("ab" * 8) not in path.read_bytes()
    assert "abab" not in prepared.log


def test_the_tokenizer_gives_back_what_was_written(prepared: Prepared) -> None:
    tokenizer = Tokenizer.from_file(str(prepared.agent / "tokenizer.json"))
    assert tokenizer.token_to_id("<|endoftext|>") == 0
    for prompt in json.loads((prepared.judge / "train.json").read_text()):
        assert tokenizer.decode(tokenizer.encode(prompt["answer"]).ids) == prompt["answer"]


def mean_quality(judge: Path, who: str) -> float:
    prompts = json.loads((judge / "held_out.json").read_text())
    answers = json.loads((judge / "opponents.json").read_text())[who]
    assert [len(one) for one in answers] == [300, 300]
    points = [
        quality(to_task(prompt), text) for one in answers for prompt, text in zip(prompts, one, strict=True)
    ]
    return sum(points) / len(points)


@pytest.mark.parametrize("who", ["base", "tuned"])
def test_opponents_are_as_good_as_they_have_to_be(who: str, prepared: Prepared) -> None:
    assert mean_quality(prepared.judge, who) == pytest.approx(SMALL[f"{who}Points"], abs=0.1)
