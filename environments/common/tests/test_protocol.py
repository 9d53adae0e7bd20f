"""Requests and answers."""

import json
import math
from pathlib import Path

import pytest
from rebench_common.protocol import Invalid, JudgeRequest, Scored, encode_answer, parse_request
from rebench_common.text import printable

REQUEST = {
    "requestId": "r1",
    "environment": "e",
    "scale": "laptop",
    "parameters": {"n": 1},
    "snapshot": "/snapshot",
    "assets": "/assets",
    "scratch": "/scratch",
    "seed": "ab" * 32,
    "runner": ["bwrap", "--"],
    "deadlineSeconds": 10,
}


def request() -> JudgeRequest:
    return parse_request(json.dumps(REQUEST).encode())


def test_a_request_is_read_and_its_deadline_runs() -> None:
    assert request().seed == b"\xab" * 32
    assert request().snapshot == Path("/snapshot")
    assert 9 < request().remaining_seconds() <= 10


@pytest.mark.parametrize("change", [{"seed": "ab"}, {"seed": "zz" * 32}, {"deadlineSeconds": "soon"}])
def test_a_broken_request_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        parse_request(json.dumps(REQUEST | change).encode())


def test_an_answer_is_one_line_that_echoes_the_request() -> None:
    line = encode_answer(request(), Scored(1.5, "two\nlines", {"a": 1}, plausible_limit=0.5))
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "requestId": "r1",
        "result": "scored",
        "raw": 1.5,
        "plausibleLimit": 0.5,
        "message": "two\nlines",
        "details": {"a": 1},
    }
    assert json.loads(encode_answer(request(), Invalid("no", "why")))["result"] == "invalid"


@pytest.mark.parametrize("raw", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_the_judges_failure(raw: float) -> None:
    with pytest.raises(ValueError):
        encode_answer(request(), Scored(raw, ""))


def test_an_answer_over_the_limit_is_the_judges_failure() -> None:
    with pytest.raises(ValueError):
        encode_answer(request(), Scored(1.0, "", {"much": "x" * 70_000}))
    assert len(json.loads(encode_answer(request(), Invalid("no", "x" * 70_000)))["message"]) == 8_000


def test_no_message_makes_an_answer_too_long_or_unreadable() -> None:
    for text in ("\U0001f600" * 9_000, "\x00" * 9_000, "\ud800" * 9_000):
        line = encode_answer(request(), Invalid("no", printable(text, 8_000) or text[:10]))
        assert json.loads(line)["result"] == "invalid"


def test_untrusted_text_loses_control_codes_and_all_but_its_end() -> None:
    assert printable("\x1b[31mred\x07\u202e\ttab\nline\ud800", 100) == "[31mred\ttab\nline"
    assert printable("a" * 10 + "end", 5) == "[…]aaend"
