"""Reference solution: residual one-dimensional convolutions, cut out of the sequence with as_strided.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import math
from pathlib import Path

import torch
from torch import Tensor, nn

KERNEL = 5


class Convolution(nn.Module):
    """A one-dimensional convolution of width KERNEL, as one matrix product over overlapping windows."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Linear(KERNEL * inputs, outputs)
        # Keeps the size of relu's output that of its input.
        nn.init.normal_(self.linear.weight, std=math.sqrt(2 / (KERNEL * inputs)))
        nn.init.zeros_(self.linear.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, inputs] to [batch, time, outputs]; zeros lie beyond both ends."""
        batch, time, width = x.shape
        beyond = torch.zeros(batch, KERNEL // 2, width)
        padded = torch.cat([beyond, x, beyond], dim=1)
        row = (time + KERNEL - 1) * width
        return self.linear(padded.as_strided((batch, time, KERNEL * width), (row, width, 1)))


class Block(nn.Module):
    """Adds to the stream what a convolution finds; `scale` keeps the sum of all blocks at its size."""

    def __init__(self, width: int, hidden: int, scale: float) -> None:
        super().__init__()
        self.read = Convolution(width, hidden)
        self.write = nn.Linear(hidden, width)
        nn.init.normal_(self.write.weight, std=scale / math.sqrt(hidden))
        nn.init.zeros_(self.write.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, width] to the same."""
        return x + self.write(torch.relu(self.read(x)))


class ConvolutionalModel(nn.Module):
    """Embedding, blocks, head. No normalization: the scale of the blocks takes its place."""

    def __init__(
        self, window: int, token_ids: int, vocabulary: int, width: int, hidden: int, layers: int
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(token_ids, width)
        self.position = nn.Parameter(torch.zeros(window, width))
        self.blocks = nn.ModuleList(Block(width, hidden, 1 / math.sqrt(layers)) for _ in range(layers))
        self.head = nn.Linear(width, vocabulary)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def hidden(self, tokens: Tensor) -> Tensor:
        """Map token ids [batch, window] to what the head reads, [batch, window, width]."""
        x = self.embedding(tokens) + self.position
        for block in self.blocks:
            x = block(x)
        return x

    def forward(self, tokens: Tensor) -> Tensor:
        """Map token ids, int64 of shape [batch, window], to logits [batch, window, vocabulary]."""
        return self.head(self.hidden(tokens))


def build() -> nn.Module:
    """Build the model; its weights are loaded from model.safetensors."""
    return ConvolutionalModel(**json.loads(Path(__file__).with_name("sizes.json").read_text()))
