"""Byte-pair encoding, through Hugging Face's `tokenizers`."""

from collections.abc import Sequence

import numpy as np
from rebench_lm.tokens import END_OF_TEXT, MASK
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from rebench_corpus.documents import Document


def train_tokenizer(documents: Sequence[Document], vocabulary: int) -> Tokenizer:
    """Learn a byte-level vocabulary of exactly this size, of which two are `END_OF_TEXT` and `MASK`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=["<|endoftext|>", "<|mask|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((document.text for document in documents), trainer)
    if tokenizer.get_vocab_size() != vocabulary:
        raise ValueError(f"the text gives {tokenizer.get_vocab_size()} tokens instead of {vocabulary}")
    assert (tokenizer.token_to_id("<|endoftext|>"), tokenizer.token_to_id("<|mask|>")) == (END_OF_TEXT, MASK)
    return tokenizer


def encode_documents(tokenizer: Tokenizer, documents: Sequence[Document]) -> np.ndarray:
    """Tokenize documents one after the other, each followed by `END_OF_TEXT`: uint16 of shape [tokens]."""
    encoded = tokenizer.encode_batch([document.text for document in documents], add_special_tokens=False)
    parts = [np.array([*one.ids, END_OF_TEXT], dtype=np.uint16) for one in encoded]
    return np.concatenate(parts)
