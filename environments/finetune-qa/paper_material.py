"""The paper's scale: GPT-2 XL, and instructions from a file in Alpaca's format.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import copy
import json
import random
from pathlib import Path
from typing import Any

import torch
from answering import Conversation
from laptop_material import answer_loss, to_batch
from material import Material
from rebench_common.preparation import Preparation
from rebench_corpus.gpt2 import load_gpt2, load_gpt2_tokenizer
from rebench_corpus.hub import fetch_pinned
from rebench_corpus.safe_http import DownloadError
from rebench_lm.gpt import Gpt
from rebench_lm.training import TrainingOptions, train

REPOSITORY = "yahma/alpaca-cleaned"
FILE = "alpaca_data_cleaned.json"
LEARNING_RATE = 1e-5


def make_material(preparation: Preparation) -> Material:
    """Load the model and the instructions, and tune the second opponent on the file's own answers.

    Raises DownloadError, with the command that makes the pin, while the file has none.
    """
    parameters = preparation.parameters
    records = read_records(fetch_instructions(preparation))
    tokenizer = load_gpt2_tokenizer(preparation)
    conversation = Conversation(tokenizer, tokenizer.token_to_id("<|endoftext|>"))
    longest = int(parameters["longestPromptTokens"])
    fitting = [record for record in records if len(conversation.encode(record["instruction"])) <= longest]
    random.Random(preparation.seed("split")).shuffle(fitting)
    counts = [int(parameters[name]) for name in ("heldOutPrompts", "trainPrompts", "tuningExamples")]
    if sum(counts) > len(fitting):
        raise ValueError(f"{FILE} holds {len(fitting)} instructions that fit; {sum(counts)} are asked for")
    held_out, train_prompts, examples = (
        fitting[sum(counts[:part]) : sum(counts[: part + 1])] for part in range(3)
    )
    base = load_gpt2(preparation, parameters["baseModel"])
    tuned = copy.deepcopy(base)
    tune(preparation, conversation, tuned, examples)

    def without_answers(records: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [{"instruction": record["instruction"]} for record in records]

    return Material(conversation, base, tuned, without_answers(train_prompts), without_answers(held_out))


def fetch_instructions(preparation: Preparation) -> Path:
    """Return the pinned file. Raises DownloadError."""
    try:
        return fetch_pinned(preparation, "datasets", REPOSITORY, FILE)
    except DownloadError as error:
        # Nobody has pinned even a revision yet.
        raise DownloadError(
            f"{error} Here: python3 -m rebench_corpus.hub pin datasets {REPOSITORY} {FILE} "
            f"--revision COMMIT --write, with the commit of {REPOSITORY} to be used."
        ) from None


def read_records(path: Path) -> list[dict[str, str]]:
    """Read different instructions that need no further input, each with its answer."""
    records = {}
    for record in json.loads(path.read_text(encoding="utf-8")):
        instruction, answer = record["instruction"].strip(), record["output"].strip()
        if instruction and answer and not record.get("input", "").strip():
            records.setdefault(instruction, {"instruction": instruction, "answer": answer})
    return list(records.values())


def tune(
    preparation: Preparation, conversation: Conversation, model: Gpt, examples: list[dict[str, str]]
) -> None:
    """Train once on every example's answer."""
    parameters = preparation.parameters
    device = torch.device("cuda" if parameters["gpu"] and torch.cuda.is_available() else "cpu")
    batch, longest = int(parameters["tuningBatch"]), int(parameters["longestAnswerTokens"])
    pairs = []
    for example in examples:
        answer = [*conversation.encode_text(f" {example['answer']}"), conversation.end_of_text]
        pairs.append((conversation.encode(example["instruction"]), answer[:longest]))
    model.to(device)

    def loss_of(step: int) -> torch.Tensor:
        tokens, counts = to_batch(pairs[step * batch : (step + 1) * batch])
        return answer_loss(model, tokens.to(device), counts.to(device))

    def on_step(done: int, loss: float) -> None:
        preparation.report(0.2 + 0.5 * done / steps, f"tuning: step {done}, loss {loss:.2f}")

    steps = len(pairs) // batch
    train(model, loss_of, TrainingOptions(steps, batch, LEARNING_RATE, warm_up=20), on_step)
    model.to("cpu")
