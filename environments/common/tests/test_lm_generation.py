"""Sampling with a cache gives what the model says, row by row."""

import pytest
import torch
from rebench_lm.generation import GenerationError, SamplingOptions, sample
from rebench_lm.gpt import Gpt, GptConfig

END = 0
PROMPTS = [[3, 4, 5], [7], [2, 9, 9, 1, 6], [5, 5], [8, 1, 2, 3]]


@pytest.fixture(scope="module")
def model() -> Gpt:
    """Make a model whose logits are far enough apart to have opinions."""
    config = GptConfig(vocabulary=11, context=16, layers=2, heads=2, width=16)
    made = Gpt(config).initialize(torch.Generator().manual_seed(0))
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.dim() > 1:
                parameter *= 12
        # Ends now and then.
        made.wte.weight[END] *= 1.5
    return made.eval()


def greedy_by_hand(model: Gpt, prompt: list[int], count: int) -> list[int]:
    tokens = list(prompt)
    for _ in range(count):
        chosen = int(model(torch.tensor([tokens]))[0, -1].argmax())
        if chosen == END:
            break
        tokens.append(chosen)
    return tokens[len(prompt) :]


def test_greedy_answers_are_those_of_the_whole_model_without_cache_or_padding(model: Gpt) -> None:
    written = sample(model, PROMPTS, SamplingOptions(0, 11, 9), END, seed=1, batch=3)
    assert written == [greedy_by_hand(model, prompt, 9) for prompt in PROMPTS]
    assert len({len(answer) for answer in written}) > 1, (
        "some answers have to end early for this to mean much"
    )


def test_answers_hang_on_seed_and_place_and_not_on_the_batch(model: Gpt) -> None:
    options = SamplingOptions(1.5, 11, 9)
    first = sample(model, PROMPTS, options, END, seed=7)
    assert sample(model, PROMPTS, options, END, seed=7, batch=2) == first
    assert sample(model, PROMPTS, options, END, seed=8) != first


def test_tokens_come_as_often_as_their_probability_and_only_from_the_top(model: Gpt) -> None:
    prompt = PROMPTS[0]
    count, temperature = 4_000, 2.0
    logits = model(torch.tensor([prompt]))[0, -1] / temperature
    for top_k in (11, 3):
        best = logits.topk(top_k)
        expected = torch.zeros(11)
        expected[best.indices] = best.values.softmax(dim=-1)
        written = sample(model, [prompt] * count, SamplingOptions(temperature, top_k, 1), END, seed=3)
        drawn = torch.tensor([answer[0] if answer else END for answer in written])
        shares = torch.bincount(drawn, minlength=11) / count
        assert torch.allclose(shares, expected.detach(), atol=0.03)
        assert bool((shares[expected == 0] == 0).all())


def test_a_tiny_temperature_is_greedy(model: Gpt) -> None:
    cold = sample(model, PROMPTS, SamplingOptions(1e-300, 11, 9), END, seed=1)
    assert cold == sample(model, PROMPTS, SamplingOptions(0, 1, 9), END, seed=1)


def test_what_cannot_be_sampled_is_an_error(model: Gpt) -> None:
    with pytest.raises(GenerationError, match="do not fit into a context of 16"):
        sample(model, [[1] * 8], SamplingOptions(1, 1, 9), END, seed=0)
    with pytest.raises(GenerationError, match="do not fit"):
        sample(model, [[]], SamplingOptions(1, 1, 9), END, seed=0)
    broken = Gpt(model.config)
    broken.load_state_dict({name: tensor * 3e38 for name, tensor in model.state_dict().items()})
    with pytest.raises(GenerationError, match="NaN or infinite"):
        sample(broken, PROMPTS, SamplingOptions(1, 1, 9), END, seed=0)
