"""The paper's downloads in small, on a loopback mirror: for tests of `prepare.py --scale paper`.

    with open_paper_mirror(tmp_path) as paper:
        # The paper's own parameters, then what makes them small; the environment for prepare.py's process.
        parameters = {**paper_parameters, **paper.parameters}
        environment = {**os.environ, **paper.environment, "PYTHONPATH": str(COMMON)}

In one process, `monkeypatch.setenv("HF_ENDPOINT", paper.environment["HF_ENDPOINT"])` does as well. GPT-2 has
2 layers of width 64 there and GPT-2 XL 3 of width 128, with 1,024 positions and `paper.vocabulary` tokens.
"""

import contextlib
import io
import lzma
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rebench_common.testing_mirror import Mirror, MirrorFile, open_mirror
from rebench_lm.gpt import Gpt, GptConfig
from safetensors.torch import save
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from rebench_corpus.openwebtext import REPOSITORY, SHARDS

CONTEXT = 1024


@dataclass(frozen=True)
class PaperMirror:
    """What a test of the paper's scale needs."""

    mirror: Mirror
    environment: Mapping[str, str]
    """For the process that prepares."""
    parameters: Mapping[str, Any]
    """`corpus`, `trainTokens`, `heldOutTokens` and `hubPins`, to be put over the paper's own."""
    vocabulary: int
    """Ids of the mirror's tokenizer, the last of which is `<|endoftext|>`."""
    shard: MirrorFile
    """The first shard, to order faults for."""


@contextlib.contextmanager
def open_paper_mirror(folder: Path, *, pages: int = 5000, seed: int = 0) -> Iterator[PaperMirror]:
    """Serve small GPT-2 weights, a tokenizer and a shard of OpenWebText; `folder` takes the file of pins."""
    texts = make_pages(pages, seed)
    tokenizer = make_tokenizer(texts[:300])
    vocabulary = tokenizer.get_vocab_size()
    with open_mirror() as mirror:
        mirror.add("models", "openai-community/gpt2", "tokenizer.json", tokenizer.to_str().encode())
        for name, layers, width in (("gpt2", 2, 64), ("gpt2-xl", 3, 128)):
            config = GptConfig(vocabulary, CONTEXT, layers, heads=width // 64, width=width)
            weights = save(make_hub_tensors(config, seed))
            mirror.add("models", f"openai-community/{name}", "model.safetensors", weights)
        shard = mirror.add("datasets", REPOSITORY, SHARDS[0], make_shard(texts))
        pins = mirror.write_pins(folder / "hub-pins.json")
        yield PaperMirror(
            mirror=mirror,
            environment={"HF_ENDPOINT": mirror.url},
            parameters={
                "corpus": "openwebtext",
                "trainTokens": 100_000,
                "heldOutTokens": 3_000,
                "hubPins": str(pins),
            },
            vocabulary=vocabulary,
            shard=shard,
        )


def make_pages(count: int, seed: int) -> list[str]:
    """Make up web pages, 40 to 120 words each, of words that are not equally frequent."""
    generator = np.random.default_rng(seed)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(generator.choice(letters, size=generator.integers(2, 9))) for _ in range(400)]
    shares = 1 / np.arange(1, len(words) + 1)
    return [
        " ".join(generator.choice(words, size=generator.integers(40, 120), p=shares / shares.sum()))
        for _ in range(count)
    ]


def make_tokenizer(texts: list[str], vocabulary: int = 600) -> Tokenizer:
    """Make a tokenizer as GPT-2's: byte-level, `<|endoftext|>` as its last id and no token for a mask."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens(["<|endoftext|>"])
    return tokenizer


def make_hub_tensors(config: GptConfig, seed: int) -> dict[str, torch.Tensor]:
    """Make random weights with the names, the shapes and the causal-mask buffers of the hub's GPT-2."""
    model = Gpt(config).initialize(torch.Generator().manual_seed(seed))
    tensors = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    mask = torch.ones(config.context, config.context).tril()[None, None]
    for layer in range(config.layers):
        tensors[f"h.{layer}.attn.bias"] = mask.clone()
    return tensors


def make_shard(texts: list[str], pages_per_member: int = 100) -> bytes:
    """Pack pages as OpenWebText does: a tar of `.xz` files, each a tar of `.txt` files."""
    members = {}
    for start in range(0, len(texts), pages_per_member):
        pages = {
            f"{start + index:07d}.txt": text.encode()
            for index, text in enumerate(texts[start : start + pages_per_member])
        }
        members[f"openwebtext/urlsf_subset00-{start // pages_per_member + 1}_data.xz"] = lzma.compress(
            make_tar(pages), preset=0
        )
    return make_tar(members)


def make_tar(members: Mapping[str, bytes]) -> bytes:
    """Pack files by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
