"""Honest ways to compute the weights pass with room to spare; whatever changes the result does not.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import dataclasses
import math

import pytest
import torch
from foundry_support import SMALL, Prepared
from jobs import Job, Options
from judge import check
from rebench_common.protocol import InvalidSubmission
from variants import Setting, honest_variants, ignored_options, shortcuts

SEED = 3


@pytest.fixture(scope="module")
def setting(prepared: Prepared) -> Setting:
    """Load the base model, for one thread."""
    torch.set_num_threads(1)
    return Setting(prepared.sizes, prepared.base, prepared.tokenizer)


@pytest.fixture(scope="module")
def jobs(prepared: Prepared) -> tuple[Job, Job]:
    """Draw the jobs of a scoring."""
    return prepared.draw(SEED)


@pytest.fixture(scope="module")
def right(setting: Setting, jobs: tuple[Job, Job]) -> list[dict[str, torch.Tensor]]:
    """Compute their weights."""
    return [setting.run(job) for job in jobs]


# Two threads wait for each other for minutes where the machine is busy; judge/measure_noise.py tries them.
@pytest.mark.parametrize("name", [name for name in honest_variants() if name != "two threads"])
def test_an_honest_way_is_far_below_the_tolerance(name: str, setting: Setting, jobs, right) -> None:
    with honest_variants()[name]:
        weights = setting.run(jobs[0])
    weights = {key: tensor.to(right[0][key].dtype) for key, tensor in weights.items()}
    assert check(weights, right[0], setting.base, SMALL["tolerance"] / 5, 1) < SMALL["tolerance"] / 5


def refused(weights, expected, setting: Setting) -> bool:
    try:
        check(weights, expected, setting.base, SMALL["tolerance"], 1)
    except InvalidSubmission as invalid:
        assert invalid.invalid.reason == "wrong-weights"
        return True
    return False


@pytest.mark.parametrize("option", [field.name for field in dataclasses.fields(Options)])
def test_an_option_that_is_ignored_is_noticed(option: str, setting: Setting, jobs, right) -> None:
    for job, expected in zip(jobs, right, strict=True):
        ignored = ignored_options(job, setting.sizes.context)
        # Where one job happens to have the default, the other has not.
        if option in ignored:
            weights = {**setting.run(ignored[option]), "token_counts": expected["token_counts"]}
            assert refused(weights, expected, setting)
            return
    pytest.fail("both jobs have the default")


def test_whatever_else_changes_the_result_is_noticed(setting: Setting, jobs, right) -> None:
    for name, shortcut in shortcuts(jobs[0]).items():
        weights = dict(shortcut(setting))
        if "buffer" not in name:
            # Counting the tokens rightly is no excuse.
            weights["token_counts"] = right[0]["token_counts"]
        assert refused(weights, right[0], setting), name


def test_the_right_weights_are_not_refused(setting: Setting, right) -> None:
    assert not refused(right[0], right[0], setting)
    assert refused(right[1], right[0], setting)


def test_a_number_that_is_none_is_refused(setting: Setting, right) -> None:
    broken = {**right[0], "ln_f.bias": torch.full_like(right[0]["ln_f.bias"], math.nan)}
    assert refused(broken, right[0], setting)


def test_what_is_frozen_has_to_be_equal(setting: Setting, jobs, right) -> None:
    [frozen] = [name for name in right[0] if name == jobs[0].options.freeze[0]]
    moved = {**right[0], frozen: right[0][frozen] + 1e-6}
    assert refused(moved, right[0], setting)
