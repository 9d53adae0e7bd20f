"""OpenAI's GPT-2: weights and tokenizer from the Hugging Face hub, as our `Gpt`. For the paper's scale."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import torch
from rebench_common.preparation import Preparation
from rebench_lm.gpt import Gpt, GptConfig
from safetensors.torch import load_file
from tokenizers import Tokenizer

from rebench_corpus.hub import fetch_pinned

HEAD_WIDTH = 64
"""In GPT-2 of every size: 12 heads of 768 in the small one, 25 of 1,600 in XL."""
MASK_BUFFER = re.compile(r"h\.\d+\.attn\.(bias|masked_bias)")
"""The causal mask, which some checkpoints carry along and ours computes."""

Gpt2Name = Literal["gpt2", "gpt2-xl"]


class Gpt2Error(Exception):
    """A file of weights is not a GPT-2."""


def load_gpt2(preparation: Preparation, name: Gpt2Name) -> Gpt:
    """Load the pinned weights as float32 on the CPU, downloading them where they are not there yet.

    gpt2 takes 0.5 GB and gpt2-xl 6.4 GB, on disk and in memory. Raises DownloadError and Gpt2Error.
    """
    return read_gpt2(fetch_pinned(preparation, "models", f"openai-community/{name}", "model.safetensors"))


def load_gpt2_tokenizer(preparation: Preparation) -> Tokenizer:
    """Load the pinned tokenizer, which all sizes share: 50,257 ids, the last of them `<|endoftext|>`."""
    return Tokenizer.from_file(
        str(fetch_pinned(preparation, "models", "openai-community/gpt2", "tokenizer.json"))
    )


def read_gpt2(path: Path) -> Gpt:
    """Read a file of GPT-2's weights in the hub's layout; its sizes are those of the tensors.

    For files whose checksum is pinned, not for a stranger's. Raises Gpt2Error.
    """
    tensors = {}
    for key, tensor in load_file(path).items():
        name = key.removeprefix("transformer.")
        if not MASK_BUFFER.fullmatch(name):
            tensors[name] = tensor.float()
    head = tensors.pop("lm_head.weight", None)
    config = _config_of(path, tensors)
    if head is not None and not torch.equal(head, tensors["wte.weight"]):
        raise Gpt2Error(f"{path.name} has an output head that is not its embedding.")
    with torch.device("meta"):
        model = Gpt(config)
    try:
        # Takes the tensors themselves, so that XL is in memory once.
        model.load_state_dict(tensors, strict=True, assign=True)
    except RuntimeError as error:
        raise Gpt2Error(f"{path.name} is not a GPT-2: {' '.join(str(error).split())[:500]}") from None
    return model.eval()


def _config_of(path: Path, tensors: Mapping[str, torch.Tensor]) -> GptConfig:
    tokens, positions = tensors.get("wte.weight"), tensors.get("wpe.weight")
    layers = {int(name.split(".")[1]) for name in tensors if re.match(r"h\.\d+\.", name)}
    if tokens is None or positions is None or not layers or tokens.shape[1] % HEAD_WIDTH != 0:
        raise Gpt2Error(f"{path.name} is not a GPT-2: it lacks embeddings or layers of a known width.")
    return GptConfig(
        vocabulary=tokens.shape[0],
        context=positions.shape[0],
        layers=max(layers) + 1,
        heads=tokens.shape[1] // HEAD_WIDTH,
        width=tokens.shape[1],
    )
