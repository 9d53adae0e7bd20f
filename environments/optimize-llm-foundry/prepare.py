"""Makes the base model, the hidden text that jobs are drawn from, and two jobs to practise on.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from rebench_common.preparation import Preparation, open_preparation
from rebench_corpus.corpus import Corpus, load_corpus
from rebench_lm.tokens import save_tokens
from rebench_lm.training import TrainingOptions, next_token_batches, train
from safetensors.torch import save_file
from torch import Tensor

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "judge"))
from jobs import draw_pair, generator, to_jsonl, to_yaml, work_of  # noqa: E402
from pristine import Gpt, Sizes, fine_tune, sizes_of  # noqa: E402


def train_base(preparation: Preparation, corpus: Corpus, sizes: Sizes) -> Gpt:
    """Train the base model on the training text, from weights drawn with a secret seed."""
    steps = int(preparation.parameters["baseSteps"])
    batch = int(preparation.parameters["baseBatch"])
    torch.manual_seed(preparation.seed("base") % 2**32)
    model = Gpt(sizes)
    for parameter in model.parameters():
        if parameter.dim() == 2:
            torch.nn.init.normal_(parameter, std=0.02)
    batches = np.random.default_rng(preparation.seed("base batches"))
    train(
        model,
        next_token_batches(model, corpus.train, sizes.context, batch, batches),
        TrainingOptions(steps, batch, learning_rate=2e-3),
        lambda done, loss: preparation.report(
            0.1 + 0.8 * done / steps, f"base model: step {done}, loss {loss:.2f}"
        ),
    )
    model.token_counts += torch.from_numpy(np.bincount(corpus.train, minlength=sizes.vocabulary))
    return model


def save_hub_model(preparation: Preparation, corpus: Corpus) -> None:
    """Write GPT-2 XL in Hugging Face's layout into both folders."""
    # The modules that only the paper's scale needs.
    from rebench_corpus.gpt2 import load_gpt2

    model = load_gpt2(preparation, "gpt2-xl")
    sizes = model.config
    config = {
        "model_type": "gpt2",
        "architectures": ["GPT2LMHeadModel"],
        "vocab_size": sizes.vocabulary,
        "n_positions": sizes.context,
        "n_embd": sizes.width,
        "n_layer": sizes.layers,
        "n_head": sizes.heads,
        "bos_token_id": corpus.end_of_text,
        "eos_token_id": corpus.end_of_text,
    }
    for folder in (preparation.agent / "base", preparation.judge / "base"):
        save_base(folder, {name: t.detach() for name, t in model.state_dict().items()}, corpus)
        (folder / "config.json").write_text(json.dumps(config, indent=2))
        tokenizer = {"tokenizer_class": "GPT2TokenizerFast", "model_max_length": sizes.context}
        (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))


def save_base(folder: Path, weights: dict[str, Tensor], corpus: Corpus) -> None:
    """Write weights and tokenizer."""
    folder.mkdir()
    save_file(weights, folder / "model.safetensors")
    corpus.tokenizer.save(str(folder / "tokenizer.json"))


def main() -> None:
    """Write both folders."""
    preparation = open_preparation()
    parameters = preparation.parameters
    preparation.report(0.02, "tokenizing the text")
    corpus = load_corpus(preparation)
    save_tokens(preparation.judge / "text.bin", corpus.test)
    base: dict[str, Tensor] = {}
    if parameters["gpu"]:
        save_hub_model(preparation, corpus)
    else:
        model = train_base(preparation, corpus, sizes_of(parameters))
        base = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
        for folder in (preparation.agent / "base", preparation.judge / "base"):
            save_base(folder, base, corpus)
    preparation.report(0.92, "making the jobs to practise on")
    random = generator(preparation.secret, "practice")
    pair = draw_pair(random, corpus.validation, corpus.tokenizer, work_of(parameters))
    for index, job in enumerate(pair, 1):
        folder = preparation.agent / "practice" / str(index)
        folder.mkdir(parents=True)
        (folder / "finetune.yaml").write_text(to_yaml(job.options), encoding="utf-8")
        (folder / "train.jsonl").write_bytes(to_jsonl(job.examples).encode())
        if base:
            expected = fine_tune(sizes_of(parameters), base, corpus.tokenizer, job)
            save_file(expected, folder / "expected.safetensors")
    if base:
        shutil.copy(HERE / "handed_out" / "compare.py", preparation.agent)


if __name__ == "__main__":
    main()
