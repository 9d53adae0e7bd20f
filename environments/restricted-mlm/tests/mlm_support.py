"""What the tests of this environment share: a scale small enough for tests, and models in a line.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rebench_common.testing import JudgeRun, score_snapshot
from rebench_lm.tokens import save_tokens
from rebench_lm.weights import save_weights
from restricted_mlm.check import CheckedGraph, check_graph
from restricted_mlm.execute import GraphModel
from restricted_mlm.export import export_model
from restricted_mlm.graph import encode_graph, parse_graph
from restricted_mlm.settings import Settings, parse_settings
from torch import Tensor, nn

ENVIRONMENT = Path(__file__).resolve().parent.parent
SMALL: dict[str, Any] = {
    "corpus": "documents",
    "vocabulary": 64,
    "maskToken": 1,
    "windowTokens": 6,
    "windowsPerBatch": 4,
    "scoredWindows": 64,
    "gpu": False,
    "exportLimitSeconds": 30,
    "parameterLimit": 20_000,
    "nodeLimit": 500,
    "tensorElementLimit": 100_000,
    "liveElementLimit": 400_000,
    "workPerWindowLimit": 8_000_000,
    "lossFloor": 1.5,
    "leastExcess": 0.01,
}
WIDTH = 8


class Model(nn.Module):
    """Embeds, does what is tested, reads out."""

    def __init__(self, change: Callable[["Model", Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self.embedding = nn.Embedding(64, WIDTH)
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH))
        self.head = nn.Linear(WIDTH, 64)
        self.register_buffer("memory", torch.zeros(WIDTH))
        self.positions = torch.tensor([5, 4, 3, 2, 1, -6])
        self.change = change

    def forward(self, tokens: Tensor) -> Tensor:
        """Map int64 [4, 6] to [4, 6, 64]."""
        return self.head(self.change(self, self.embedding(tokens), tokens))


def settings(**changes: Any) -> Settings:
    """Read the small scale."""
    return parse_settings(SMALL | changes)


def checked(model: nn.Module, **changes: Any) -> tuple[CheckedGraph, list[Tensor]]:
    """Export a model as the runner does and check it as the judge does. Raises RuleError."""
    chosen = settings(**changes)
    graph, constants = export_model(model.eval(), chosen.task.batch, chosen.task.window)
    graph = parse_graph(json.loads(json.dumps(encode_graph(graph))), chosen.limits)
    return check_graph(graph, constants, chosen.task, chosen.limits), constants


def executed(model: nn.Module, tokens: Tensor) -> Tensor:
    """Return what the judge would compute."""
    return GraphModel(*checked(model))(tokens)


def some_tokens(seed: int = 0) -> Tensor:
    """Draw int64 tokens of the small scale."""
    return torch.randint(0, 64, (4, 6), generator=torch.Generator().manual_seed(seed))


HONEST = """
import torch
from torch import nn

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(64, 8)
        self.head = nn.Linear(8, 64)

    def forward(self, tokens):
        return self.head(torch.relu(self.embedding(tokens)))

def build():
    return Model()
"""


def write_submission(folder: Path, source: str = HONEST, weights: str = HONEST) -> None:
    """Write model.py, and the weights of the model that `weights` builds."""
    folder.mkdir(exist_ok=True)
    (folder / "model.py").write_text(textwrap.dedent(source))
    names: dict[str, Any] = {}
    exec(compile(textwrap.dedent(weights), "model.py", "exec"), names)
    torch.manual_seed(0)
    save_weights(folder / "model.safetensors", names["build"]())


def write_assets(folder: Path) -> Path:
    """Write a hidden text of random tokens, and return its folder."""
    folder.mkdir()
    save_tokens(folder / "test.bin", np.random.default_rng(0).integers(2, 64, 2_000).astype(np.uint16))
    return folder


def score(workspace: Path, assets: Path, **changes: Any) -> JudgeRun:
    """Score a workspace in real sandboxes."""
    return score_snapshot(ENVIRONMENT, workspace, SMALL | changes, assets=assets)
