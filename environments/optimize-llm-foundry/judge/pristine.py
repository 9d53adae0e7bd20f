"""What the pipeline's weights have to be: the same arithmetic in one process, without the waste of time.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

Independent of the code in `start/`, so that a change there does not move what the judge expects; tests hold
the two together. Written plainly instead of as fast as it could be.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jobs import Example, Job, Options
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

END_OF_TEXT = "<|endoftext|>"
HEAD_WIDTH = 32
IGNORED = -100
FINAL_RATE = 0.3
"""Share that schedules fall to: near nothing, the last steps could be left out within the tolerance."""


class Attention(nn.Module):
    """Causal self-attention."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        heads = self.query_key_value(x).unflatten(2, (3, -1, HEAD_WIDTH)).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(*heads.unbind(0), is_causal=True)
        return self.out(mixed.transpose(1, 2).flatten(2))


class Mlp(nn.Module):
    """The feed-forward part of a layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        return self.down(functional.gelu(self.up(x), approximate="tanh"))


class Layer(nn.Module):
    """Attention, then feed-forward."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attention = Attention(width)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = Mlp(width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        x = x + self.attention(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


@dataclass(frozen=True)
class Sizes:
    """Sizes of the model."""

    vocabulary: int
    context: int
    layers: int
    width: int
    """A multiple of `HEAD_WIDTH`."""


def sizes_of(parameters: Mapping[str, Any]) -> Sizes:
    """Read the sizes from the parameters in environment.yaml."""
    return Sizes(**{name: int(parameters[name]) for name in ("vocabulary", "context", "layers", "width")})


class Gpt(nn.Module):
    """The model, with the names of the files of weights; the head is tied until `untie`."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.wte = nn.Embedding(sizes.vocabulary, sizes.width)
        self.wpe = nn.Embedding(sizes.context, sizes.width)
        self.h = nn.ModuleList(Layer(sizes.width) for _ in range(sizes.layers))
        self.ln_f = nn.LayerNorm(sizes.width)
        self.lm_head = nn.Linear(sizes.width, sizes.vocabulary, bias=False)
        self.lm_head.weight = self.wte.weight
        self.register_buffer("token_counts", torch.zeros(sizes.vocabulary, dtype=torch.int64))
        self.token_counts: Tensor

    def untie(self) -> None:
        """Give the head weights of its own."""
        self.lm_head.weight = nn.Parameter(self.wte.weight.detach().clone())

    def forward(self, tokens: Tensor) -> Tensor:
        """Map token ids, int64 of shape [batch, time], to logits [batch, time, vocabulary]."""
        x = self.wte(tokens) + self.wpe.weight[: tokens.shape[1]]
        for layer in self.h:
            x = layer(x)
        return self.lm_head(self.ln_f(x))


def fine_tune(sizes: Sizes, base: dict[str, Tensor], tokenizer: Tokenizer, job: Job) -> dict[str, Tensor]:
    """Return the weights a job must lead to, under the names of `base`."""
    options = job.options
    model = Gpt(sizes)
    if not options.tie_head:
        model.untie()
    model.load_state_dict(base)
    frozen = [name for name, _ in model.named_parameters() if name.startswith(options.freeze)]
    trained = {name: p for name, p in model.named_parameters() if name not in frozen}
    for name in frozen:
        model.get_parameter(name).requires_grad_(False)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in trained.values() if p.dim() == 2], "weight_decay": options.weight_decay},
            {"params": [p for p in trained.values() if p.dim() == 1], "weight_decay": 0.0},
        ],
        betas=(0.9, options.beta2),
        # Where gradients cancel out, what is left of them is noise, which a smaller one would make large.
        eps=1e-6,
        fused=True,
    )
    batches = [
        batch
        for epoch in range(options.epochs)
        for batch in _batches(_tokenize(job.examples, tokenizer, options), options, epoch)
    ]
    for step, (inputs, targets, lengths) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate_at(step, len(batches), options)
        counted = targets != IGNORED
        logits = model(inputs)[counted]
        loss = functional.cross_entropy(logits, targets[counted]) if len(logits) > 0 else logits.sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained.values(), options.gradient_clip)
        optimizer.step()
        real = torch.arange(inputs.shape[1]) < lengths[:, None]
        model.token_counts += torch.bincount(inputs[real], minlength=sizes.vocabulary)
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def learning_rate_at(step: int, steps: int, options: Options) -> float:
    """Return the learning rate of a step, counted from 0."""
    warmup = options.warmup_steps
    done = max(0.0, (step - warmup) / max(1, steps - warmup))
    falls = {"constant": 1.0, "linear": 1 - done, "cosine": 0.5 * (1 + math.cos(math.pi * done))}
    share = FINAL_RATE + (1 - FINAL_RATE) * falls[options.schedule]
    return options.learning_rate * min(1.0, (step + 1) / (warmup + 1)) * share


def _tokenize(
    examples: Sequence[Example], tokenizer: Tokenizer, options: Options
) -> list[tuple[list[int], int]]:
    """Token ids of each example, cut off, and the position of the first that can count."""

    def encode(texts: list[str]) -> list[list[int]]:
        return [one.ids for one in tokenizer.encode_batch(texts, add_special_tokens=False)]

    prompts = encode([example.prompt for example in examples])
    responses = encode([example.response for example in examples])
    end = tokenizer.token_to_id(END_OF_TEXT)
    return [
        (
            [*prompt, *response, end][: options.sequence_length],
            1 if options.loss_on == "all" else max(1, len(prompt)),
        )
        for prompt, response in zip(prompts, responses, strict=True)
    ]


def _batches(
    sequences: list[tuple[list[int], int]], options: Options, epoch: int
) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Return (inputs, targets, lengths) of each batch: int64 [batch, time], the same, int64 [batch]."""
    order = list(range(len(sequences)))
    random.Random(options.seed * 1_000 + epoch).shuffle(order)
    batches = []
    for start in range(0, len(order), options.batch_size):
        chosen = [sequences[index] for index in order[start : start + options.batch_size]]
        longest = max(len(tokens) for tokens, _ in chosen) - 1
        inputs = torch.zeros(len(chosen), longest, dtype=torch.int64)
        targets = torch.full_like(inputs, IGNORED)
        for row, (tokens, first) in enumerate(chosen):
            inputs[row, : len(tokens) - 1] = torch.tensor(tokens[:-1])
            targets[row, first - 1 : len(tokens) - 1] = torch.tensor(tokens[first:])
        batches.append((inputs, targets, torch.tensor([len(tokens) - 1 for tokens, _ in chosen])))
    return batches
