"""Tokenizing, token files and random windows."""

import numpy as np
import pytest
import torch
from rebench_corpus.documents import Document
from rebench_corpus.tokenizer import encode_documents, train_tokenizer
from rebench_lm.tokens import END_OF_TEXT, MASK, open_tokens, random_windows, save_tokens

TEXTS = [Document("a", "the cat sat on the mat " * 20), Document("b", "naïve café\n\n\tЖ 漢 🙂 the end")]


def test_a_vocabulary_has_its_size_and_its_two_special_tokens():
    tokenizer = train_tokenizer(TEXTS, 280)
    assert tokenizer.get_vocab_size() == 280
    assert tokenizer.token_to_id("<|endoftext|>") == END_OF_TEXT
    assert tokenizer.token_to_id("<|mask|>") == MASK


def test_training_twice_gives_the_same_vocabulary():
    assert train_tokenizer(TEXTS, 280).to_str() == train_tokenizer(TEXTS, 280).to_str()


def test_a_vocabulary_the_text_cannot_fill_is_an_error():
    with pytest.raises(ValueError, match="instead of 5000"):
        train_tokenizer(TEXTS, 5000)


def test_any_text_comes_back_also_one_never_seen():
    tokenizer = train_tokenizer(TEXTS[:1], 270)
    for document in [*TEXTS, Document("c", " \n leading, and trailing \x00\x7f \n")]:
        tokens = encode_documents(tokenizer, [document])
        assert tokens[-1] == END_OF_TEXT
        assert tokenizer.decode(tokens[:-1].tolist()) == document.text


def test_documents_stand_one_after_the_other():
    tokenizer = train_tokenizer(TEXTS, 280)
    apart = [encode_documents(tokenizer, [document]) for document in TEXTS]
    np.testing.assert_array_equal(encode_documents(tokenizer, TEXTS), np.concatenate(apart))


def test_a_token_file_is_plain_little_endian_and_read_only(tmp_path):
    tokens = np.array([0, 1, 258, 65535], dtype=np.uint16)
    save_tokens(tmp_path / "a.bin", tokens)
    assert (tmp_path / "a.bin").read_bytes() == b"\0\0\1\0\2\1\xff\xff"
    opened = open_tokens(tmp_path / "a.bin")
    np.testing.assert_array_equal(opened, tokens)
    with pytest.raises(ValueError):
        opened[0] = 5


def test_windows_are_consecutive_and_reach_both_ends():
    tokens = np.arange(1000, 1040, dtype=np.uint16)
    windows = random_windows(tokens, 2000, 8, np.random.default_rng(0))
    assert windows.shape == (2000, 8)
    assert windows.dtype == torch.int64
    assert (windows.diff(dim=1) == 1).all()
    assert windows.min() == 1000
    assert windows.max() == 1039
    assert torch.equal(windows, random_windows(tokens, 2000, 8, np.random.default_rng(0)))
    assert not torch.equal(windows, random_windows(tokens, 2000, 8, np.random.default_rng(1)))


def test_one_window_as_long_as_the_text_is_the_text():
    tokens = np.arange(8, dtype=np.uint16)
    assert random_windows(tokens, 1, 8, np.random.default_rng(0)).tolist() == [list(range(8))]
    with pytest.raises(ValueError):
        random_windows(tokens, 1, 9, np.random.default_rng(0))
