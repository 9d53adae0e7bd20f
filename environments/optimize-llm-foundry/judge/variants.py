"""Other ways to compute a job's weights: honest ones, which differ by noise, and ones that change the result.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import contextlib
import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

import pristine
import torch
from jobs import Job, Options
from pristine import IGNORED, Sizes, fine_tune
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

DEFAULTS = Options(
    seed=1,
    epochs=1,
    batch_size=8,
    sequence_length=0,
    loss_on="response",
    learning_rate=1e-3,
    schedule="linear",
    warmup_steps=4,
    weight_decay=0.1,
    beta2=0.95,
    gradient_clip=1.0,
    tie_head=True,
    freeze=(),
)
"""Those of `start/finetune.yaml`, for a pipeline that ignores an option; the context stands in for 0."""

Weights = Mapping[str, Tensor]


@dataclasses.dataclass(frozen=True)
class Setting:
    """All that weights depend on."""

    sizes: Sizes
    base: dict[str, Tensor]
    tokenizer: Tokenizer

    def run(self, job: Job) -> dict[str, Tensor]:
        """Compute the weights of a job."""
        return fine_tune(self.sizes, self.base, self.tokenizer, job)


def honest_variants() -> dict[str, contextlib.AbstractContextManager[Any]]:
    """Return, by name, contexts in which `Setting.run` computes the same in another way."""
    return {
        "the same again": contextlib.nullcontext(),
        "two threads": _threads(2),
        "attention written out": mock.patch.object(
            pristine.functional, "scaled_dot_product_attention", _plain_attention
        ),
        "examples of a batch in reverse order": _changed_batches(_reverse),
        "padded to a multiple of 32": _changed_batches(_pad_more),
        "AdamW tensor by tensor": mock.patch.object(torch.optim, "AdamW", _plain_adamw),
        "loss over all positions, then masked": mock.patch.object(
            pristine.functional, "cross_entropy", _loss_by_sums
        ),
        "64-bit arithmetic": _in_double(),
    }


def ignored_options(job: Job, context: int) -> dict[str, Job]:
    """Return, by option, the job that a pipeline does which does not read it, where that is another."""
    defaults = dataclasses.replace(DEFAULTS, sequence_length=context)
    return {
        field.name: dataclasses.replace(
            job, options=dataclasses.replace(job.options, **{field.name: getattr(defaults, field.name)})
        )
        for field in dataclasses.fields(Options)
        if getattr(defaults, field.name) != getattr(job.options, field.name)
    }


def shortcuts(job: Job) -> dict[str, Callable[[Setting], Weights]]:
    """Return, by name, what else changes the result of a job."""

    def with_options(**changed: Any) -> Callable[[Setting], Weights]:
        changed_job = dataclasses.replace(job, options=dataclasses.replace(job.options, **changed))
        return lambda setting: setting.run(changed_job)

    def within(context: contextlib.AbstractContextManager[Any]) -> Callable[[Setting], Weights]:
        def run(setting: Setting) -> Weights:
            with context:
                return setting.run(job)

        return run

    def left_as_it_was(left: Callable[[str], bool]) -> Callable[[Setting], Weights]:
        def run(setting: Setting) -> Weights:
            return {name: setting.base[name] if left(name) else t for name, t in setting.run(job).items()}

        return run

    return {
        "learning rate 1 % higher": with_options(learning_rate=1.01 * job.options.learning_rate),
        "last step left out": within(_without_last_step()),
        "last step on half of its batch": within(_half_of_the_last_batch(job)),
        "one example left out": lambda setting: setting.run(
            dataclasses.replace(job, examples=job.examples[:-1])
        ),
        "sequences cut off one token earlier": with_options(sequence_length=job.options.sequence_length - 1),
        "16-bit arithmetic (bfloat16 autocast)": within(torch.autocast("cpu", torch.bfloat16)),
        "weights rounded to 16 bits": lambda setting: _rounded(setting.run(job)),
        "untrained": lambda setting: setting.base,
        "untrained, with noise as large as training's change": lambda setting: _noisy(setting, job),
        "trained, with noise of 1 % of training's change": lambda setting: _noisy(setting, job, 0.01),
        "head left as it was": left_as_it_was(lambda name: name == "lm_head.weight"),
        "biases left as they were": left_as_it_was(lambda name: name.endswith("bias")),
        "buffer left as it was": left_as_it_was(lambda name: name == "token_counts"),
    }


def _rounded(weights: Weights) -> Weights:
    return {name: t.bfloat16().float() if t.is_floating_point() else t for name, t in weights.items()}


def _noisy(setting: Setting, job: Job, share: float | None = None) -> Weights:
    noisy = {}
    for name, right in setting.run(job).items():
        base = setting.base[name]
        if not right.is_floating_point() or right.equal(base):
            noisy[name] = right
            continue
        noise = torch.randn(base.shape, generator=torch.Generator().manual_seed(0))
        noise *= (right - base).norm() / noise.norm()
        noisy[name] = base + noise if share is None else right + share * noise
    return noisy


@contextlib.contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    yield
    torch.set_num_threads(before)


@contextlib.contextmanager
def _in_double() -> Iterator[None]:
    make = pristine.Gpt
    with mock.patch.object(pristine, "Gpt", lambda sizes: make(sizes).double()):
        yield


def _plain_attention(query: Tensor, key: Tensor, value: Tensor, is_causal: bool) -> Tensor:
    assert is_causal
    time = query.shape[-2]
    scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
    future = torch.ones(time, time, dtype=torch.bool).triu(1)
    return scores.masked_fill(future, -math.inf).softmax(-1) @ value


_ADAMW = torch.optim.AdamW
_CROSS_ENTROPY = functional.cross_entropy


def _plain_adamw(groups: Any, **settings: Any) -> torch.optim.Optimizer:
    return _ADAMW(groups, **{**settings, "foreach": False, "fused": False})


def _loss_by_sums(logits: Tensor, targets: Tensor) -> Tensor:
    halves = [slice(0, len(targets) // 2), slice(len(targets) // 2, None)]
    return sum(_CROSS_ENTROPY(logits[half], targets[half], reduction="sum") for half in halves) / len(targets)


def _changed_batches(change: Callable[[Any], Any]) -> contextlib.AbstractContextManager[Any]:
    make = pristine._batches
    return mock.patch.object(
        pristine, "_batches", lambda *arguments: [change(one) for one in make(*arguments)]
    )


def _without_last_step() -> contextlib.AbstractContextManager[Any]:
    rate = pristine.learning_rate_at
    return mock.patch.object(
        pristine,
        "learning_rate_at",
        lambda step, steps, options: 0.0 if step == steps - 1 else rate(step, steps, options),
    )


def _half_of_the_last_batch(job: Job) -> contextlib.AbstractContextManager[Any]:
    make = pristine._batches

    def make_less(sequences: Any, options: Options, epoch: int) -> Any:
        batches = make(sequences, options, epoch)
        if epoch == job.options.epochs - 1:
            batches[-1] = tuple(part[: len(part) // 2] for part in batches[-1])
        return batches

    return mock.patch.object(pristine, "_batches", make_less)


def _reverse(batch: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    inputs, targets, lengths = batch
    return inputs.flip(0), targets.flip(0), lengths.flip(0)


def _pad_more(batch: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    inputs, targets, lengths = batch
    more = -inputs.shape[1] % 32
    return functional.pad(inputs, (0, more)), functional.pad(targets, (0, more), value=IGNORED), lengths
