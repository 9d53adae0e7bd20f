"""Checks a workspace as the judge will: `python3 /assets/restricted_mlm [--workspace .]`."""

import argparse
import json
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import torch

from restricted_mlm.check import check_graph
from restricted_mlm.execute import GraphModel
from restricted_mlm.export import export_model
from restricted_mlm.graph import encode_graph, parse_graph
from restricted_mlm.logits import check_finite, check_independence
from restricted_mlm.masking import hidden_token_losses, mask_tokens
from restricted_mlm.refusals import RuleError
from restricted_mlm.settings import Settings, parse_settings
from restricted_mlm.submission import load_submission

BATCHES = 16
CLOSE = 1e-3


def check_workspace(workspace: Path, settings: Settings, validation: np.ndarray) -> str:
    """Export, check and execute on the validation text. Returns a report; raises RuleError."""
    task = settings.task
    model = load_submission(workspace)
    graph, constants = export_model(model, task.batch, task.window)
    graph = parse_graph(json.loads(json.dumps(encode_graph(graph))), settings.limits)
    checked = check_graph(graph, constants, task, settings.limits)
    executed = GraphModel(checked, constants)
    generator = torch.Generator().manual_seed(0)
    count = min(BATCHES * task.batch, len(validation) // task.window) // task.batch * task.batch
    windows = torch.from_numpy(validation[: count * task.window].astype(np.int64)).view(count, task.window)
    losses = []
    for batch in windows.split(task.batch):
        tokens, hidden = mask_tokens(batch, settings.mask_token, generator)
        logits = executed(tokens)
        check_finite(logits)
        losses.append(hidden_token_losses(logits, batch, hidden))
    with torch.no_grad():
        difference = float((model(tokens) - logits).abs().max())
    order = torch.randperm(task.batch, generator=generator)
    check_independence(executed, tokens, tokens.flip(0), order)
    loss = float(torch.cat(losses).mean())
    excess = max(loss - settings.loss_floor, settings.least_excess)
    return (
        f"The rules are kept. {len(graph.nodes)} nodes (at most {settings.limits.nodes:,}), "
        f"{sum(tensor.numel() for tensor in constants):,} parameters and constants "
        f"(at most {settings.limits.constant_elements:,}), {checked.work_per_window:,} units of work per "
        f"window (at most {settings.limits.work_per_window:,}).\n"
        f"Validation loss {loss:.4f} on {count} windows: ln({loss:.4f} - {settings.loss_floor:g}) = "
        f"{math.log(excess):.4f}."
        + (
            ""
            if difference < CLOSE
            else f"\nBeware: the graph's logits differ from the model's by up to {difference:.3g}. The graph "
            "is what counts. Was as_strided used on a tensor that is not contiguous?"
        )
    )


def main() -> None:
    """Print the report, or the refusal and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, default=Path())
    parser.add_argument("--assets", type=Path, default=Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    settings = parse_settings(json.loads((arguments.assets / "settings.json").read_text()))
    validation = np.memmap(arguments.assets / "validation.bin", dtype="<u2", mode="r")
    try:
        print(check_workspace(arguments.workspace.resolve(), settings, validation))
    except RuleError as refusal:
        sys.exit(f"{refusal.reason}: {refusal.message}")


if __name__ == "__main__":
    main()
