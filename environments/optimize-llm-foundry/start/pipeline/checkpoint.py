"""Checkpoints: everything it takes to go on with a run."""

from pathlib import Path

import torch

from pipeline.model import Gpt


def save_checkpoint(folder: Path, step: int, model: Gpt, optimizer: torch.optim.Optimizer) -> None:
    """Write the state after so many steps."""
    state = {"step": step, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, folder / f"step-{step:06d}.pt")


def latest_checkpoint(folder: Path) -> Path:
    """Return the newest checkpoint's path."""
    return max(folder.glob("step-*.pt"))


def load_checkpoint(path: Path) -> dict:
    """Read a checkpoint."""
    return torch.load(path, map_location="cpu", weights_only=True)
