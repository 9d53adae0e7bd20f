"""The GPT against a forward pass that shares no code with it."""

import numpy as np
import pytest
import torch
from plain_gpt2 import logits_of
from rebench_lm.gpt import Gpt, GptConfig

torch.set_num_threads(1)

CONFIG = GptConfig(vocabulary=61, context=24, layers=3, heads=4, width=32)


def random_model(seed: int = 1) -> Gpt:
    """All parameters drawn, gains and biases too, so that none can be forgotten unseen."""
    generator = torch.Generator().manual_seed(seed)
    model = Gpt(CONFIG).initialize(generator).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.2)
    return model


def test_logits_equal_those_of_gpt2_written_out():
    model = random_model()
    tokens = torch.randint(
        0, CONFIG.vocabulary, (2, CONFIG.context), generator=torch.Generator().manual_seed(3)
    )
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    with torch.no_grad():
        ours = model(tokens).numpy()
    for row, sequence in enumerate(tokens.tolist()):
        expected = logits_of(weights, sequence, CONFIG.heads)
        assert np.abs(expected).max() > 1
        np.testing.assert_allclose(ours[row], expected, rtol=2e-4, atol=2e-4)


def test_every_parameter_matters_to_the_logits():
    model = random_model()
    model(torch.arange(CONFIG.context)[None]).square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.abs().max() > 0, name


def test_a_token_is_not_seen_by_those_before_it():
    model = Gpt(CONFIG).initialize(torch.Generator().manual_seed(1)).eval()
    tokens = torch.randint(0, CONFIG.vocabulary, (1, 20), generator=torch.Generator().manual_seed(3))
    changed = tokens.clone()
    changed[0, 12] = (changed[0, 12] + 1) % CONFIG.vocabulary
    with torch.no_grad():
        difference = (model(tokens) - model(changed)).abs().amax(dim=(0, 2))
    assert difference[:12].max() == 0
    assert difference[12:].min() > 0


def test_a_window_longer_than_the_context_is_an_error():
    with pytest.raises(RuntimeError):
        Gpt(CONFIG)(torch.zeros(1, CONFIG.context + 1, dtype=torch.int64))


def test_names_and_sizes_are_those_of_gpt2():
    with torch.device("meta"):
        small = Gpt(GptConfig(vocabulary=50257, context=1024, layers=12, heads=12, width=768))
        xl = Gpt(GptConfig(vocabulary=50257, context=1024, layers=48, heads=25, width=1600))
    assert sum(parameter.numel() for parameter in small.parameters()) == 124_439_808
    assert sum(parameter.numel() for parameter in xl.parameters()) == 1_557_611_200
    assert small.state_dict()["h.11.attn.c_attn.weight"].shape == (768, 2304)
    assert len(small.state_dict()) == 148


def test_initial_weights_depend_on_the_seed_alone_and_have_gpt2s_scales():
    first, second, other = (
        Gpt(CONFIG).initialize(torch.Generator().manual_seed(seed)).state_dict() for seed in (5, 5, 6)
    )
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["wte.weight"], other["wte.weight"])
    assert first["h.0.attn.c_attn.weight"].std().item() == pytest.approx(0.02, rel=0.1)
    assert first["h.2.mlp.c_proj.weight"].std().item() == pytest.approx(0.02 / 6**0.5, rel=0.1)
    assert first["h.0.ln_1.weight"].eq(1).all()
    assert first["h.0.mlp.c_fc.bias"].eq(0).all()
