"""Scores a pipeline: the right weights for two jobs nobody has seen before, and how many seconds they take.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import math
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from handover import Handover
from jobs import Job, draw_pair, generator, to_jsonl, to_yaml, work_of
from paper_scale import check_sum, run_start, specs_of_file
from pristine import fine_tune, sizes_of
from rebench_common.protocol import InvalidSubmission, JudgeRequest, Scored
from rebench_common.runner import Runner, RunnerTimeoutError
from rebench_common.text import printable
from rebench_lm.tokens import open_tokens
from rebench_lm.weights import HEADER_LIMIT_BYTES, TensorSpec, WeightsError, read_weights
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

sys.path.append(str(Path(__file__).resolve().parent.parent / "handed_out"))
from compare import differences  # noqa: E402

READY_LIMIT_SECONDS = 30.0
SHOWN_TENSORS = 5
FORGED = "Something in the submission wrote to the judge's connection."
SUBMISSION = "tuned.safetensors"

Weights = Mapping[str, Tensor]


def score(request: JudgeRequest) -> Scored:
    """Score one snapshot."""
    if not (request.snapshot / "finetune.py").is_file():
        raise InvalidSubmission("missing-file", "There is no file finetune.py in the workspace.")
    parameters = request.parameters
    base_file = request.assets / "base" / "model.safetensors"
    base = load_file(base_file)
    tokenizer = Tokenizer.from_file(str(request.assets / "base" / "tokenizer.json"))
    text = open_tokens(request.assets / "text.bin")
    jobs = draw_pair(generator(request.seed, "jobs"), text, tokenizer, work_of(parameters))
    specs = specs_of_file(base_file)
    seconds: list[float] = []
    found: list[Path] = []
    # The expected weights do not exist before the runners are gone.
    for index, job in enumerate(jobs):
        found.append(request.scratch / f"{index}" / SUBMISSION)
        found[-1].parent.mkdir()
        seconds.append(run_job(request, job, found[-1]))
    weights = [read(path, specs, index) for index, path in enumerate(found, 1)]
    if parameters["gpu"]:
        expected = [
            run_start(job, base_file.parent, request.scratch / f"start{i}") for i, job in enumerate(jobs)
        ]
        compare = check_sum
    else:
        sizes = sizes_of(parameters)
        # One thread each: threads that wait for one another are slow where others use the processors as well.
        torch.set_num_threads(1)
        with ThreadPoolExecutor(len(jobs)) as pool:
            expected = list(pool.map(lambda job: fine_tune(sizes, base, tokenizer, job), jobs))
        compare = check
    tolerance = float(parameters["tolerance"])
    worst = max(compare(weights[i], expected[i], base, tolerance, i + 1) for i in range(len(jobs)))
    total = sum(seconds)
    return Scored(
        raw=math.log(total),
        message=(
            f"The weights of both jobs are right. {' + '.join(f'{s:.2f}' for s in seconds)} = {total:.2f} s; "
            f"score ln({total:.2f}) = {math.log(total):.4f}."
        ),
        details={"seconds": seconds, "worstDifference": worst},
    )


def run_job(request: JudgeRequest, job: Job, out: Path) -> float:
    """Run the submission on one job in a sandbox of its own, leave its weights at `out`, return the seconds.

    They run from the request until every process of the sandbox is gone, with the weights in the judge's
    memory; what is still at work then is killed and has achieved nothing.
    """
    base = request.assets / "base"
    inputs: dict[str, bytes | Path] = {
        "finetune.yaml": to_yaml(job.options).encode(),
        "train.jsonl": to_jsonl(job.examples).encode(),
        **{f"base/{path.name}": path for path in sorted(base.iterdir())},
    }
    room = HEADER_LIMIT_BYTES + 2 * (base / "model.safetensors").stat().st_size
    token = generator(request.seed, "token", out.parent.name).bytes(16).hex()
    remaining = request.remaining_seconds() - float(request.parameters["reserveSeconds"])
    limit = min(float(request.parameters["jobLimitSeconds"]), max(remaining, 0.0))
    with Handover(inputs, room) as handover:
        arguments = ["--socket", "{socket}", *handover.arguments]
        with Runner(request.runner, arguments, handover.descriptors) as runner:
            runner.wait_until_ready(READY_LIMIT_SECONDS)
            start = time.perf_counter()
            try:
                answer = runner.ask_first({"token": token}, limit).frame
            except RunnerTimeoutError:
                raise InvalidSubmission(
                    "timed-out",
                    f"The pipeline took longer than {limit:.0f} s for one job. "
                    f"End of its output:\n{runner.log_tail() or '(none)'}",
                ) from None
        seconds = time.perf_counter() - start
        size_bytes = check_answer(answer, token, runner.log_tail)
        handover.save_output(out, size_bytes)
    return seconds


def read(path: Path, specs: Mapping[str, TensorSpec], job: int) -> Weights:
    """Read what came back, as data and by nothing but our own reader."""
    try:
        return read_weights(path, specs)
    except WeightsError as error:
        raise InvalidSubmission(error.reason, f"Job {job}: {error.message}") from None


def check_answer(answer: Mapping[str, object], token: str, log_tail: Callable[[], str]) -> int:
    """Return the size of the weights, in bytes, that the runner claims to have left."""
    if answer.get("token") != token:
        raise InvalidSubmission("broke-protocol", FORGED)
    if "exit" in answer:
        raise InvalidSubmission(
            "pipeline-failed",
            f"finetune.py ended with exit code {printable(str(answer['exit']), 20)}. "
            f"End of its output:\n{log_tail() or '(none)'}",
        )
    if "problem" in answer:
        problem = printable(str(answer["problem"]), 300)
        raise InvalidSubmission("missing-weights", f"What finetune.py left at --out {problem}.")
    size_bytes = answer.get("bytes")
    if type(size_bytes) is not int or size_bytes < 0:
        raise InvalidSubmission("broke-protocol", FORGED)
    return size_bytes


def check(weights: Weights, expected: Weights, base: Weights, tolerance: float, job: int) -> float:
    """Return the largest difference, or refuse the weights."""
    found = differences(weights, expected, base)
    # A comparison that NaN fails.
    wrong = {name: share for name, share in found.items() if not share <= tolerance}
    if not wrong:
        return max(found.values())
    worst = sorted(wrong, key=lambda name: -wrong[name])[:SHOWN_TENSORS]
    raise InvalidSubmission(
        "wrong-weights",
        f"Job {job}: {len(wrong)} of {len(found)} tensors differ from those of the starting pipeline by "
        f"more than {tolerance:g} of what training changes. Worst: "
        + ", ".join(f"{name} ({wrong[name]:.2g})" for name in worst)
        + ". Try your pipeline on the jobs in /assets/practice.",
        {"job": job, "differences": {name: min(share, 1e9) for name, share in wrong.items()}},
    )
