"""What the judge draws: new every time, the same work every time, and nothing twice in a pair.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import dataclasses
import math

from foundry_support import ENVIRONMENT, Prepared
from jobs import ODD_EXAMPLES, Options, draw_pair, generator, work_of
from rebench_common.testing import load_parameters
from rebench_lm.tokens import open_tokens


def tokens_of(prepared: Prepared, job) -> int:
    """Tokens a job trains on, cut off, in all epochs."""
    encode = prepared.tokenizer.encode_batch
    lengths = [
        min(len(one.ids) + 1, job.options.sequence_length)
        for one in encode([example.prompt + example.response for example in job.examples])
    ]
    return job.options.epochs * sum(lengths)


def test_two_jobs_of_a_scoring_differ_in_every_option(prepared: Prepared) -> None:
    for seed in range(20):
        first, second = prepared.draw(seed)
        for field in dataclasses.fields(Options):
            assert getattr(first.options, field.name) != getattr(second.options, field.name), field.name


def test_every_job_has_as_many_steps(prepared: Prepared) -> None:
    for seed in range(10):
        for job in prepared.draw(seed):
            per_epoch = math.ceil(len(job.examples) / job.options.batch_size)
            assert per_epoch * job.options.epochs == prepared.work.steps
            assert len(job.examples) % job.options.batch_size != 0


def test_a_scoring_is_as_much_work_as_any_other(prepared: Prepared) -> None:
    text = open_tokens(prepared.judge / "text.bin")
    laptop = work_of(load_parameters(ENVIRONMENT, "laptop"))
    totals = []
    for seed in range(6):
        pair = draw_pair(generator(bytes([seed])), text, prepared.tokenizer, laptop)
        totals.append(sum(tokens_of(prepared, job) for job in pair))
    assert max(totals) < 1.05 * min(totals)


def test_jobs_depend_on_the_seed(prepared: Prepared) -> None:
    assert prepared.draw(1) == prepared.draw(1)
    assert prepared.draw(1)[0].examples != prepared.draw(2)[0].examples
    seen = {job.options for seed in range(10) for job in prepared.draw(seed)}
    assert len(seen) == 20
    for name in ("loss_on", "schedule", "tie_head", "epochs"):
        assert len({getattr(options, name) for options in seen}) >= 2


def test_odd_text_is_among_the_examples(prepared: Prepared) -> None:
    for job in prepared.draw(0):
        assert {(one.prompt, one.response) for one in job.examples} >= set(ODD_EXAMPLES)
