"""The jobs of a scoring: options and examples nobody has seen before, always the same amount of work.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from tokenizers import Tokenizer

SHORTEST_SHARE, LONGEST_SHARE = 0.35, 1.25
"""Lengths of examples, of the sequence length: some are cut off."""
ODD_EXAMPLES = (
    ("", "There was no question."),
    ("What is there to say?", ""),
    ("h\u00e9\u4e2d\U0001f600\r\n", "a<|endoftext|>b\t\r\n  "),
    ("  leading and trailing  ", " \u2028\x7f "),
)
"""Text that a careless tokenizer or reader gets wrong."""


@dataclass(frozen=True)
class Options:
    """The options of `finetune.yaml`; `start/pipeline/options.py` says what each means."""

    seed: int
    epochs: int
    batch_size: int
    sequence_length: int
    loss_on: str
    learning_rate: float
    schedule: str
    warmup_steps: int
    weight_decay: float
    beta2: float
    gradient_clip: float
    tie_head: bool
    freeze: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """One line of the training file."""

    prompt: str
    response: str


@dataclass(frozen=True)
class Job:
    """One run of the pipeline."""

    options: Options
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Work:
    """What all jobs have in common."""

    steps: int
    """A multiple of 6, so that one, two and three epochs have equally many steps."""
    tokens_per_batch: int
    """Batch size times sequence length, all but rounding."""
    context: int
    """Longest sequence the model takes."""
    layers: int
    freezing: bool
    """Whether parts of the model are frozen and the head untied."""
    batch_multiple: int
    """What batch sizes are multiples of: the number of GPUs."""


def generator(seed: bytes, *purpose: str | int) -> np.random.Generator:
    """Return a source of chance for one purpose."""
    digest = hashlib.sha256(seed + "\0".join(map(str, purpose)).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


def draw_pair(
    random: np.random.Generator, text: np.ndarray, tokenizer: Tokenizer, work: Work
) -> tuple[Job, Job]:
    """Draw two jobs that differ in every option, so that each scoring has both values of each switch.

    `text` are token ids of shape [tokens] from which passages are taken.
    """
    epochs = random.permutation([1, 2, 3])
    schedules = random.permutation(["constant", "linear", "cosine"])
    losses = random.permutation(["response", "all"])
    ties = random.permutation([True, False])
    shortest_batch = -(-work.tokens_per_batch // work.context)
    sizes = random.permutation(np.arange(shortest_batch, 2 * shortest_batch + 1, work.batch_multiple))
    warmups = random.permutation(np.arange(work.steps // 5, work.steps // 3 + 1))
    layers = random.permutation(np.arange(1, work.layers))
    others = random.permutation(["wpe", "ln_f", "h.0.ln"])
    jobs = []
    for index in range(2):
        batch_size = int(sizes[index])
        options = Options(
            seed=int(random.integers(2, 1_000_000)),
            epochs=int(epochs[index]),
            batch_size=batch_size,
            sequence_length=min(work.context, round(work.tokens_per_batch / batch_size)),
            loss_on=str(losses[index]),
            learning_rate=_round(random.uniform(1.3e-3, 2.5e-3)),
            schedule=str(schedules[index]),
            warmup_steps=int(warmups[index]),
            weight_decay=_round(random.uniform(0.5, 2.0)),
            beta2=_round(random.uniform(0.97, 0.995)),
            gradient_clip=_round(random.uniform(0.15, 0.5)),
            tie_head=bool(ties[index]) or not work.freezing,
            # One matrix product's weights less to be trained, wherever they are.
            freeze=(f"h.{layers[index]}.mlp.up.weight", str(others[index])) if work.freezing else (),
        )
        jobs.append(Job(options, _draw_examples(random, text, tokenizer, options, work.steps)))
    return jobs[0], jobs[1]


def _draw_examples(
    random: np.random.Generator, text: np.ndarray, tokenizer: Tokenizer, options: Options, steps: int
) -> tuple[Example, ...]:
    """Draw as many examples as make `steps` steps; their lengths sum to nearly the same in every draw."""
    count = options.batch_size * (steps // options.epochs) - int(random.integers(1, options.batch_size))
    shares = SHORTEST_SHARE + (LONGEST_SHARE - SHORTEST_SHARE) * (np.arange(count) + 0.5) / count
    examples = []
    for length in random.permutation(np.maximum(4, np.round(shares * options.sequence_length)).astype(int)):
        start = int(random.integers(0, len(text) - length))
        cut = start + max(1, round(length * random.uniform(0.2, 0.6)))
        passages = [text[start:cut].tolist(), text[cut : start + length].tolist()]
        examples.append(Example(*tokenizer.decode_batch(passages)))
    for place, (prompt, response) in zip(
        random.choice(count, size=len(ODD_EXAMPLES), replace=False), ODD_EXAMPLES, strict=True
    ):
        examples[place] = Example(prompt, response)
    return tuple(examples)


def to_yaml(options: Options) -> str:
    """Write options the way `finetune.yaml` does."""
    return "".join(f"{name}: {_to_text(value)}\n" for name, value in asdict(options).items())


def to_jsonl(examples: tuple[Example, ...]) -> str:
    """Write the training file."""
    return "".join(json.dumps(asdict(example), ensure_ascii=False) + "\n" for example in examples)


def work_of(parameters: Mapping[str, Any]) -> Work:
    """Read the work of a scale from the parameters in environment.yaml."""
    return Work(
        steps=int(parameters["steps"]),
        tokens_per_batch=int(parameters["tokensPerBatch"]),
        context=int(parameters["context"]),
        layers=int(parameters["layers"]),
        freezing=not parameters["gpu"],
        batch_multiple=4 if parameters["gpu"] else 1,
    )


def _to_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) or "none" if isinstance(value, tuple) else str(value)


def _round(value: float) -> float:
    """Four digits, as people write them."""
    return float(f"{value:.4g}")
