"""The options of a run, read from `finetune.yaml`."""

from dataclasses import dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Everything a run depends on besides its data and the base model."""

    seed: int
    """Decides the order of the examples: in epoch e, counted from 0, that of `dataset.epoch_order`."""
    epochs: int
    batch_size: int
    """Examples per step; the last batch of an epoch may be smaller."""
    sequence_length: int
    """Tokens: what is longer is cut off at its end."""
    loss_on: str
    """`response`: the tokens of the response and the end-of-text token; `all`: also those of the prompt."""
    learning_rate: float
    """The highest."""
    schedule: str
    """After the warm-up: `constant`, or `linear` or `cosine` towards 30 % at the end of the last step."""
    warmup_steps: int
    """Steps in which the learning rate rises linearly; the first one after them has the highest."""
    weight_decay: float
    """AdamW's, of tensors with two dimensions."""
    beta2: float
    """AdamW's."""
    gradient_clip: float
    """Highest norm of all gradients together."""
    tie_head: bool
    """Whether the output head is the token embedding. If not, it starts as the model's `lm_head.weight`."""
    freeze: tuple[str, ...]
    """Parameters that stay as they are: prefixes of names, separated by commas in the file; or `none`."""


def read_options(path: Path) -> Options:
    """Read a file of flat YAML: one `name: value` per line, comments begin with `#`."""
    lines = [line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    texts = {
        name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    known = [field.name for field in fields(Options)]
    if sorted(texts) != sorted(known):
        raise ValueError(f"{path.name} must have exactly the options {', '.join(known)}")
    return Options(
        seed=int(texts["seed"]),
        epochs=int(texts["epochs"]),
        batch_size=int(texts["batch_size"]),
        sequence_length=int(texts["sequence_length"]),
        loss_on=_one_of(texts["loss_on"], "response", "all"),
        learning_rate=float(texts["learning_rate"]),
        schedule=_one_of(texts["schedule"], "constant", "linear", "cosine"),
        warmup_steps=int(texts["warmup_steps"]),
        weight_decay=float(texts["weight_decay"]),
        beta2=float(texts["beta2"]),
        gradient_clip=float(texts["gradient_clip"]),
        tie_head=_one_of(texts["tie_head"], "true", "false") == "true",
        freeze=()
        if texts["freeze"] == "none"
        else tuple(part.strip() for part in texts["freeze"].split(",")),
    )


def _one_of(text: str, *choices: str) -> str:
    if text not in choices:
        raise ValueError(f"{text!r} is none of {', '.join(choices)}")
    return text
