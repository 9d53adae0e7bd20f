"""The text of an environment, tokenized and in three parts: the one door for both scales."""

from dataclasses import dataclass

import numpy as np
from rebench_common.preparation import Preparation
from rebench_lm.tokens import END_OF_TEXT, MASK
from tokenizers import Tokenizer

from rebench_corpus.documents import load_documents, select_part
from rebench_corpus.tokenizer import encode_documents, train_tokenizer


@dataclass(frozen=True)
class Corpus:
    """A tokenizer and three disjoint parts of a text, split by document."""

    tokenizer: Tokenizer
    """`tokenizer.save(path)` writes the `tokenizer.json` that agents get."""
    train: np.ndarray
    """Token ids, uint16 of shape [tokens]; every document ends with `end_of_text`."""
    validation: np.ndarray
    """As `train`, for agents to measure themselves."""
    test: np.ndarray
    """As `train`, for the judge's folder only."""
    end_of_text: int
    """Id between documents: 0 in a vocabulary trained here, 50,256 in GPT-2's."""
    mask: int
    """Id that stands for a hidden token and never occurs in a text: 1 in a vocabulary trained here; GPT-2's
    has none, so there it is 50,257, one past its end, and a masked model needs `model_vocabulary` rows."""
    vocabulary: int
    """Number of ids the tokenizer may give, and so the rows of a next-token model's embedding."""

    @property
    def model_vocabulary(self) -> int:
        """Rows of the embedding of a model that sees `mask` as well."""
        return max(self.vocabulary, self.mask + 1)


def load_corpus(preparation: Preparation) -> Corpus:
    """Load the text that `parameters` of environment.yaml ask for.

    `corpus: documents` (also where `corpus` is absent): the documents of the npm packages, and a byte-pair
    vocabulary of `vocabulary` ids trained on the train part. Reads no network; 5 to 10 s. The same text and
    vocabulary in every preparation.

    `corpus: openwebtext`: OpenWebText with GPT-2's tokenizer, as many shards as it takes for `trainTokens`
    tokens of training text and `heldOutTokens` each of validation and test, downloaded from the Hugging Face
    hub to `preparation.downloads`. The same text in every preparation.

    Raises DocumentsError, DownloadError or OpenWebTextError, whose texts name the remedy.
    """
    parameters = preparation.parameters
    kind = parameters.get("corpus", "documents")
    if kind == "documents":
        return _load_documents(int(parameters["vocabulary"]))
    if kind == "openwebtext":
        # The modules that only a paper scale needs.
        from rebench_corpus.openwebtext import load_openwebtext

        return load_openwebtext(preparation)
    raise ValueError(f"parameters.corpus is {kind!r}; it can be 'documents' or 'openwebtext'")


def _load_documents(vocabulary: int) -> Corpus:
    documents = load_documents()
    train = select_part(documents, "train")
    tokenizer = train_tokenizer(train, vocabulary)
    return Corpus(
        tokenizer=tokenizer,
        train=encode_documents(tokenizer, train),
        validation=encode_documents(tokenizer, select_part(documents, "validation")),
        test=encode_documents(tokenizer, select_part(documents, "test")),
        end_of_text=END_OF_TEXT,
        mask=MASK,
        vocabulary=vocabulary,
    )
