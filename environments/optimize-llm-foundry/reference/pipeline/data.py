"""Examples, tokenized and cut into batches in memory.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import random
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from pipeline.options import Options

END_OF_TEXT = "<|endoftext|>"
IGNORED = -100


@dataclass(frozen=True)
class Sequence:
    """One example."""

    tokens: list[int]
    first_counted: int
    """Position of the first token whose prediction can count."""


@dataclass(frozen=True)
class Batch:
    """The examples of one step, padded to the longest of them."""

    inputs: Tensor
    """int64 of shape [batch, time]."""
    counted: Tensor
    """Positions, in the flattened inputs, that count: int64 of shape [counted]."""
    targets: Tensor
    """What follows there: int64 of shape [counted]."""
    real: Tensor
    """Inputs without padding: int64 of shape [tokens]."""


def read_sequences(data: Path, tokenizer_path: Path, options: Options) -> list[Sequence]:
    """Tokenize all examples at once."""
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    with data.open(encoding="utf-8") as lines:
        examples = [json.loads(line) for line in lines]
    texts = [example[part] for part in ("prompt", "response") for example in examples]
    encoded = [one.ids for one in tokenizer.encode_batch(texts, add_special_tokens=False)]
    end = [tokenizer.token_to_id(END_OF_TEXT)]
    return [
        Sequence(
            (prompt + response + end)[: options.sequence_length],
            1 if options.loss_on == "all" else max(1, len(prompt)),
        )
        for prompt, response in zip(encoded[: len(examples)], encoded[len(examples) :], strict=True)
    ]


def make_batches(sequences: list[Sequence], options: Options) -> list[Batch]:
    """Return the batches of all epochs in the order in which they are trained on."""
    batches = []
    for epoch in range(options.epochs):
        order = list(range(len(sequences)))
        random.Random(options.seed * 1_000 + epoch).shuffle(order)
        for start in range(0, len(order), options.batch_size):
            batches.append(_pad([sequences[index] for index in order[start : start + options.batch_size]]))
    return batches


def _pad(sequences: list[Sequence]) -> Batch:
    time = max(len(sequence.tokens) for sequence in sequences) - 1
    inputs, targets, real = [], [], []
    for sequence in sequences:
        tokens, first = sequence.tokens, sequence.first_counted
        padding = time + 1 - len(tokens)
        inputs.append(tokens[:-1] + [0] * padding)
        targets += ([IGNORED] * (first - 1) + tokens[first:])[: len(tokens) - 1] + [IGNORED] * padding
        real += tokens[:-1]
    flat = torch.tensor(targets)
    counted = (flat != IGNORED).nonzero()[:, 0]
    return Batch(torch.tensor(inputs), counted, flat[counted], torch.tensor(real))
