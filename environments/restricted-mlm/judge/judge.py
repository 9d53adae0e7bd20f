"""Scores a masked language model: exported in the runner, checked and executed here.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rebench_common.protocol import InvalidSubmission, JudgeRequest, Scored
from rebench_common.runner import Runner, RunnerTimeoutError
from rebench_common.shared_array import SharedArray
from rebench_common.text import printable
from rebench_lm.tokens import open_tokens
from rebench_lm.weights import HEADER_LIMIT_BYTES, TensorSpec, WeightsError, read_weights

sys.path.append(str(Path(__file__).parent / "runner"))
from restricted_mlm.check import CheckedGraph, check_graph  # noqa: E402
from restricted_mlm.execute import GraphModel  # noqa: E402
from restricted_mlm.graph import Graph, parse_graph  # noqa: E402
from restricted_mlm.logits import check_finite, check_independence  # noqa: E402
from restricted_mlm.masking import hidden_token_losses, mask_tokens  # noqa: E402
from restricted_mlm.refusals import RuleError, refuse  # noqa: E402
from restricted_mlm.settings import Settings, parse_settings  # noqa: E402

READY_LIMIT_SECONDS = 40.0
RESERVE_SECONDS = 2.0


def score(request: JudgeRequest) -> Scored:
    """Score one snapshot."""
    settings = parse_settings(request.parameters)
    # Numbers too small for full precision are slow, and a way to make a cheap graph last for minutes.
    torch.set_flush_denormal(True)
    answer, content = _export(request, settings)
    try:
        graph, constants = read_model(answer, content, settings, request.scratch)
        checked = check_graph(graph, constants, settings.task, settings.limits)
        return evaluate(request, settings, checked, constants)
    except (RuleError, WeightsError) as error:
        raise InvalidSubmission(error.reason, printable(error.message, 6_000)) from error


def _export(request: JudgeRequest, settings: Settings) -> tuple[dict[str, Any], np.ndarray]:
    """Have the submission exported in the runner; return its answer and the memory it wrote to, as uint8."""
    limit = float(request.parameters["exportLimitSeconds"])
    capacity = 8 + HEADER_LIMIT_BYTES + 8 * settings.limits.constant_elements
    memory = SharedArray("weights", -(-capacity // 4))
    try:
        arguments = ["--socket", "{socket}", "--weights", str(memory.fd), "--capacity", str(capacity)]
        arguments += ["--batch", str(settings.task.batch), "--window", str(settings.task.window)]
        with Runner(request.runner, arguments, (memory.fd,)) as runner:
            runner.wait_until_ready(READY_LIMIT_SECONDS)
            remaining = max(0.0, request.remaining_seconds() - RESERVE_SECONDS)
            try:
                answer = runner.ask_first({"do": "export"}, min(limit, remaining)).frame
            except RunnerTimeoutError as error:
                raise InvalidSubmission(
                    "export-timed-out",
                    f"Building and exporting the model took longer than {min(limit, remaining):g} s.",
                ) from error
            log = runner.log_tail()
        # Every process of the runner has ended: nobody writes to the memory any more.
        if "refused" in answer:
            _pass_on(answer, log)
        length = answer.get("weightsBytes")
        if type(length) is not int or not 0 <= length <= capacity:
            raise InvalidSubmission("malformed-graph", "The export does not say how long its constants are.")
        return answer, memory.values.view(np.uint8)[:length].copy()
    finally:
        memory.close()


def read_model(
    answer: dict[str, Any], content: np.ndarray, settings: Settings, scratch: Path
) -> tuple[Graph, list[torch.Tensor]]:
    """Read graph and constants as a stranger's data. Raises RuleError or WeightsError."""
    graph = parse_graph(answer.get("graph"), settings.limits)
    path = scratch / "constants.safetensors"
    content.tofile(path)
    specs = {constant.name: TensorSpec(constant.shape, constant.dtype) for constant in graph.constants}
    tensors = read_weights(path, specs)
    return graph, [tensors[constant.name] for constant in graph.constants]


def _pass_on(answer: dict[str, Any], log: str) -> None:
    """Tell the agent what its own process says; nothing of it is trusted."""
    reason = str(answer["refused"])[:60]
    if re.fullmatch(r"[a-z]+(-[a-z]+)*", reason) is None:
        reason = "export-failed"
    message = printable(str(answer.get("message", "")), 6_000)
    raise InvalidSubmission(reason, message + (f"\nEnd of its output:\n{log}" if log else ""))


def evaluate(
    request: JudgeRequest, settings: Settings, checked: CheckedGraph, constants: list[torch.Tensor]
) -> Scored:
    """Execute the graph on hidden text and take its loss. Raises RuleError."""

    def check_time() -> None:
        if request.remaining_seconds() < RESERVE_SECONDS:
            refuse("too-slow", "Executing the model took longer than one scoring may last: make it smaller.")

    device = "cuda" if request.parameters["gpu"] else "cpu"
    model = GraphModel(checked, constants, device, check_time)
    windows, tokens, hidden, order = _draw(request, settings)
    batch = settings.task.batch
    losses = []
    for start in range(0, len(windows), batch):
        chosen = slice(start, start + batch)
        logits = model(tokens[chosen].to(device))
        losses.append(
            hidden_token_losses(logits, windows[chosen].to(device), hidden[chosen].to(device)).cpu()
        )
        check_finite(logits)
    others = tokens[-batch:] if len(tokens) > batch else tokens.flip(0)
    check_independence(model, tokens[:batch].to(device), others.to(device), order.to(device))
    all_losses = torch.cat(losses)
    loss = float(all_losses.mean())
    excess = max(loss - settings.loss_floor, settings.least_excess)
    return Scored(
        raw=math.log(excess),
        message=(
            f"Loss {loss:.4f} nats on {len(all_losses):,} hidden tokens; "
            f"score ln({loss:.4f} - {settings.loss_floor:g}) = {math.log(excess):.4f}. "
            f"{len(checked.graph.nodes)} nodes, {sum(c.numel() for c in constants):,} parameters and "
            f"constants, {checked.work_per_window:,} units of work per window."
        ),
        details={
            "loss": loss,
            "standardErrorOfLoss": float(all_losses.std() / math.sqrt(len(all_losses))),
            "hiddenTokens": len(all_losses),
            "windows": len(windows),
            "liveElements": checked.live_elements,
            "operators": sorted({node.operator for node in checked.graph.nodes}),
            "torch": torch.__version__,
        },
    )


def _draw(request: JudgeRequest, settings: Settings) -> tuple[torch.Tensor, ...]:
    """Draw windows of the hidden text that do not overlap, in random order, and hide tokens in them.

    Returns int64 windows and tokens, and bool hidden, all of shape [windows, window], in whole batches; and
    int64 [batch], a permutation.
    """
    numbers = np.random.default_rng(np.frombuffer(request.seed, dtype=np.uint32))
    text, length, batch = open_tokens(request.assets / "test.bin"), settings.task.window, settings.task.batch
    offset = int(numbers.integers(0, length))
    grid = (len(text) - offset) // length
    count = min(int(request.parameters["scoredWindows"]), grid) // batch * batch
    if count == 0:
        raise RuntimeError("the hidden text is shorter than one batch of windows")
    places = numbers.permutation(grid)[:count]
    chosen = np.array(text[offset : offset + grid * length]).reshape(grid, length)[places]
    windows = torch.from_numpy(chosen.astype(np.int64))
    generator = torch.Generator().manual_seed(int(numbers.integers(0, 2**63 - 1)))
    order = torch.from_numpy(numbers.permutation(batch))
    return windows, *mask_tokens(windows, settings.mask_token, generator), order
