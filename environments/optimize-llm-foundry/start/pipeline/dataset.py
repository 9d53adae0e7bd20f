"""Tokenized examples on disk, their order, and batches of them."""

import json
import random
from pathlib import Path

import torch
from torch.utils.data import Dataset

IGNORED = -100
"""Stands in targets where there is nothing to predict."""
PADDING = 0
"""Stands in inputs behind the end of a sequence."""


class ShardedExamples(Dataset):
    """The shards that `pipeline.convert` wrote; an example is read when it is asked for."""

    def __init__(self, shards: Path, sequence_length: int, loss_on: str) -> None:
        self.shards = shards
        self.sequence_length = sequence_length
        self.loss_on = loss_on
        index = json.loads((shards / "index.json").read_text())
        self.examples = index["examples"]
        self.shard_examples = index["shard_examples"]

    def __len__(self) -> int:
        return self.examples

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        """Return `inputs` and `targets`, int64 [sequence_length], and `length`, the number of real inputs."""
        shard = self.shards / f"shard-{index // self.shard_examples:05d}.jsonl"
        examples = [json.loads(line) for line in shard.read_text().splitlines()]
        example = examples[index % self.shard_examples]
        tokens = example["tokens"]
        first_counted = 1 if self.loss_on == "all" else max(1, example["prompt_tokens"])
        inputs = torch.full((self.sequence_length,), PADDING)
        targets = torch.full((self.sequence_length,), IGNORED)
        for position in range(len(tokens) - 1):
            inputs[position] = tokens[position]
            if position + 1 >= first_counted:
                targets[position] = tokens[position + 1]
        return {"inputs": inputs, "targets": targets, "length": torch.tensor(len(tokens) - 1)}


def collate(examples: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Stack examples into a batch."""
    return {name: torch.stack([example[name] for example in examples]) for name in examples[0]}


def epoch_order(examples: int, seed: int, epoch: int) -> list[int]:
    """Return the order of the examples in one epoch, counted from 0; batches are cut from it one by one."""
    order = list(range(examples))
    random.Random(seed * 1_000 + epoch).shuffle(order)
    return order
