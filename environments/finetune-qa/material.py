"""What `prepare.py` divides between agents and judges, at both scales.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from answering import Conversation
from rebench_lm.gpt import Gpt


@dataclass(frozen=True)
class Material:
    """What a scale starts from."""

    conversation: Conversation
    base: Gpt
    tuned: Gpt
    """The second opponent."""
    train: Sequence[dict[str, Any]]
    """Prompts for agents; each has an `instruction`, and what else the preference needs."""
    held_out: Sequence[dict[str, Any]]
