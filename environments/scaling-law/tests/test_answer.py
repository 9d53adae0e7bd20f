"""What is an answer and what is not.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import os
from pathlib import Path

import pytest
from answer import Answer, AnswerError, parse_answer, read_answer
from scaling_support import LAPTOP, PAPER
from task import count_flops, steps_for, task_of

TASK = task_of(LAPTOP)
GOOD = b'{"width": 64, "steps": 1987, "loss": 3.5}'

ACCEPTED = {
    "as asked for": GOOD,
    "other order and white space": b'\n\t{ "loss":3.5,"steps":1987 ,\r\n"width":64}\n',
    "a loss without a point": b'{"width": 64, "steps": 1987, "loss": 3}',
    "a loss with an exponent": b'{"width": 64, "steps": 1987, "loss": 35e-1}',
    "escaped keys": b'{"\\u0077idth": 64, "steps": 1987, "loss": 3.5}',
    "almost a percent too many steps": b'{"width": 64, "steps": 2006, "loss": 3.5}',
    "the narrowest": b'{"width": 20, "steps": 20345, "loss": 3.5}',
    "the widest": b'{"width": 256, "steps": 124, "loss": 3.5}',
}

REFUSED = {
    "nothing": (b"", "not-json"),
    "NaN": (b'{"width": 64, "steps": 1987, "loss": NaN}', "not-finite"),
    "Infinity": (b'{"width": 64, "steps": 1987, "loss": Infinity}', "not-finite"),
    "minus Infinity": (b'{"width": 64, "steps": 1987, "loss": -Infinity}', "not-finite"),
    "NaN as a width": (b'{"width": NaN, "steps": 1987, "loss": 3.5}', "not-finite"),
    "a loss past all floats": (b'{"width": 64, "steps": 1987, "loss": 1e999}', "not-finite"),
    "a loss below zero past all floats": (b'{"width": 64, "steps": 1987, "loss": -1e999}', "not-finite"),
    "a long exponent": (b'{"width": 64, "steps": 1987, "loss": 1e' + b"9" * 999 + b"}", "long-number"),
    "a loss of many digits": (b'{"width": 64, "steps": 1987, "loss": 3.' + b"5" * 999 + b"}", "long-number"),
    "an integer of 3,000 digits": (
        b'{"width": 64, "steps": ' + b"9" * 3000 + b', "loss": 3.5}',
        "long-number",
    ),
    "an integer past 2^53": (b'{"width": 64, "steps": 9007199254740993, "loss": 3.5}', "not-an-integer"),
    "a huge width": (b'{"width": 9007199254740991, "steps": 1, "loss": 3.5}', "width-out-of-range"),
    "strings": (b'{"width": "64", "steps": "1987", "loss": "3.5"}', "not-an-integer"),
    "a string as a loss": (b'{"width": 64, "steps": 1987, "loss": "3.5"}', "loss-out-of-range"),
    "true as a loss": (b'{"width": 64, "steps": 1987, "loss": true}', "loss-out-of-range"),
    "true as steps": (b'{"width": 64, "steps": true, "loss": 3.5}', "not-an-integer"),
    "null": (b'{"width": 64, "steps": null, "loss": 3.5}', "not-an-integer"),
    "a list": (b'{"width": [64], "steps": 1987, "loss": 3.5}', "not-an-integer"),
    "a float width": (b'{"width": 64.0, "steps": 1987, "loss": 3.5}', "not-an-integer"),
    "an exponent": (b'{"width": 64, "steps": 1.987e3, "loss": 3.5}', "not-an-integer"),
    "a leading zero": (b'{"width": 064, "steps": 1987, "loss": 3.5}', "not-json"),
    "hexadecimal": (b'{"width": 0x40, "steps": 1987, "loss": 3.5}', "not-json"),
    "an underscore": (b'{"width": 64, "steps": 1_987, "loss": 3.5}', "not-json"),
    "a plus sign": (b'{"width": +64, "steps": 1987, "loss": 3.5}', "not-json"),
    "a negative width": (b'{"width": -64, "steps": 1987, "loss": 3.5}', "not-an-integer"),
    "both negative": (b'{"width": -64, "steps": -1987, "loss": 3.5}', "not-an-integer"),
    "minus zero": (b'{"width": 64, "steps": -0, "loss": 3.5}', "not-an-integer"),
    "a loss of minus zero": (b'{"width": 64, "steps": 1987, "loss": -0.0}', "loss-out-of-range"),
    "a loss of zero": (b'{"width": 64, "steps": 1987, "loss": 0}', "loss-out-of-range"),
    "a negative loss": (b'{"width": 64, "steps": 1987, "loss": -3.5}', "loss-out-of-range"),
    "a loss of 100": (b'{"width": 64, "steps": 1987, "loss": 100}', "loss-out-of-range"),
    "a loss below the smallest float": (b'{"width": 64, "steps": 1987, "loss": 1e-999}', "loss-out-of-range"),
    "a duplicate key": (b'{"width": 64, "steps": 1987, "loss": 9.5, "loss": 3.5}', "duplicate-keys"),
    "an escaped duplicate": (
        b'{"width": 64, "steps": 1987, "loss": 9.5, "l\\u006fss": 3.5}',
        "duplicate-keys",
    ),
    "an extra key": (b'{"width": 64, "steps": 1987, "loss": 3.5, "raw": 1}', "wrong-keys"),
    "__proto__": (b'{"width": 64, "steps": 1987, "loss": 3.5, "__proto__": {"raw": 1}}', "wrong-keys"),
    "__class__": (b'{"width": 64, "steps": 1987, "__class__": 3.5}', "wrong-keys"),
    "a lone surrogate": (b'{"width": 64, "steps": 1987, "loss": 3.5, "\\ud800": 1}', "wrong-keys"),
    "keys in capitals": (b'{"Width": 64, "Steps": 1987, "Loss": 3.5}', "wrong-keys"),
    "a missing key": (b'{"width": 64, "steps": 1987}', "wrong-keys"),
    "a list of one": (b"[" + GOOD + b"]", "wrong-keys"),
    "a number": (b"3.5", "wrong-keys"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, "not-json"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "not-json"),
    "UTF-32": (GOOD.decode().encode("utf-32"), "not-json"),
    "no UTF-8": (b'{"width": 64, "steps": 1987, "loss": 3.5}\xff', "not-json"),
    "a zero byte": (GOOD + b"\0", "not-json"),
    "a comment": (b'{"width": 64, /* wide */ "steps": 1987, "loss": 3.5}', "not-json"),
    "a comment behind it": (GOOD + b" // best", "not-json"),
    "a trailing comma": (b'{"width": 64, "steps": 1987, "loss": 3.5,}', "not-json"),
    "single quotes": (b"{'width': 64, 'steps': 1987, 'loss': 3.5}", "not-json"),
    "two objects": (GOOD + GOOD, "not-json"),
    "two lines": (GOOD + b"\n" + GOOD, "not-json"),
    "a program": (b"__import__('os').system('true')", "not-json"),
    "a pickle": (b"cos\nsystem\n(S'true'\ntR.", "not-json"),
    "deep lists": (b"[" * 4096, "not-json"),
    "deep objects": (b'{"width":' * 455, "not-json"),
    "a closed deep list": (b"[" * 2048 + b"]" * 2048, "not-json"),
    "width 1": (b'{"width": 1, "steps": 8138021, "loss": 3.5}', "width-out-of-range"),
    "width 0": (b'{"width": 0, "steps": 1987, "loss": 3.5}', "not-an-integer"),
    "just too narrow": (b'{"width": 16, "steps": 31789, "loss": 3.5}', "width-out-of-range"),
    "just too wide": (b'{"width": 260, "steps": 120, "loss": 3.5}', "width-out-of-range"),
    "between two widths": (b'{"width": 62, "steps": 2117, "loss": 3.5}', "width-out-of-range"),
    "over the budget": (b'{"width": 64, "steps": 3974, "loss": 3.5}', "wrong-budget"),
    "far over the budget": (b'{"width": 256, "steps": 20345, "loss": 3.5}', "wrong-budget"),
    "far under the budget": (b'{"width": 64, "steps": 1, "loss": 3.5}', "wrong-budget"),
    "a little over": (b'{"width": 64, "steps": 2007, "loss": 3.5}', "wrong-budget"),
    "a little under": (b'{"width": 64, "steps": 1966, "loss": 3.5}', "wrong-budget"),
    "the best steps with another width": (b'{"width": 256, "steps": 1987, "loss": 3.5}', "wrong-budget"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepts(name: str) -> None:
    assert isinstance(parse_answer(ACCEPTED[name], TASK), Answer)


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    content, reason = REFUSED[name]
    with pytest.raises(AnswerError) as refused:
        parse_answer(content, TASK)
    assert refused.value.reason == reason
    assert refused.value.message.isprintable()


def test_every_allowed_width_has_steps_that_fit() -> None:
    for parameters in (LAPTOP, PAPER):
        task = task_of(parameters)
        for width in range(task.narrowest, task.widest + 1, task.heads):
            steps = steps_for(task, width, task.budget_flops)
            cost = count_flops(task, width, steps) / task.budget_flops
            assert abs(cost - 1) < task.margin_percent / 100, (width, steps)


def test_reads_a_regular_file_of_bounded_size_and_nothing_else(tmp_path: Path) -> None:
    def reason_of(name: str) -> str:
        with pytest.raises(AnswerError) as refused:
            read_answer(tmp_path / name, TASK)
        return refused.value.reason

    (tmp_path / "good").write_bytes(GOOD)
    assert read_answer(tmp_path / "good", TASK) == Answer(64, 1987, 3.5)
    (tmp_path / "long").write_bytes(GOOD + b" " * 4096)
    (tmp_path / "link").symlink_to("good")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert reason_of("long") == "too-large"
    assert [reason_of(name) for name in ("absent", "link", "folder", "pipe")] == ["missing-file"] * 4
