"""The language model: a GPT without biases for queries, keys and values."""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

HEAD_WIDTH = 32
ACTIVATION_CHECKPOINTING = 1
"""1: activations of a layer are computed again for its gradients, which saves memory; 0: they are kept."""


class Attention(nn.Module):
    """Causal self-attention with heads of `HEAD_WIDTH`."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = width // HEAD_WIDTH
        self.query_key_value = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        batch, time, width = x.shape
        mixed = self.query_key_value(x).view(batch, time, 3, self.heads, HEAD_WIDTH)
        outputs = []
        for head in range(self.heads):
            query, key, value = (mixed[:, :, part, head] for part in range(3))
            scores = query @ key.transpose(1, 2) / math.sqrt(HEAD_WIDTH)
            future = torch.ones(time, time, dtype=torch.bool).triu(1)
            scores = scores.masked_fill(future, -math.inf)
            highest = scores.max(dim=-1, keepdim=True).values.detach()
            weights = (scores - highest).exp()
            weights = weights / weights.sum(dim=-1, keepdim=True)
            outputs.append(weights @ value)
        return self.out(torch.cat(outputs, dim=-1))


class Mlp(nn.Module):
    """The feed-forward part of a layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        x = self.up(x)
        # GELU in its form with tanh.
        x = 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
        return self.down(x)


class Layer(nn.Module):
    """Attention, then feed-forward, each on a normalized input and added to it."""

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


class Gpt(nn.Module):
    """A decoder-only transformer."""

    def __init__(self, vocabulary: int, context: int, layers: int, width: int, tie_head: bool) -> None:
        super().__init__()
        self.wte = nn.Embedding(vocabulary, width)
        self.wpe = nn.Embedding(context, width)
        self.h = nn.ModuleList(Layer(width) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        if tie_head:
            self.lm_head.weight = self.wte.weight
        self.register_buffer("token_counts", torch.zeros(vocabulary, dtype=torch.int64))
        self.token_counts: Tensor
        """How often each token has been an input in training, padding left out."""

    def forward(self, tokens: Tensor) -> Tensor:
        """Map token ids, int64 of shape [batch, time], to logits [batch, time, vocabulary]."""
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1]))
        for layer in self.h:
            if ACTIVATION_CHECKPOINTING and self.training:
                x = checkpoint(layer, x, use_reentrant=False)
            else:
                x = layer(x)
        return self.lm_head(self.ln_f(x))


def load_model(path: Path, tie_head: bool) -> Gpt:
    """Load a model in the form in which `pipeline.export` writes one."""
    tensors = load_file(path)
    vocabulary, width = tensors["wte.weight"].shape
    layers = sum(name.endswith(".ln_1.weight") for name in tensors)
    model = Gpt(vocabulary, tensors["wpe.weight"].shape[0], layers, width, tie_head)
    if tie_head:
        tensors["lm_head.weight"] = tensors["wte.weight"]
    model.load_state_dict(tensors)
    return model
