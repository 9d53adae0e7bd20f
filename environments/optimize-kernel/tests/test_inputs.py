"""The judge's inputs, its answer, and the plan of a scoring.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from collections import Counter

import numpy as np
import pytest
from inputs import LAWS, TIMED_LAW, expected_answer, generator
from judge import _make_inputs
from kernel_support import SMALL
from plan import make_plan, parse_parameters


def by_definition(x: list[int]) -> list[int]:
    """Follow the instructions' sentence word for word, then wrap to int32."""
    out = []
    for i in range(len(x)):
        total = sum(x[j] for j in range(i + 1) if sum(x[k] > 0 for k in range(j)) % 2 == 1)
        out.append((total + 2**31) % 2**32 - 2**31)
    return out


def test_the_example_of_the_instructions_holds() -> None:
    assert expected_answer(np.array([3, 5, -2, 4, 1], dtype=np.int32)).tolist() == [0, 5, 5, 5, 6]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("size", [1, 2, 3, 40, 300])
def test_the_judges_answer_is_the_definition(law: str, size: int) -> None:
    x = LAWS[law](generator(b"seed", law, size), size)
    assert x.dtype == np.int32
    assert expected_answer(x).tolist() == by_definition(x.tolist())


def test_laws_are_what_they_are_called() -> None:
    drawn = {law: make(generator(b"seed", law), 200_000) for law, make in LAWS.items()}
    assert set(np.unique(drawn[TIMED_LAW])) == set(range(-10, 10))
    assert (drawn["none positive"] > 0).sum() == 0
    assert (drawn["all positive"] > 0).all()
    assert 1 <= (drawn["few positive"] > 0).sum() <= 3
    assert (drawn["one positive"] > 0).sum() == 1
    extreme = drawn["whole int32 range"]
    assert (extreme.min(), extreme.max()) == (-(2**31), 2**31 - 1)


def test_streams_differ_by_seed_and_purpose_and_by_nothing_else() -> None:
    def draw(seed: bytes, *purpose: str | int) -> list[int]:
        return generator(seed, *purpose).integers(0, 2**31, 8).tolist()

    assert draw(b"a", "input", 1) == draw(b"a", "input", 1)
    assert draw(b"a", "input", 1) != draw(b"a", "input", 2)
    assert draw(b"a", "input", 1) != draw(b"b", "input", 1)


def test_a_plan_holds_what_the_instructions_promise() -> None:
    parameters = parse_parameters(SMALL)
    for seed in range(20):
        plan = make_plan(generator(bytes([seed]), "plan"), parameters)
        purposes = Counter(call.purpose for call in plan)
        assert purposes["timed"] == SMALL["timedCalls"]
        assert (purposes["warm-up"], purposes["repeat"]) == (SMALL["warmUpCalls"], 1)
        assert all(1 <= call.size <= parameters.largest for call in plan)
        assert all(call.law == TIMED_LAW for call in plan if call.purpose == "timed")
        full = [call for call in plan if call.size > 0.97 * parameters.elements]
        assert {call.law for call in full} == set(LAWS)
        streams = Counter(call.stream for call in plan)
        repeated = [call for call in plan if streams[call.stream] == 2]
        assert len({(call.law, call.size) for call in repeated}) == 1


def test_timed_calls_come_in_an_unpredictable_order() -> None:
    orders = set()
    for seed in range(20):
        plan = make_plan(generator(bytes([seed]), "plan"), parse_parameters(SMALL))
        orders.add(tuple(call.purpose for call in plan[-11:]))
    assert len(orders) > 10


def test_the_number_of_full_size_checks_cannot_be_known() -> None:
    counts = set()
    for seed in range(40):
        plan = make_plan(generator(bytes([seed]), "plan"), parse_parameters(SMALL))
        counts.add(sum(call.purpose == "check" and call.size > 150_000 for call in plan))
    assert counts == {6, 7, 8}


def test_inputs_are_those_of_their_laws_whenever_they_are_made() -> None:
    plan = make_plan(generator(b"seed", "plan"), parse_parameters(SMALL))
    draw = _make_inputs(b"seed", plan)
    for call in plan:
        for attempt in (0, 1):
            alone = LAWS[call.law](generator(b"seed", "input", call.stream, attempt), call.size)
            np.testing.assert_array_equal(draw(call, attempt), alone)
