"""What the rules allow passes, and the judge computes what the model computes.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import pytest
import torch
from mlm_support import WIDTH, Model, checked, executed, some_tokens
from torch import Tensor, nn
from torch.nn import functional

ALLOWED = {
    "plus, times, minus, negation": lambda m, x, t: -(x * 2 - 1) + x * -0.5 + (3 - x),
    "alpha": lambda m, x, t: torch.add(x, x, alpha=0.5) - torch.sub(x, x * x, alpha=2),
    "relu": lambda m, x, t: functional.relu(x) + x.relu(),
    "in place": lambda m, x, t: (x * 1).relu_().mul_(2).add_(1),
    "matmul": lambda m, x, t: x @ m.weight + torch.matmul(x, m.weight.T),
    "vector product": lambda m, x, t: x + (x @ m.weight[0]).unsqueeze(-1),
    "bmm": lambda m, x, t: torch.bmm(torch.bmm(x, x.transpose(1, 2)), x),
    "baddbmm": lambda m, x, t: torch.baddbmm(x, x @ x.mT, x),
    "einsum": lambda m, x, t: torch.einsum("btd,bsd,de->bte", x, x, m.weight),
    "tensordot": lambda m, x, t: torch.tensordot(x, m.weight, 1),
    "sums": lambda m, x, t: x + x.sum(-1, keepdim=True) * (1 / WIDTH) + x.sum(1, keepdim=True),
    "table lookup": lambda m, x, t: (
        x + m.weight.repeat(8, 1)[t] + functional.embedding(t, m.embedding.weight)
    ),
    "shifted tokens": lambda m, x, t: x + m.embedding(torch.cat([t[:, 1:], t[:, :1]], 1)),
    "one-hot by embedding": lambda m, x, t: x + functional.embedding(t, torch.eye(64)) @ m.embedding.weight,
    "shapes": lambda m, x, t: x.flatten(1).unflatten(1, (6, WIDTH)).movedim(0, 1).swapaxes(0, 1).contiguous(),
    "views": lambda m, x, t: x.reshape(4, 3, 2, WIDTH).permute(0, 2, 1, 3).reshape(4, 6, WIDTH),
    "split and cat": lambda m, x, t: torch.cat(x.chunk(2, -1)[::-1], -1) + torch.cat(x.split([1, 5], 1), 1),
    "unbind and stack": lambda m, x, t: torch.stack(x.unbind(1)[::-1], 1),
    "select and expand": lambda m, x, t: x + x[:, 0].unsqueeze(1).expand(4, 6, WIDTH) + x[:, -1:],
    "steps": lambda m, x, t: x[:, ::2].repeat(1, 2, 1) + x.flip(1) + torch.tile(x[:, :3], (1, 2, 1)),
    "roll": lambda m, x, t: x.roll(1, 1) + torch.roll(x, -2, -1),
    "diagonal": lambda m, x, t: x + torch.diagonal(x @ x.mT, 0, 1, 2).unsqueeze(-1),
    "constant index": lambda m, x, t: x[:, m.positions] + x[:, [5, 0, 1, 2, 3, -2]] + x[..., torch.arange(8)],
    "square index": lambda m, x, t: x[:, torch.tensor([[0, 1, 2], [3, 4, 5]])].flatten(1, 2),
    "as_strided": lambda m, x, t: functional.pad(x, (0, 0, 2, 2)).as_strided(
        (4, 6, 5 * WIDTH), (10 * WIDTH, WIDTH, 1)
    )[..., 16:24],
    "unfold": lambda m, x, t: functional.pad(x, (0, 0, 1, 1)).unfold(1, 3, 1).sum(-1),
    "zeros like": lambda m, x, t: x + torch.ones_like(x) + x.new_zeros(4, 6, WIDTH) + torch.arange(8.0),
    "constant mask": lambda m, x, t: torch.einsum("ts,bsd->btd", torch.ones(6, 6).tril(), x),
    "constants of any kind": lambda m, x, t: x @ m.weight.softmax(-1) * torch.rsqrt(torch.tensor(3.0)),
    "dropout in evaluation": lambda m, x, t: functional.dropout(x, 0.5, m.training),
    "clone and detach": lambda m, x, t: x.clone().detach().float().to(torch.float32),
    "tied head": lambda m, x, t: (x @ m.embedding.weight.T) @ m.embedding.weight,
}


@pytest.mark.parametrize("name", ALLOWED)
def test_it_passes_and_means_the_same(name: str) -> None:
    torch.manual_seed(0)
    model, tokens = Model(ALLOWED[name]).eval(), some_tokens()
    with torch.no_grad():
        torch.testing.assert_close(executed(model, tokens), model(tokens), rtol=1e-4, atol=1e-4)


class Attention(nn.Module):
    """Attention with relu in place of softmax, and a feed-forward part; no normalization."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(WIDTH, 3 * WIDTH)
        self.feed = nn.Sequential(nn.Linear(WIDTH, 32), nn.ReLU(), nn.Linear(32, WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, time, WIDTH] to the same."""
        batch, time, width = x.shape
        query, key, value = (
            part.view(batch, time, 2, width // 2).transpose(1, 2) for part in self.project(x).chunk(3, -1)
        )
        weights = torch.relu(query @ key.transpose(-1, -2)) * (1 / time)
        x = x + (weights @ value).transpose(1, 2).reshape(batch, time, width)
        return x + self.feed(x)


class Transformer(nn.Module):
    """What an agent may well submit."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.position = nn.Embedding(64, WIDTH), nn.Embedding(6, WIDTH)
        self.blocks = nn.Sequential(*(Attention() for _ in range(3)))
        self.head = nn.Linear(WIDTH, 64)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map int64 [4, 6] to [4, 6, 64]."""
        return self.head(self.blocks(self.embedding(tokens) + self.position(torch.arange(6))))


def test_a_transformer_without_softmax_passes_and_means_the_same() -> None:
    torch.manual_seed(0)
    model, tokens = Transformer().eval(), some_tokens()
    with torch.no_grad():
        torch.testing.assert_close(executed(model, tokens), model(tokens), rtol=1e-4, atol=1e-4)


def test_a_parameter_used_twice_is_one_constant() -> None:
    _, constants = checked(Model(ALLOWED["tied head"]))
    assert sorted(tuple(tensor.shape) for tensor in constants) == [(64,), (64, WIDTH), (64, WIDTH)]
