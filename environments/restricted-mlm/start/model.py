"""Starting solution: a small multi-layer perceptron over the whole window."""

import json
from pathlib import Path

import torch
from torch import Tensor, nn

WIDTH = 32
HIDDEN = 128


class Perceptron(nn.Module):
    """Reads all tokens of a window at once, and says something about each position."""

    def __init__(self, window: int, token_ids: int, vocabulary: int) -> None:
        super().__init__()
        self.window = window
        self.embedding = nn.Embedding(token_ids, WIDTH)
        self.read = nn.Linear(window * WIDTH, HIDDEN)
        self.write = nn.Linear(HIDDEN, window * WIDTH)
        self.head = nn.Linear(WIDTH, vocabulary)

    def hidden(self, tokens: Tensor) -> Tensor:
        """Map token ids [batch, window] to what the head reads, [batch, window, WIDTH]."""
        batch = tokens.shape[0]
        seen = self.embedding(tokens).reshape(batch, self.window * WIDTH)
        return self.write(torch.relu(self.read(seen))).reshape(batch, self.window, WIDTH)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map token ids, int64 of shape [batch, window], to logits [batch, window, vocabulary]."""
        return self.head(self.hidden(tokens))


def build() -> nn.Module:
    """Build the model; its weights are loaded from model.safetensors."""
    return Perceptron(**json.loads(Path(__file__).with_name("sizes.json").read_text()))
