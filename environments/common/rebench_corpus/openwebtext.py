"""OpenWebText, tokenized with GPT-2's vocabulary: the text of the paper's scale.

A shard is a tar of `.xz` files, each a tar of `.txt` files, one web page each. It is read as a stream and
never unpacked to disk, so names within it cannot lead anywhere.
"""

import hashlib
import itertools
import lzma
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from rebench_common.preparation import Preparation
from tokenizers import Tokenizer

from rebench_corpus.corpus import Corpus
from rebench_corpus.documents import Part
from rebench_corpus.gpt2 import load_gpt2_tokenizer
from rebench_corpus.hub import fetch_pinned

REPOSITORY = "Skylion007/openwebtext"
SHARDS = tuple(f"subsets/urlsf_subset{index:02d}.tar" for index in range(21))
"""8,013,769 pages, about nine billion of GPT-2's tokens, in all."""
HELD_OUT_SHARE = 0.02
"""Half for validation and half for the hidden test."""
LARGEST_PAGE_BYTES = 8 * 1024 * 1024
PAGES_AT_ONCE = 1000

OnBroken = Callable[[str], None]
"""Called with a line about each member that could not be read."""


class OpenWebTextError(Exception):
    """The text is not there or too little. The message names the remedy."""


def load_openwebtext(preparation: Preparation) -> Corpus:
    """Load as many shards as `trainTokens` and `heldOutTokens` of the parameters need. See `load_corpus`."""
    tokenizer = load_gpt2_tokenizer(preparation)
    vocabulary = tokenizer.get_vocab_size()
    end_of_text = tokenizer.token_to_id("<|endoftext|>")
    limits: dict[Part, int] = {
        "train": int(preparation.parameters["trainTokens"]),
        "validation": int(preparation.parameters["heldOutTokens"]),
        "test": int(preparation.parameters["heldOutTokens"]),
    }

    def batches() -> Iterator[list[str]]:
        for shard in SHARDS:
            path = fetch_pinned(preparation, "datasets", REPOSITORY, shard)
            preparation.tell(f"Tokenizing {shard}")
            pages = read_shard(path, lambda line: print(line, flush=True))
            # Not across shards: the next one may not be needed.
            while batch := list(itertools.islice(pages, PAGES_AT_ONCE)):
                yield batch

    parts = tokenize_parts(tokenizer, end_of_text, batches(), limits)
    return Corpus(
        tokenizer=tokenizer,
        train=parts["train"],
        validation=parts["validation"],
        test=parts["test"],
        end_of_text=end_of_text,
        mask=vocabulary,
        vocabulary=vocabulary,
    )


def part_of(text: str) -> Part:
    """Choose the part of a page by a hash of its text.

    So a page is in the same part however many shards are read and in whichever order, and a page that comes
    twice is never both trained on and tested on.
    """
    place = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64
    if place < HELD_OUT_SHARE / 2:
        return "test"
    return "validation" if place < HELD_OUT_SHARE else "train"


def read_shard(path: Path, on_broken: OnBroken) -> Iterator[str]:
    """Read the pages of one shard, in its order, with runs of blank lines made one.

    What is damaged is told and left out; a shard of which nothing is readable raises OpenWebTextError.
    """
    count = 0
    try:
        with tarfile.open(path, mode="r:") as shard:
            for member in shard:
                if not member.isfile() or not member.name.endswith(".xz"):
                    continue
                for page in _read_pages(shard.extractfile(member), member.name, on_broken):
                    count += 1
                    yield page
    except (tarfile.TarError, EOFError, OSError) as error:
        on_broken(f"{path.name} ends early: {error}")
    if count == 0:
        raise OpenWebTextError(
            f"{path.name} holds no page that can be read: it is not a shard of {REPOSITORY}. Check its pin."
        )


def tokenize_parts(
    tokenizer: Tokenizer, end_of_text: int, batches: Iterable[list[str]], limits: dict[Part, int]
) -> dict[Part, np.ndarray]:
    """Fill each part with exactly so many token ids, uint16 of shape [limit], and stop reading then.

    Raises OpenWebTextError where the pages end first.
    """
    if tokenizer.get_vocab_size() >= 2**16:
        raise OpenWebTextError("The tokenizer has more ids than 16 bits tell apart, the mask's included.")
    filled: dict[Part, int] = dict.fromkeys(limits, 0)
    parts = {part: np.empty(limit, dtype=np.uint16) for part, limit in limits.items()}
    for batch in batches:
        wanted = [(part, text) for text in batch if filled[part := part_of(text)] < limits[part]]
        encoded = tokenizer.encode_batch([text for _, text in wanted], add_special_tokens=False)
        for (part, _), one in zip(wanted, encoded, strict=True):
            start = filled[part]
            ids = [*one.ids, end_of_text][: limits[part] - start]
            parts[part][start : start + len(ids)] = ids
            filled[part] = start + len(ids)
        if filled == limits:
            break
    if filled != limits:
        raise OpenWebTextError(
            f"The shards hold {filled['train']:,} training, {filled['validation']:,} validation and "
            f"{filled['test']:,} test tokens. Lower trainTokens or heldOutTokens in environment.yaml."
        )
    return parts


def _read_pages(file: object, name: str, on_broken: OnBroken) -> Iterator[str]:
    try:
        with lzma.open(file) as content, tarfile.open(fileobj=content, mode="r|") as pages:
            for page in pages:
                if not page.isfile() or not page.name.endswith(".txt"):
                    continue
                if page.size > LARGEST_PAGE_BYTES:
                    on_broken(f"{name}: {page.name[:80]!r} has {page.size:,} bytes and is left out")
                    continue
                try:
                    text = pages.extractfile(page).read().decode("utf-8")
                except UnicodeDecodeError:
                    on_broken(f"{name}: {page.name[:80]!r} is not UTF-8 and is left out")
                    continue
                text = re.sub(r"\n{3,}", "\n\n", text).strip()
                if text:
                    yield text
    except (tarfile.TarError, lzma.LZMAError, EOFError, OSError) as error:
        on_broken(f"{name} is damaged, and the rest of it left out: {error}")
