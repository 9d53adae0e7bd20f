"""GPT-2's weights in the hub's layout."""

from pathlib import Path

import numpy as np
import pytest
import torch
from plain_gpt2 import logits_of
from rebench_corpus.gpt2 import Gpt2Error, read_gpt2
from rebench_corpus.testing import make_hub_tensors
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.training import next_token_loss
from safetensors.torch import save_file

torch.set_num_threads(1)

CONFIG = GptConfig(vocabulary=97, context=32, layers=2, heads=2, width=128)


def tensors() -> dict[str, torch.Tensor]:
    return make_hub_tensors(CONFIG, seed=3)


def written(folder: Path, content: dict[str, torch.Tensor]) -> Path:
    path = folder / "model.safetensors"
    save_file(content, path)
    return path


@pytest.mark.parametrize("prefix", ["", "transformer."])
@pytest.mark.parametrize("masks", ["kept", "both", "none"])
def test_a_checkpoint_gives_gpt2s_logits(tmp_path, prefix, masks):
    content = tensors()
    if masks == "none":
        content = {name: tensor for name, tensor in content.items() if not name.endswith(".attn.bias")}
    if masks == "both":
        content |= {f"h.{layer}.attn.masked_bias": torch.tensor(-1e4) for layer in range(CONFIG.layers)}
    model = read_gpt2(written(tmp_path, {prefix + name: tensor for name, tensor in content.items()}))
    assert model.config == CONFIG
    sequence = [5, 0, 96, 5, 33, 12]
    masked = (".attn.bias", ".attn.masked_bias")
    weights = {name: tensor.numpy() for name, tensor in content.items() if not name.endswith(masked)}
    expected = logits_of(weights, sequence, CONFIG.heads)
    with torch.no_grad():
        ours = model(torch.tensor([sequence]))[0].numpy()
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5)


def test_weights_of_half_precision_become_float32_and_can_be_trained(tmp_path):
    model = read_gpt2(written(tmp_path, {name: tensor.half() for name, tensor in tensors().items()}))
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    windows = torch.randint(0, 97, (4, 17), generator=torch.Generator().manual_seed(0))
    before = next_token_loss(model, windows)
    before.backward()
    optimizer.step()
    assert next_token_loss(model, windows) < before


def test_an_output_head_that_is_the_embedding_is_accepted_and_another_is_not(tmp_path):
    content = tensors()
    tied = {**content, "lm_head.weight": content["wte.weight"].clone()}
    assert isinstance(read_gpt2(written(tmp_path, tied)), Gpt)
    untied = {**content, "lm_head.weight": content["wte.weight"] + 1}
    with pytest.raises(Gpt2Error, match="output head"):
        read_gpt2(written(tmp_path, untied))


@pytest.mark.parametrize("missing", ["wte.weight", "wpe.weight", "h.1.ln_1.weight", "ln_f.bias"])
def test_a_checkpoint_that_lacks_something_is_refused(tmp_path, missing):
    content = tensors()
    del content[missing]
    with pytest.raises(Gpt2Error, match="is not a GPT-2"):
        read_gpt2(written(tmp_path, content))


def test_a_checkpoint_with_more_or_other_shapes_is_refused(tmp_path):
    with pytest.raises(Gpt2Error, match="extra"):
        read_gpt2(written(tmp_path, {**tensors(), "extra": torch.zeros(1)}))
    with pytest.raises(Gpt2Error, match="size mismatch"):
        read_gpt2(written(tmp_path, {**tensors(), "ln_f.bias": torch.zeros(64)}))
    with pytest.raises(Gpt2Error, match="known width"):
        read_gpt2(written(tmp_path, {**tensors(), "wte.weight": torch.zeros(97, 100)}))
