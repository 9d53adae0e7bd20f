"""Makes two language models, shuffles the token embedding of the larger one, and parts the text.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
from dataclasses import asdict

import numpy as np
import torch
from rebench_common.preparation import Preparation, open_preparation
from rebench_corpus.corpus import Corpus, load_corpus
from rebench_lm.evaluation import mean_next_token_loss
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.tokens import save_tokens
from rebench_lm.training import TrainingOptions, next_token_batches, train
from rebench_lm.weights import save_weights

LEARNING_RATE = 2e-3
WARM_UP_STEPS = 200
"""Faster, some seeds stay on a plateau for hundreds of steps, and preparations would differ in difficulty."""
PROGRESS = {"small": (0.05, 0.2), "large": (0.2, 0.95)}


def main() -> None:
    """Fill the two folders."""
    preparation = open_preparation()
    preparation.report(0.0, "reading the text")
    corpus = load_corpus(preparation)
    small, large = make_model(preparation, corpus, "small"), make_model(preparation, corpus, "large")
    preparation.report(0.95, "measuring the intact model")
    intact_loss = measure(preparation, corpus, large)

    hand_out_text(preparation, corpus)
    preparation.hand_out("rebench_lm")
    models = {"large": asdict(large.config), "small": asdict(small.config), "endOfText": corpus.end_of_text}
    (preparation.agent / "models.json").write_text(json.dumps(models, indent=2) + "\n")
    save_weights(preparation.agent / "small.safetensors", small)
    shuffle_rows(large, preparation.seed("permutation"))
    save_weights(preparation.agent / "corrupted.safetensors", large)

    save_tokens(preparation.judge / "test.bin", corpus.test)
    facts = {"large": models["large"], "intactLoss": intact_loss}
    (preparation.judge / "facts.json").write_text(json.dumps(facts, indent=2) + "\n")
    preparation.report(1.0, f"intact model: {intact_loss:.4f} nats per token")


def make_model(preparation: Preparation, corpus: Corpus, size: str) -> Gpt:
    """Train a model (laptop), or load a published one (paper). `size` is small or large."""
    parameters = preparation.parameters
    if "largeModel" in parameters:
        # The module that only the paper scale needs.
        from rebench_corpus.gpt2 import load_gpt2

        return load_gpt2(preparation, parameters[f"{size}Model"])
    layers, heads, width = (int(parameters[f"{size}{what}"]) for what in ("Layers", "Heads", "Width"))
    config = GptConfig(corpus.vocabulary, int(parameters["context"]), layers, heads, width)
    model = Gpt(config).initialize(torch.Generator().manual_seed(preparation.seed(size, "weights")))
    # A seed of torch has 32 bits: who tries them all finds the first weights, and a trained embedding still
    # resembles its first one. Their order comes from more bits than that.
    shuffle_rows(model, preparation.seed(size, "rows"))
    options = TrainingOptions(
        int(parameters[f"{size}Steps"]), int(parameters["batch"]), LEARNING_RATE, WARM_UP_STEPS
    )
    generator = np.random.default_rng(preparation.seed(size, "windows"))
    loss_of = next_token_batches(model, corpus.train, config.context, options.batch, generator)
    begin, end = PROGRESS[size]

    def on_step(done: int, loss: float) -> None:
        fraction = begin + (end - begin) * done / options.steps
        preparation.report(fraction, f"training the {size} model: step {done}, loss {loss:.2f}")

    train(model, loss_of, options, on_step)
    return model


def shuffle_rows(model: Gpt, seed: int) -> None:
    """Permute the rows of the token embedding, which is the output head as well."""
    order = np.random.default_rng(seed).permutation(model.config.vocabulary)
    with torch.no_grad():
        model.wte.weight.copy_(model.wte.weight[torch.from_numpy(order)])


def measure(preparation: Preparation, corpus: Corpus, model: Gpt) -> float:
    """Return the loss on hidden text, in nats per token, of a model in its present state."""
    device = "cuda" if preparation.parameters["gpu"] and torch.cuda.is_available() else "cpu"
    windows, seed = int(preparation.parameters["testWindows"]), preparation.seed("measure")
    loss = mean_next_token_loss(model.to(device), corpus.test, model.config.context, windows, seed)
    model.to("cpu")
    return loss


def hand_out_text(preparation: Preparation, corpus: Corpus) -> None:
    """Write the agent's tokenizer and share of the text: every so-and-so-many-th document of a part."""
    corpus.tokenizer.save(str(preparation.agent / "tokenizer.json"))
    for name, tokens in (("train", corpus.train), ("validation", corpus.validation)):
        every = int(preparation.parameters[f"{name}EveryDocument"])
        save_tokens(preparation.agent / f"{name}.bin", every_document(tokens, corpus.end_of_text, every))


def every_document(tokens: np.ndarray, end_of_text: int, every: int) -> np.ndarray:
    """Keep the first of every so many documents, with the token that ends it: uint16 of shape [kept]."""
    ends = np.flatnonzero(tokens == end_of_text) + 1
    return np.concatenate(np.split(tokens, ends)[::every])


if __name__ == "__main__":
    main()
