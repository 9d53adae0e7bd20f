"""The prompts: answers that are right, words a tokenizer knows, and contents and wordings that are held out.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import random
from collections import Counter

import pytest
from prompts import FAMILIES, FORMS_OF, TEMPLATES, PromptMaker, all_words, split_words

MAKER = PromptMaker(5)


@pytest.mark.parametrize(
    ("family", "given", "items"),
    [
        ("repeat", "fox pear cup", "fox pear cup"),
        ("reverse", "fox pear cup", "cup pear fox"),
        ("sort", "9 10 2", "2 9 10"),
        ("count", "fox pear cup", "3"),
        ("larger", "9 10", "10"),
        ("last", "fox pear cup", "cup"),
        ("without", "fox pear cup", "pear cup"),
        ("ends", "fox pear cup", "fox cup"),
    ],
)
def test_right_answers(family: str, given: str, items: str) -> None:
    chance = random.Random(0)
    prompts = [MAKER.draw(chance, family, held_out=None) for _ in range(50)]
    for prompt in prompts:
        assert set(prompt.given) <= set(split_words(prompt.instruction))
    rule = {
        "repeat": lambda words: words,
        "reverse": lambda words: words[::-1],
        "sort": lambda words: sorted(words, key=int),
        "count": lambda words: [str(len(words))],
        "larger": lambda words: [max(words, key=int)],
        "last": lambda words: words[-1:],
        "without": lambda words: words[1:],
        "ends": lambda words: [words[0], words[-1]],
    }[family]
    assert rule(given.split()) == items.split()
    assert all(list(prompt.items) == list(rule(list(prompt.given))) for prompt in prompts)


def test_forms() -> None:
    chance = random.Random(1)
    seen = {}
    for _ in range(400):
        prompt = MAKER.draw(chance, "repeat", held_out=None)
        seen[prompt.form] = (prompt.instruction, prompt.answer(), prompt.items)
    assert seen.keys() == set(FORMS_OF["repeat"])
    assert seen["plain"][1] == " ".join(seen["plain"][2]) + "."
    assert seen["commas"][1] == ", ".join(seen["commas"][2]) + "."
    assert seen["sentence"][1] == "The answer is " + " ".join(seen["sentence"][2]) + "."
    assert "comma" in seen["commas"][0]
    assert "sentence" in seen["sentence"][0]


def test_a_set_has_as_many_of_each_family_and_nothing_twice() -> None:
    prompts = MAKER.draw_set(400, seed=3, held_out=True)
    assert len({prompt.instruction for prompt in prompts}) == 400
    assert set(Counter(prompt.family for prompt in prompts).values()) == {400 // len(FAMILIES)}
    assert prompts == MAKER.draw_set(400, seed=3, held_out=True)


def test_agents_get_neither_the_contents_nor_the_wordings_that_are_held_out() -> None:
    train = MAKER.draw_set(1_500, seed=1, held_out=False)
    held_out = MAKER.draw_set(1_500, seed=2, held_out=True)
    contents = [{(one.family, one.given) for one in prompts} for prompts in (train, held_out)]
    assert not contents[0] & contents[1]
    wordings = [{(one.family, one.template) for one in prompts} for prompts in (train, held_out)]
    hidden = set(MAKER.hidden_template.items())
    assert not wordings[0] & hidden
    assert hidden <= wordings[1]
    assert len(wordings[0]) == sum(len(texts) - 1 for texts in TEMPLATES.values())
    # Half of them, and its share of the rest.
    share = sum((one.family, one.template) in hidden for one in held_out) / len(held_out)
    assert 0.5 < share < 0.8


def test_what_is_held_out_is_another_in_each_preparation() -> None:
    others = [PromptMaker(secret) for secret in range(6)]
    assert len({tuple(sorted(maker.hidden_template.items())) for maker in others}) > 1
    given = [one.given for one in MAKER.draw_set(300, seed=2, held_out=True) if one.family == "repeat"]
    again = [others[0].is_held_out("repeat", words) for words in given]
    assert 0 < sum(again) < len(again)


def test_every_word_is_known() -> None:
    words = set(all_words())
    for held_out in (False, True):
        for prompt in MAKER.draw_set(1_000, seed=4, held_out=held_out):
            assert set(split_words(prompt.instruction + " " + prompt.answer())) <= words
