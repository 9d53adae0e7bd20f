"""Starting solution: two answers to each of some prompts, and training on those that are preferred.

Writes model.safetensors and generation.json into the current folder.
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--assets", type=Path, default=Path("/assets"))
ASSETS = PARSER.parse_args().assets
# The shared code lies among the assets.
sys.path.insert(0, str(ASSETS))

import torch  # noqa: E402
from rebench_lm.generation import SamplingOptions, sample  # noqa: E402
from rebench_lm.gpt import Gpt, GptConfig  # noqa: E402
from rebench_lm.training import TrainingOptions, train  # noqa: E402
from rebench_lm.weights import read_weights, save_weights, specs_of  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from torch.nn import functional  # noqa: E402

PROMPTS = 512
EPOCHS = 1
BATCH = 32
LEARNING_RATE = 0.00003
LARGE_MODEL_LEARNING_RATE = 0.00001
TEMPERATURE = 1.0
TOP_K = 50
MAX_NEW_TOKENS = 24
SEED = 0

FACTS = json.loads((ASSETS / "model.json").read_text())
TOKENIZER = Tokenizer.from_file(str(ASSETS / "tokenizer.json"))
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def main() -> None:
    """Sample, ask, train, save."""
    model = Gpt(GptConfig(**FACTS["config"]))
    model.load_state_dict(read_weights(ASSETS / "base.safetensors", specs_of(model)))
    model.to(DEVICE)
    instructions = json.loads((ASSETS / "prompts.json").read_text())[:PROMPTS]
    prompts = [
        TOKENIZER.encode(FACTS["promptFormat"].format(text), add_special_tokens=False).ids
        for text in instructions
    ]
    options = SamplingOptions(TEMPERATURE, TOP_K, MAX_NEW_TOKENS)
    first, second = (sample(model, prompts, options, FACTS["endOfText"], SEED + turn) for turn in (0, 1))
    preferred = ask(list(zip(range(len(prompts)), to_texts(first), to_texts(second), strict=True)))
    winners = [a if choice == "first" else b for a, b, choice in zip(first, second, preferred, strict=True)]
    finetune(model, prompts, winners)
    save_weights(Path("model.safetensors"), model)
    settings = {"temperature": TEMPERATURE, "top_k": TOP_K, "max_new_tokens": MAX_NEW_TOKENS}
    Path("generation.json").write_text(json.dumps(settings) + "\n")


def to_texts(answers: list[list[int]]) -> list[str]:
    """Turn the tokens of answers into what the judge reads."""
    return [text.strip() for text in TOKENIZER.decode_batch(answers, skip_special_tokens=False)]


def ask(pairs: list[tuple[int, str, str]]) -> list[str]:
    """Ask which answer to a prompt, by its place in prompts.json, is preferred: `first` or `second` each."""
    preferred: list[str] = []
    most = FACTS["comparisonsPerCall"]
    for start in range(0, len(pairs), most):
        comparisons = [
            {"prompt": place, "first": a, "second": b} for place, a, b in pairs[start : start + most]
        ]
        request = urllib.request.Request(
            os.environ["REBENCH_GATEWAY_URL"] + "/v1/services/preferences",
            json.dumps({"comparisons": comparisons}).encode(),
            {"content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                preferred += json.load(answer)["preferred"]
        except urllib.error.HTTPError as error:
            sys.exit(f"The preferences say: {error.read().decode()}")
    return preferred


def finetune(model: Gpt, prompts: list[list[int]], answers: list[list[int]]) -> None:
    """Train the model on answers, each ended, to prompts."""
    pairs = [(prompt, [*answer, FACTS["endOfText"]]) for prompt, answer in zip(prompts, answers, strict=True)]
    generator = torch.Generator().manual_seed(SEED)
    order = torch.cat([torch.randperm(len(pairs), generator=generator) for _ in range(EPOCHS)])

    def loss_of(step: int) -> torch.Tensor:
        chosen = [pairs[place] for place in order[step * BATCH : (step + 1) * BATCH]]
        longest = max(len(prompt) + len(answer) for prompt, answer in chosen)
        tokens = torch.zeros(len(chosen), longest, dtype=torch.long)
        counts = torch.zeros(len(chosen), longest - 1)
        for row, (prompt, answer) in enumerate(chosen):
            tokens[row, : len(prompt) + len(answer)] = torch.tensor(prompt + answer)
            counts[row, len(prompt) - 1 : len(prompt) + len(answer) - 1] = 1
        tokens, counts = tokens.to(DEVICE), counts.to(DEVICE)
        logits = model(tokens[:, :-1]).float()
        losses = functional.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], reduction="none")
        return (losses * counts).sum() / counts.sum()

    rate = LEARNING_RATE if model.config.layers < 12 else LARGE_MODEL_LEARNING_RATE
    options = TrainingOptions(len(order) // BATCH, BATCH, rate, warm_up=10, weight_decay=0.0)
    train(model, loss_of, options, lambda done, loss: print(f"step {done}: loss {loss:.3f}", flush=True))


if __name__ == "__main__":
    main()
