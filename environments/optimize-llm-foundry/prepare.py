"""Makes the base model, the hidden text that jobs are drawn from, and two jobs to practise on.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

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


def main() -> None:
    """Write both folders."""
    preparation = open_preparation()
    preparation.report(0.02, "tokenizing the text")
    corpus = load_corpus(preparation)
    sizes = sizes_of(preparation.parameters)
    model = train_base(preparation, corpus, sizes)
    base = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    for folder in (preparation.agent / "base", preparation.judge / "base"):
        folder.mkdir()
        save_file(base, folder / "model.safetensors")
        corpus.tokenizer.save(str(folder / "tokenizer.json"))
    save_tokens(preparation.judge / "text.bin", corpus.test)
    preparation.report(0.92, "running the jobs to practise on")
    random = generator(preparation.secret, "practice")
    work = work_of(preparation.parameters)
    for index, job in enumerate(draw_pair(random, corpus.validation, corpus.tokenizer, work), 1):
        folder = preparation.agent / "practice" / str(index)
        folder.mkdir(parents=True)
        (folder / "finetune.yaml").write_text(to_yaml(job.options), encoding="utf-8")
        (folder / "train.jsonl").write_text(to_jsonl(job.examples), encoding="utf-8", newline="\n")
        save_file(fine_tune(sizes, base, corpus.tokenizer, job), folder / "expected.safetensors")
    shutil.copy(HERE / "compare.py", preparation.agent)


if __name__ == "__main__":
    main()
