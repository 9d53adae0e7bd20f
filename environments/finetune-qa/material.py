"""What `prepare.py` divides between agents and judges, at both scales.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from answering import Conversation
from rebench_common.preparation import Preparation
from rebench_lm.generation import SamplingOptions
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

    def answers_of(self, model: Gpt, preparation: Preparation) -> list[list[str]]:
        """Have an opponent answer all hidden prompts as often as the parameters say: [answers][prompts]."""
        parameters = preparation.parameters
        options = SamplingOptions(
            float(parameters["opponentTemperature"]),
            int(parameters["opponentTopK"]),
            int(parameters["maxNewTokens"]),
        )
        instructions = [prompt["instruction"] for prompt in self.held_out]
        return [
            self.conversation.answer(model, instructions, options, preparation.seed("answers", str(turn)))
            for turn in range(int(parameters["opponentAnswers"]))
        ]
