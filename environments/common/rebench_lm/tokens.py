"""Tokenized text on disk and in batches."""

from pathlib import Path

import numpy as np
import torch

END_OF_TEXT = 0
"""Stands between documents in the small vocabularies made here (GPT-2's is 50256)."""
MASK = 1
"""What a masked language model sees where a token is hidden; never in a text."""


def save_tokens(path: Path, tokens: np.ndarray) -> None:
    """Write token ids below 65,536 as plain little-endian 16-bit numbers."""
    tokens.astype("<u2").tofile(path)


def open_tokens(path: Path) -> np.ndarray:
    """Map a token file into memory, read-only: uint16 of shape [tokens]."""
    return np.memmap(path, dtype="<u2", mode="r")


def random_windows(
    tokens: np.ndarray, count: int, length: int, generator: np.random.Generator
) -> torch.Tensor:
    """Draw windows of consecutive tokens, with replacement: int64 of shape [count, length]."""
    starts = generator.integers(0, len(tokens) - length + 1, size=count)
    windows = np.lib.stride_tricks.sliding_window_view(tokens, length)[starts]
    return torch.from_numpy(windows.astype(np.int64))
