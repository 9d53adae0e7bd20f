"""Makes the assets: tokens of train, validation and hidden text, and the code that checks submissions.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import shutil
from pathlib import Path

from rebench_common.preparation import open_preparation
from rebench_corpus.corpus import load_corpus
from rebench_lm.tokens import save_tokens

CHECKER = Path(__file__).resolve().parent / "judge" / "runner" / "restricted_mlm"


def main() -> None:
    """Fill both folders."""
    preparation = open_preparation()
    preparation.report(0.1, "tokenizing the text")
    corpus = load_corpus(preparation)
    expected = (preparation.parameters["vocabulary"], preparation.parameters["maskToken"])
    if (corpus.vocabulary, corpus.mask) != expected:
        raise ValueError(
            f"the corpus has {corpus.vocabulary} ids and masks with {corpus.mask}, not {expected}"
        )
    save_tokens(preparation.agent / "train.bin", corpus.train)
    save_tokens(preparation.agent / "validation.bin", corpus.validation)
    save_tokens(preparation.judge / "test.bin", corpus.test)
    corpus.tokenizer.save(str(preparation.agent / "tokenizer.json"))
    (preparation.agent / "settings.json").write_text(json.dumps(dict(preparation.parameters), indent=2))
    preparation.hand_out("rebench_lm")
    shutil.copytree(CHECKER, preparation.agent / CHECKER.name, ignore=shutil.ignore_patterns("__pycache__"))


if __name__ == "__main__":
    main()
