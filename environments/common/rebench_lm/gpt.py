"""A GPT with the architecture and the parameter names of GPT-2.

A checkpoint of GPT-2 in safetensors loads as it is, apart from the masks some of them carry.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class GptConfig:
    """Sizes of a GPT."""

    vocabulary: int
    context: int
    """Longest window, in tokens."""
    layers: int
    heads: int
    width: int
    """Size of the residual stream; a multiple of `heads`."""


class Linear(nn.Module):
    """A linear layer whose weight has the shape [inputs, outputs], as GPT-2 keeps it."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Map [..., inputs] to [..., outputs]."""
        return torch.addmm(self.bias, x.flatten(0, -2), self.weight).unflatten(0, x.shape[:-1])


class Attention(nn.Module):
    """Causal self-attention with several heads."""

    def __init__(self, config: GptConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.c_attn = Linear(config.width, 3 * config.width)
        self.c_proj = Linear(config.width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        batch, time, width = x.shape
        query, key, value = (
            part.view(batch, time, self.heads, width // self.heads).transpose(1, 2)
            for part in self.c_attn(x).split(width, dim=-1)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.c_proj(mixed.transpose(1, 2).reshape(batch, time, width))


class Mlp(nn.Module):
    """The feed-forward part of a block."""

    def __init__(self, config: GptConfig) -> None:
        super().__init__()
        self.c_fc = Linear(config.width, 4 * config.width)
        self.c_proj = Linear(4 * config.width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        return self.c_proj(functional.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    """One layer: attention, then feed-forward, each on a normalized input and added to it."""

    def __init__(self, config: GptConfig) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.width)
        self.attn = Attention(config)
        self.ln_2 = nn.LayerNorm(config.width)
        self.mlp = Mlp(config)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    """A decoder-only transformer; the embedding of the tokens is the output head as well."""

    def __init__(self, config: GptConfig) -> None:
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config.vocabulary, config.width)
        self.wpe = nn.Embedding(config.context, config.width)
        self.h = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.ln_f = nn.LayerNorm(config.width)

    def initialize(self, generator: torch.Generator) -> "Gpt":
        """Draw all weights anew, as GPT-2 does: normal with 0.02, less where layers add to the stream."""
        for name, parameter in self.named_parameters():
            if parameter.dim() == 1:
                continue
            scale = 0.02 / (2 * self.config.layers) ** 0.5 if name.endswith("c_proj.weight") else 0.02
            nn.init.normal_(parameter, std=scale, generator=generator)
        return self

    def hidden(self, embedded: Tensor) -> Tensor:
        """Map embedded tokens to what the head reads; both of shape [batch, time, width]."""
        x = embedded + self.wpe.weight[: embedded.shape[1]]
        for block in self.h:
            x = block(x)
        return self.ln_f(x)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map token ids, int64 of shape [batch, time], to logits [batch, time, vocabulary]."""
        return self.hidden(self.wte(tokens)) @ self.wte.weight.T
