"""Sampling from a GPT: many prompts at once, with the keys and values of earlier tokens kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from rebench_lm.gpt import Gpt


@dataclass(frozen=True)
class SamplingOptions:
    """How tokens are drawn."""

    temperature: float
    """What logits are divided by; 0 takes the most probable token."""
    top_k: int
    """Only so many of the most probable tokens can be drawn."""
    max_new_tokens: int


class GenerationError(Exception):
    """A model cannot be sampled from. The text is safe to show."""


@torch.inference_mode()
def sample(
    model: Gpt,
    prompts: Sequence[Sequence[int]],
    options: SamplingOptions,
    end_of_text: int,
    seed: int,
    batch: int = 256,
) -> list[list[int]]:
    """Continue each prompt until `end_of_text`, which is left out, or for `max_new_tokens`.

    A prompt's chance hangs on `seed` and its place among the prompts alone, so two models asked with the same
    seed have the same luck. Raises GenerationError where a prompt does not fit into the context or where
    logits are NaN or infinite.
    """
    for prompt in prompts:
        if not 0 < len(prompt) <= model.config.context - options.max_new_tokens:
            raise GenerationError(
                f"a prompt of {len(prompt)} tokens and {options.max_new_tokens} new ones do not fit into a "
                f"context of {model.config.context}"
            )
    generator = torch.Generator().manual_seed(seed)
    chances = torch.rand(len(prompts), options.max_new_tokens, generator=generator, dtype=torch.float64)
    answers: list[list[int]] = [[] for _ in prompts]
    # Prompts of like length side by side: less padding.
    order = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        written = _sample_batch(model, [prompts[row] for row in rows], chances[rows], options, end_of_text)
        for row, tokens in zip(rows, written, strict=True):
            answers[row] = tokens
    return answers


def _sample_batch(
    model: Gpt,
    prompts: Sequence[Sequence[int]],
    chances: Tensor,
    options: SamplingOptions,
    end_of_text: int,
) -> list[list[int]]:
    device = model.wte.weight.device
    chances = chances.to(device)
    longest = max(len(prompt) for prompt in prompts)
    # Padded on the left, so that all rows go on at the same place.
    lengths = torch.tensor([len(prompt) for prompt in prompts], device=device)
    tokens = torch.tensor([[0] * (longest - len(prompt)) + list(prompt) for prompt in prompts], device=device)
    padding = longest - lengths
    cache = _Cache(model, len(prompts), longest + options.max_new_tokens)
    rows = torch.arange(len(prompts), device=device)
    written: list[list[int]] = [[] for _ in prompts]
    for step in range(options.max_new_tokens):
        logits = cache.advance(tokens, padding)
        chosen = _choose(logits, chances[rows, step], options)
        goes_on = chosen != end_of_text
        for row, token in zip(rows[goes_on].tolist(), chosen[goes_on].tolist(), strict=True):
            written[row].append(token)
        if not bool(goes_on.any()):
            break
        if not bool(goes_on.all()):
            rows, padding, chosen = rows[goes_on], padding[goes_on], chosen[goes_on]
            cache.keep(goes_on)
        tokens = chosen[:, None]
    return written


class _Cache:
    """Keys and values of the tokens so far: float [layers, rows, heads, time, width / heads]."""

    def __init__(self, model: Gpt, rows: int, time: int) -> None:
        config = model.config
        shape = (config.layers, rows, config.heads, time, config.width // config.heads)
        self.model = model
        self.time = 0
        self.keys = torch.empty(shape, device=model.wte.weight.device, dtype=model.wte.weight.dtype)
        self.values = torch.empty_like(self.keys)

    def keep(self, chosen: Tensor) -> None:
        """Forget the rows that are not chosen: bool of shape [rows]."""
        self.keys, self.values = self.keys[:, chosen], self.values[:, chosen]

    def advance(self, tokens: Tensor, padding: Tensor) -> Tensor:
        """Take int64 tokens [rows, new] further and return the logits [rows, vocabulary] after the last.

        `padding`, int64 of shape [rows], is how many of the first tokens of each row are nothing.
        """
        model, new = self.model, tokens.shape[1]
        begin, end = self.time, self.time + new
        at = torch.arange(begin, end, device=tokens.device)
        seen = torch.arange(end, device=tokens.device)
        # What is nothing sees itself, since a row of attention that sees nothing is NaN.
        mask = (seen <= at[:, None]) & (seen >= padding[:, None, None]) | (seen == at[:, None])
        x = model.wte(tokens) + model.wpe((at - padding[:, None]).clamp(min=0))
        for layer, block in enumerate(model.h):
            x = x + self._attend(layer, block.attn, block.ln_1(x), mask[:, None], begin, end)
            x = x + block.mlp(block.ln_2(x))
        self.time = end
        return model.ln_f(x[:, -1]) @ model.wte.weight.T

    def _attend(
        self, layer: int, attention: torch.nn.Module, x: Tensor, mask: Tensor, begin: int, end: int
    ) -> Tensor:
        rows, new, width = x.shape
        query, key, value = (
            part.view(rows, new, attention.heads, width // attention.heads).transpose(1, 2)
            for part in attention.c_attn(x).split(width, dim=-1)
        )
        keys, values = self.keys[layer], self.values[layer]
        keys[:, :, begin:end], values[:, :, begin:end] = key, value
        mixed = functional.scaled_dot_product_attention(
            query, keys[:, :, :end], values[:, :, :end], attn_mask=mask
        )
        return attention.c_proj(mixed.transpose(1, 2).reshape(rows, new, width))


def _choose(logits: Tensor, chances: Tensor, options: SamplingOptions) -> Tensor:
    """Draw a token for each row of [rows, vocabulary] by its chance, in [0, 1): int64 of shape [rows]."""
    if not bool(torch.isfinite(logits).all()):
        raise GenerationError("the model's logits are NaN or infinite")
    if options.temperature == 0:
        return logits.argmax(dim=-1)
    best, tokens = logits.double().topk(min(options.top_k, logits.shape[-1]), dim=-1)
    # From the best one down, so that a quotient of any size stays finite where it matters.
    probabilities = ((best - best[:, :1]) / options.temperature).softmax(dim=-1)
    reached = probabilities.cumsum(dim=-1)
    place = torch.searchsorted(reached, chances[:, None], right=True).clamp(max=reached.shape[-1] - 1)
    return tokens.gather(1, place).squeeze(1)
