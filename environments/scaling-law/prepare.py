"""Makes the assets of a scale: a part of the training text, the validation text and the recipe for agents."""

import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rebench_common.preparation import open_preparation
from rebench_corpus.corpus import load_corpus
from rebench_lm.tokens import save_tokens

HANDED_OUT = Path(__file__).resolve().parent / "handed_out"
sys.path.append(str(HANDED_OUT))
from task import task_of  # noqa: E402


def take_share(text: np.ndarray, end_of_text: int, share: int) -> np.ndarray:
    """Return every `share`-th document of a tokenized text, in order."""
    if share == 1:
        return text
    ends = np.flatnonzero(text == end_of_text) + 1
    documents = np.split(text, ends)
    return np.concatenate(documents[::share])


def main() -> None:
    """Write both folders."""
    preparation = open_preparation()
    parameters = preparation.parameters
    preparation.report(0.1, "tokenizing the text")
    corpus = load_corpus(preparation)
    preparation.report(0.8, "writing token files")
    share = int(parameters["agentShare"])
    save_tokens(preparation.agent / "train.u16", take_share(corpus.train, corpus.end_of_text, share))
    if share > 1:
        # For judge/sweep.py; no scoring reads it.
        save_tokens(preparation.judge / "train.u16", corpus.train)
    save_tokens(preparation.agent / "validation.u16", corpus.validation)
    corpus.tokenizer.save(str(preparation.agent / "tokenizer.json"))
    task = json.dumps(asdict(task_of(parameters)), indent=2)
    (preparation.agent / "task.json").write_text(task + "\n", encoding="utf-8")
    for name in ("task.py", "recipe.py", "answer.py"):
        shutil.copy(HANDED_OUT / name, preparation.agent)
    preparation.hand_out("rebench_lm")


if __name__ == "__main__":
    main()
