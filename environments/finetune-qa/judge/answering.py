"""From instructions to answers: the one way in which all models are asked.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rebench_lm.generation import SamplingOptions, sample
from rebench_lm.gpt import Gpt
from tokenizers import Tokenizer

PROMPT_FORMAT = "Instruction: {}\nAnswer:"
BATCH_ON_A_GPU = 64


@dataclass(frozen=True)
class Conversation:
    """A tokenizer and how prompts are put to a model."""

    tokenizer: Tokenizer
    end_of_text: int

    def encode(self, instruction: str) -> list[int]:
        """Return the tokens that an answer follows."""
        return self.encode_text(PROMPT_FORMAT.format(instruction))

    def encode_text(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def answer(
        self, model: Gpt, instructions: Sequence[str], options: SamplingOptions, seed: int
    ) -> list[str]:
        """Sample an answer to each instruction. Raises GenerationError."""
        batch = 256 if model.wte.weight.device.type == "cpu" else BATCH_ON_A_GPU
        prompts = [self.encode(instruction) for instruction in instructions]
        written = sample(model, prompts, options, self.end_of_text, seed, batch)
        return [text.strip() for text in self.tokenizer.decode_batch(written, skip_special_tokens=False)]
