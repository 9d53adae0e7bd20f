"""Second stage: trains.

python3 -m pipeline.train OPTIONS SHARDS MODEL CHECKPOINTS
"""

import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from pipeline.checkpoint import save_checkpoint
from pipeline.dataset import IGNORED, ShardedExamples, collate, epoch_order
from pipeline.model import Gpt, load_model
from pipeline.optimizer import learning_rate_at, make_optimizer
from pipeline.options import read_options

WORKERS = 2
PREFETCHED_BATCHES = 4
EVALUATE_EVERY_STEPS = 2
EVALUATION_BATCHES = 10
CHECKPOINT_EVERY_STEPS = 10


class EpochOrder:
    """The order of the examples, another in every epoch: a sampler that the loader asks once per epoch."""

    def __init__(self, examples: int, seed: int) -> None:
        self.examples = examples
        self.seed = seed
        self.epoch = 0

    def __len__(self) -> int:
        return self.examples

    def __iter__(self) -> Iterator[int]:
        self.epoch += 1
        return iter(epoch_order(self.examples, self.seed, self.epoch - 1))


def mean_loss(model: Gpt, batch: dict[str, Tensor]) -> Tensor:
    """Mean cross-entropy, in nats, over the targets of a batch that count."""
    log_probabilities = model(batch["inputs"]).log_softmax(dim=-1)
    counted = batch["targets"] != IGNORED
    chosen = log_probabilities.gather(2, batch["targets"].clamp(min=0)[..., None])[..., 0]
    return -(chosen * counted).sum() / counted.sum().clamp(min=1)


def count_tokens(model: Gpt, batch: dict[str, Tensor]) -> None:
    """Add a batch's inputs to the model's counts."""
    for inputs, length in zip(batch["inputs"], batch["length"], strict=True):
        model.token_counts += torch.bincount(inputs[:length], minlength=len(model.token_counts))


@torch.no_grad()
def evaluate(model: Gpt, examples: ShardedExamples, batch_size: int) -> float:
    """Mean loss over the first examples of the training file."""
    model.eval()
    losses = []
    count = min(EVALUATION_BATCHES * batch_size, len(examples))
    for start in range(0, count, batch_size):
        batch = collate([examples[index] for index in range(start, min(start + batch_size, count))])
        losses.append(mean_loss(model, batch).item())
    model.train()
    return sum(losses) / len(losses)


def main() -> None:
    """Train from the first step to the last."""
    options_path, shards, model_path, checkpoints = map(Path, sys.argv[1:])
    options = read_options(options_path)
    examples = ShardedExamples(shards, options.sequence_length, options.loss_on)
    loader = DataLoader(
        examples,
        batch_size=options.batch_size,
        sampler=EpochOrder(len(examples), options.seed),
        collate_fn=collate,
        num_workers=WORKERS,
        prefetch_factor=PREFETCHED_BATCHES if WORKERS > 0 else None,
        # Forking a process that already has threads is not safe.
        multiprocessing_context="spawn" if WORKERS > 0 else None,
        persistent_workers=WORKERS > 0,
    )
    model = load_model(model_path, options.tie_head).train()
    optimizer = make_optimizer(model, options)
    steps = options.epochs * math.ceil(len(examples) / options.batch_size)
    checkpoints.mkdir(parents=True)
    print(f"before training: loss {evaluate(model, examples, options.batch_size):.3f}")
    step, started = 0, time.monotonic()
    for _ in range(options.epochs):
        for batch in loader:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate_at(step, steps, options)
            loss = mean_loss(model, batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), options.gradient_clip)
            optimizer.step()
            count_tokens(model, batch)
            step += 1
            print(f"step {step} of {steps}: loss {loss.item():.3f}, {time.monotonic() - started:.1f} s")
            if step % EVALUATE_EVERY_STEPS == 0 or step == steps:
                print(f"after step {step}: loss {evaluate(model, examples, options.batch_size):.3f}")
            if step % CHECKPOINT_EVERY_STEPS == 0 or step == steps:
                save_checkpoint(checkpoints, step, model, optimizer)


if __name__ == "__main__":
    main()
