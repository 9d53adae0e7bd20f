"""Reference solution: four rounds of training on the best of eight answers, and careful sampling.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

Each round, the model answers prompts it has not been trained on yet; eight answers to each meet in a single
elimination, and the model is trained on the winners. Writes model.safetensors and generation.json into the
current folder.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--assets", type=Path, default=Path("/assets"))
PARSER.add_argument("--seed", type=int, default=0)
PARSER.add_argument("--rounds", type=int, default=4)
PARSER.add_argument("--prompts", type=int, help="of one round")
ARGUMENTS = PARSER.parse_args()
# The shared code lies among the assets.
sys.path.insert(0, str(ARGUMENTS.assets))

import torch  # noqa: E402
from rebench_lm.generation import SamplingOptions, sample  # noqa: E402
from rebench_lm.gpt import Gpt, GptConfig  # noqa: E402
from rebench_lm.training import TrainingOptions, train  # noqa: E402
from rebench_lm.weights import read_weights, save_weights, specs_of  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from torch.nn import functional  # noqa: E402

CANDIDATES = 8
"""Answers to a prompt that meet; a power of two."""
SAMPLING = SamplingOptions(temperature=0.7, top_k=8, max_new_tokens=20)
"""For the candidates, and handed in."""


@dataclass(frozen=True)
class Plan:
    """How much a round does."""

    prompts: int
    epochs: int
    batch: int
    learning_rate: float


SMALL_MODEL = Plan(prompts=64, epochs=2, batch=32, learning_rate=8e-4)
GPT2_XL = Plan(prompts=2_048, epochs=1, batch=16, learning_rate=1e-5)


class Tuning:
    """A model on its way to better answers."""

    def __init__(self, assets: Path, seed: int) -> None:
        self.facts = json.loads((assets / "model.json").read_text())
        self.tokenizer = Tokenizer.from_file(str(assets / "tokenizer.json"))
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = Gpt(GptConfig(**self.facts["config"]))
        self.model.load_state_dict(read_weights(assets / "base.safetensors", specs_of(self.model)))
        self.model.to(self.device)
        self.plan = SMALL_MODEL if self.model.config.layers < 12 else GPT2_XL
        self.seed = seed
        self.prompts = [
            self.tokenizer.encode(self.facts["promptFormat"].format(text), add_special_tokens=False).ids
            for text in json.loads((assets / "prompts.json").read_text())
        ]

    def play_round(self, number: int, count: int) -> None:
        """Sample, compare and train once, on the next prompts, from the beginning again after the last."""
        start = time.monotonic()
        places = [(number * count + index) % len(self.prompts) for index in range(count)]
        winners = self.best_answers(places, number)
        sampled = time.monotonic() - start
        self.train_on(places, winners, number)
        print(f"round {number + 1}: {time.monotonic() - start:.0f} s, {sampled:.0f} to sample and compare")

    def best_answers(self, places: list[int], number: int) -> list[list[int]]:
        """Return the tokens of the winner among the candidates of each prompt."""
        prompts = [self.prompts[place] for place in places]
        left = [
            sample(
                self.model, prompts, SAMPLING, self.facts["endOfText"], self.seed + number * CANDIDATES + turn
            )
            for turn in range(CANDIDATES)
        ]
        while len(left) > 1:
            left = [self.winners(places, left[turn], left[turn + 1]) for turn in range(0, len(left), 2)]
        return left[0]

    def winners(self, places: list[int], first: list[list[int]], second: list[list[int]]) -> list[list[int]]:
        """Return the preferred of two answers to each prompt."""
        texts = [
            self.tokenizer.decode_batch(answers, skip_special_tokens=False) for answers in (first, second)
        ]
        preferred: list[str] = []
        pairs = list(zip(places, *texts, strict=True))
        for start in range(0, len(pairs), self.facts["comparisonsPerCall"]):
            preferred += ask(pairs[start : start + self.facts["comparisonsPerCall"]])
        return [b if choice == "second" else a for a, b, choice in zip(first, second, preferred, strict=True)]

    def train_on(self, places: list[int], answers: list[list[int]], number: int) -> None:
        """Train the model on answers, each ended, to the prompts at these places."""
        pairs = [
            (self.prompts[place], [*answer, self.facts["endOfText"]])
            for place, answer in zip(places, answers, strict=True)
        ]
        plan, generator = self.plan, torch.Generator().manual_seed(self.seed + number)
        order = torch.cat([torch.randperm(len(pairs), generator=generator) for _ in range(plan.epochs)])
        steps = -(-len(order) // plan.batch)

        def loss_of(step: int) -> torch.Tensor:
            chosen = [pairs[place] for place in order[step * plan.batch : (step + 1) * plan.batch]]
            return self.answer_loss(chosen)

        options = TrainingOptions(steps, plan.batch, plan.learning_rate, warm_up=5, weight_decay=0.0)
        train(self.model, loss_of, options)

    def answer_loss(self, pairs: list[tuple[list[int], list[int]]]) -> torch.Tensor:
        """Mean loss in nats over the tokens of answers."""
        longest = max(len(prompt) + len(answer) for prompt, answer in pairs)
        tokens = torch.zeros(len(pairs), longest, dtype=torch.long)
        counts = torch.zeros(len(pairs), longest - 1)
        for row, (prompt, answer) in enumerate(pairs):
            tokens[row, : len(prompt) + len(answer)] = torch.tensor(prompt + answer)
            counts[row, len(prompt) - 1 : len(prompt) + len(answer) - 1] = 1
        tokens, counts = tokens.to(self.device), counts.to(self.device)
        logits = self.model(tokens[:, :-1]).float()
        losses = functional.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], reduction="none")
        return (losses * counts).sum() / counts.sum()


def ask(pairs: list[tuple[int, str, str]]) -> list[str]:
    """Ask which answer to a prompt, by its place in prompts.json, is preferred."""
    comparisons = [{"prompt": place, "first": a, "second": b} for place, a, b in pairs]
    request = urllib.request.Request(
        os.environ["REBENCH_GATEWAY_URL"] + "/v1/services/preferences",
        json.dumps({"comparisons": comparisons}).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["preferred"]
    except urllib.error.HTTPError as error:
        sys.exit(f"The preferences say: {error.read().decode()}")


def main() -> None:
    """Play the rounds and save."""
    tuning = Tuning(ARGUMENTS.assets, ARGUMENTS.seed)
    for number in range(ARGUMENTS.rounds):
        tuning.play_round(number, ARGUMENTS.prompts or tuning.plan.prompts)
    save_weights(Path("model.safetensors"), tuning.model)
    settings = {
        "temperature": SAMPLING.temperature,
        "top_k": SAMPLING.top_k,
        "max_new_tokens": SAMPLING.max_new_tokens,
    }
    Path("generation.json").write_text(json.dumps(settings) + "\n")


if __name__ == "__main__":
    main()
