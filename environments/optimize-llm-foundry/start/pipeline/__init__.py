"""A small fine-tuning pipeline: `convert`, then `train`, then `export`, each a program of its own."""

from pipeline.checkpoint import latest_checkpoint, load_checkpoint, save_checkpoint
from pipeline.dataset import ShardedExamples, collate
from pipeline.model import Gpt, load_model
from pipeline.optimizer import learning_rate_at, make_optimizer
from pipeline.options import Options, read_options

__all__ = [
    "Gpt",
    "Options",
    "ShardedExamples",
    "collate",
    "latest_checkpoint",
    "learning_rate_at",
    "load_checkpoint",
    "load_model",
    "make_optimizer",
    "read_options",
    "save_checkpoint",
]
