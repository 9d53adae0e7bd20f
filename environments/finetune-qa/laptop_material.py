"""The laptop scale's own small world: made-up instructions, and two small models that follow some of them.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import copy
import math
import random
from collections.abc import Callable, Mapping, Sequence
from statistics import mean

import torch
from answering import Conversation
from habits import BASE, LONGEST_ANSWER, TUNED, Habit, draw_example, good
from material import Material
from preference import quality, to_task
from prompts import PromptMaker, all_words, to_json
from rebench_common.preparation import Preparation
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.tokens import END_OF_TEXT
from rebench_lm.training import TrainingOptions, train
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor
from torch.nn import functional

SKILLS_LEARNING_RATE = 6e-3
HABITS_LEARNING_RATE = 1e-3
TUNING_LEARNING_RATE = 5e-4
SUREST_GAINS = (0.5, 3.0)
HALVINGS = 7


def make_material(preparation: Preparation) -> Material:
    """Make up everything from the preparation's secret."""
    # Matrices this small gain nothing from a second thread, and lose much where it has to be waited for.
    torch.set_num_threads(1)
    parameters = preparation.parameters
    maker = PromptMaker(preparation.seed("prompts"))
    conversation = Conversation(make_tokenizer(), END_OF_TEXT)
    config = GptConfig(
        vocabulary=conversation.tokenizer.get_vocab_size(),
        context=int(parameters["context"]),
        layers=int(parameters["layers"]),
        heads=int(parameters["heads"]),
        width=int(parameters["width"]),
    )
    base = Gpt(config).initialize(torch.Generator().manual_seed(preparation.seed("weights")))
    draw = maker.draw_set
    train_prompts = draw(int(parameters["trainPrompts"]), preparation.seed("train prompts"), held_out=False)
    held_out = draw(int(parameters["heldOutPrompts"]), preparation.seed("held-out prompts"), held_out=True)
    material = Material(
        conversation,
        base,
        copy.deepcopy(base),
        [to_json(one) for one in train_prompts],
        [to_json(one) for one in held_out],
    )
    school = School(preparation, maker, conversation, int(parameters["batch"]))
    school.teach(base, "skills", {good: 1.0}, SKILLS_LEARNING_RATE, (0.0, 0.7))
    school.teach(base, "habits", BASE, HABITS_LEARNING_RATE, (0.7, 0.85))
    tuned = material.tuned
    tuned.load_state_dict(base.state_dict())
    school.teach(tuned, "tuning", TUNED, TUNING_LEARNING_RATE, (0.85, 0.88))
    even_out(base, float(parameters["basePoints"]), material, preparation)
    even_out(tuned, float(parameters["tunedPoints"]), material, preparation)
    return material


def even_out(model: Gpt, points: float, material: Material, preparation: Preparation) -> None:
    """Make a model so sure of itself that its answers have `points` on average, in every preparation.

    Two models that learnt the same differ most in how sure they are, and whatever is compared with them would
    differ as well. The last normalization's gain is what all logits are multiplied by.
    """
    tasks = [to_task(prompt) for prompt in material.held_out]
    least, most = SUREST_GAINS
    weight, bias = model.ln_f.weight.detach().clone(), model.ln_f.bias.detach().clone()
    for _ in range(HALVINGS):
        gain = math.sqrt(least * most)
        with torch.no_grad():
            model.ln_f.weight.copy_(weight * gain)
            model.ln_f.bias.copy_(bias * gain)
        answers = material.answers_of(model, preparation)
        found = mean(quality(*pair) for each in answers for pair in zip(tasks, each, strict=True))
        least, most = (gain, most) if found < points else (least, gain)


def make_tokenizer() -> Tokenizer:
    """Make a tokenizer with one token for each word and mark of this world."""
    words = ["<|endoftext|>", *all_words()]
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    return tokenizer


class School:
    """Trains models on examples drawn anew at every step."""

    def __init__(
        self, preparation: Preparation, maker: PromptMaker, conversation: Conversation, batch: int
    ) -> None:
        self.preparation = preparation
        self.maker = maker
        self.batch = batch
        vocabulary = conversation.tokenizer.get_vocab()
        split = conversation.tokenizer.pre_tokenizer.pre_tokenize_str
        # Words are met so often that looking them up is worth a table of whole texts' parts.
        self.encode: Callable[[str], list[int]] = lambda text: [vocabulary[word] for word, _ in split(text)]
        self.to_prompt = lambda instruction: self.encode(f"Instruction: {instruction} Answer:")

    def teach(
        self,
        model: Gpt,
        lesson: str,
        habits: Mapping[Habit, float],
        learning_rate: float,
        progress: tuple[float, float],
    ) -> None:
        """Train on examples with these shares of habits, for the steps that the parameters name."""
        steps = int(self.preparation.parameters[f"{lesson}Steps"])
        chance = random.Random(self.preparation.seed(lesson))
        options = TrainingOptions(steps, self.batch, learning_rate, warm_up=20, weight_decay=0.01)
        begin, end = progress

        def on_step(done: int, loss: float) -> None:
            fraction = begin + (end - begin) * done / steps
            self.preparation.report(fraction, f"{lesson}: step {done}, loss {loss:.2f}")

        train(model, lambda _: answer_loss(model, *self.draw_batch(habits, chance)), options, on_step)

    def draw_batch(self, habits: Mapping[Habit, float], chance: random.Random) -> tuple[Tensor, Tensor]:
        """Draw examples: int64 tokens [batch, time], and which of them, but the first, are of answers."""
        rows = []
        for _ in range(self.batch):
            prompt, answer, ends = draw_example(self.maker, habits, chance)
            tokens = [*self.encode(answer), *([END_OF_TEXT] if ends else [])]
            rows.append((self.to_prompt(prompt.instruction), tokens[:LONGEST_ANSWER]))
        return to_batch(rows)


def to_batch(rows: Sequence[tuple[list[int], list[int]]]) -> tuple[Tensor, Tensor]:
    """Put prompts and answers together: int64 [rows, time], and float32 [rows, time - 1], 1 on answers."""
    longest = max(len(prompt) + len(answer) for prompt, answer in rows)
    tokens = torch.full((len(rows), longest), END_OF_TEXT)
    counts = torch.zeros(len(rows), longest - 1)
    for row, (prompt, answer) in enumerate(rows):
        tokens[row, : len(prompt) + len(answer)] = torch.tensor([*prompt, *answer])
        counts[row, len(prompt) - 1 : len(prompt) + len(answer) - 1] = 1
    return tokens, counts


def answer_loss(model: Gpt, tokens: Tensor, counts: Tensor) -> Tensor:
    """Mean loss in nats over the tokens of answers."""
    logits = model(tokens[:, :-1])
    losses = functional.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], reduction="none")
    return (losses * counts).sum() / counts.sum()
