"""Scores `prefix_sum`: exact on every input, and how many milliseconds a large one takes.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import math
import statistics
import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from host_buffers import HostBuffers
from inputs import LAWS, TIMED_LAW, expected_answer, generator
from plan import Call, Parameters, make_plan, parse_parameters
from pressure import seconds_of_waiting
from rebench_common.process_tree import RanWhileStoppedError
from rebench_common.protocol import InvalidSubmission, JudgeRequest, Scored
from rebench_common.runner import Reply, Runner, RunnerTimeoutError
from rebench_common.text import printable

READY_LIMIT_SECONDS = 40.0
RESERVE_SECONDS = 2.0
ROUND_TRIPS = 9
# Fewer than the full-size calls of untimed laws, so that nobody can void his way past those.
MOST_VOID_CALLS = 3

RAN_WHILE_STOPPED = (
    "Processes of the submission ran several times while the judge had stopped them (for example woken by a "
    "SIGCONT from a timer). Work outside the clock is not allowed."
)


class Buffers(Protocol):
    """The shared input and output on one kind of device: HostBuffers or GpuBuffers."""

    device: str
    descriptors: tuple[int, int]
    reveal: Callable[[], None] | None
    """What has to happen right after the clock starts; charged."""
    collect: Callable[[], None] | None
    """What has to happen before the clock stops; charged."""

    def put(self, x: np.ndarray, poison: int) -> None:
        """Write or stage the input, int32 of shape [size], and fill as much of the output with `poison`."""

    def answer(self, size: int) -> np.ndarray:
        """Return the output, int32 of shape [size], in memory the submission cannot reach."""

    def limit_seconds(self, elements: int) -> float:
        """Return the least time in which `elements` int32 can be read and written once."""

    def close(self) -> None:
        """Release the memory."""


def score(request: JudgeRequest) -> Scored:
    """Score one snapshot."""
    parameters = parse_parameters(request.parameters)
    if not (request.snapshot / "solution.py").is_file():
        raise InvalidSubmission("missing-file", "There is no file solution.py in the workspace.")
    plan = make_plan(generator(request.seed, "plan"), parameters)
    buffers = _open_buffers(parameters)
    try:
        # On a GPU the judge's own round trip is as long as a good answer, so it is taken off there.
        overhead = _round_trip_seconds(request, parameters, buffers) if parameters.gpu else 0.0
        waited_before, started = seconds_of_waiting(), time.monotonic()
        timed, void = _run(request, parameters, plan, buffers)
        waited_after, ended = seconds_of_waiting(), time.monotonic()
        limit = buffers.limit_seconds(parameters.elements)
    finally:
        buffers.close()
    milliseconds = [
        1e3 * (seconds - overhead) * parameters.elements / call.size
        for call, seconds in timed
        if call.purpose == "timed"
    ]
    median = statistics.median(milliseconds)
    if median <= 0:
        raise RuntimeError(f"the round trip, {1e3 * overhead:.3f} ms, took longer than whole calls")
    return Scored(
        raw=math.log(median),
        plausible_limit=math.log(1e3 * limit),
        message=(
            f"Exact on all {len(plan)} calls. Median of {len(milliseconds)} timed calls: {median:.3f} ms for "
            f"{parameters.elements:,} elements (fastest {min(milliseconds):.3f}, "
            f"slowest {max(milliseconds):.3f}); score ln({median:.3f}) = {math.log(median):.4f}."
        ),
        details={
            "timedMs": milliseconds,
            "limitMs": 1e3 * limit,
            "overheadMs": 1e3 * overhead,
            "voidCalls": void,
            "fullSizeMs": [
                {"purpose": call.purpose, "law": call.law, "size": call.size, "ms": 1e3 * seconds}
                for call, seconds in timed
                if call.size > parameters.elements // 2
            ],
            "shareOfTimeSomeTaskWaited": (
                None
                if waited_before is None or waited_after is None
                else (waited_after - waited_before) / (ended - started)
            ),
            "numpy": np.__version__,
        },
    )


def _open_buffers(parameters: Parameters) -> Buffers:
    if not parameters.gpu:
        return HostBuffers(parameters.largest)
    from gpu_buffers import GpuBuffers

    return GpuBuffers(parameters.largest, parameters.memory_bandwidth)


def _runner(request: JudgeRequest, parameters: Parameters, buffers: Buffers) -> Runner:
    arguments = ["--socket", "{socket}", "--device", buffers.device, "--elements", str(parameters.largest)]
    for name, descriptor in zip(("--input", "--output"), buffers.descriptors, strict=True):
        arguments += [name, str(descriptor)]
    return Runner(request.runner, arguments, buffers.descriptors)


def _round_trip_seconds(request: JudgeRequest, parameters: Parameters, buffers: Buffers) -> float:
    """Median time of a call that does nothing, in a runner that never imports the submission."""
    with _runner(request, parameters, buffers) as runner:
        runner.wait_until_ready(READY_LIMIT_SECONDS)
        times = []
        for _ in range(ROUND_TRIPS):
            frame = {"do": "nothing", "token": ""}
            reply = runner.ask(frame, READY_LIMIT_SECONDS, buffers.reveal, buffers.collect)
            times.append(reply.seconds)
        return statistics.median(times)


def _run(
    request: JudgeRequest, parameters: Parameters, plan: list[Call], buffers: Buffers
) -> tuple[list[tuple[Call, float]], int]:
    """Make all calls of the plan and verify every answer; seconds by call, and the number of void calls."""
    secrets = generator(request.seed, "tokens")
    draw = _make_inputs(request.seed, plan)
    with _runner(request, parameters, buffers) as runner:
        runner.wait_until_ready(READY_LIMIT_SECONDS)

        def ask(frame: dict[str, Any], what: str, limit: float, *charged: Callable[[], None] | None) -> Reply:
            token = secrets.bytes(16).hex()
            remaining = request.remaining_seconds() - RESERVE_SECONDS
            try:
                reply = runner.ask({**frame, "token": token}, min(limit, max(remaining, 0.0)), *charged)
            except RunnerTimeoutError as error:
                if remaining < limit:
                    raise InvalidSubmission(
                        "too-slow", "All calls together took longer than one scoring may last."
                    ) from error
                raise InvalidSubmission(
                    f"{what}-timed-out", f"The {what} took longer than {limit:g} s."
                ) from error
            _check_reply(reply, token, what, runner)
            return reply

        ask({"do": "import"}, "import", parameters.import_limit_seconds)
        times: list[tuple[Call, float]] = []
        void = attempts = 0
        while len(times) < len(plan):
            call = plan[len(times)]
            x = draw(call, attempts)
            poison = int(secrets.integers(-(2**31), 2**31))
            buffers.put(x, poison)
            frame = {"do": "call", "size": call.size}
            try:
                reply = ask(frame, "call", parameters.call_limit_seconds, buffers.reveal, buffers.collect)
                got = buffers.answer(call.size)
                runner.check_still()
            except RanWhileStoppedError:
                # Such a call neither counts nor costs: it is made again with new data, a few times.
                void, attempts = void + 1, attempts + 1
                if void > MOST_VOID_CALLS:
                    raise InvalidSubmission("ran-while-stopped", RAN_WHILE_STOPPED) from None
                runner.stop_again()
                continue
            _check_answer(call, x, got, poison)
            times.append((call, reply.seconds))
            attempts = 0
        return times, void


def _make_inputs(seed: bytes, plan: list[Call]) -> Callable[[Call, int], np.ndarray]:
    """Return what gives the input of a call, in a time that does not tell its law.

    It takes the call and how often that call has been void. Calls of one stream get the same input.

    A stopped submission can still measure how long it was stopped. So the untimed laws' inputs are made
    beforehand, and drawing one of the timed law costs its time whether it is used or not.
    """

    def make(law: str, call: Call, attempt: int) -> np.ndarray:
        return LAWS[law](generator(seed, "input", call.stream, attempt), call.size)

    others = {call.stream: make(call.law, call, 0) for call in plan if call.law != TIMED_LAW}

    def draw(call: Call, attempt: int) -> np.ndarray:
        timed = make(TIMED_LAW, call, attempt)
        if call.law == TIMED_LAW:
            return timed
        return others[call.stream] if attempt == 0 else make(call.law, call, attempt)

    return draw


def _check_reply(reply: Reply, token: str, what: str, runner: Runner) -> None:
    if reply.frame.get("token") != token:
        raise InvalidSubmission(
            "broke-protocol", "Something in the submission wrote to the judge's connection."
        )
    error = reply.frame.get("error")
    if error is not None:
        text = printable(str(error), 4_000)
        output = runner.log_tail()
        raise InvalidSubmission(
            f"{what}-failed",
            f"The {what} raised an exception:\n{text}"
            + (f"\nEnd of its output:\n{output}" if output else ""),
        )


def _check_answer(call: Call, x: np.ndarray, got: np.ndarray, poison: int) -> None:
    expected = expected_answer(x)
    wrong = np.flatnonzero(got != expected)
    if len(wrong) == 0:
        return
    first = int(wrong[0])
    untouched = bool(got[first] == poison)
    again = " This input had been given once before." if call.purpose == "repeat" else ""
    raise InvalidSubmission(
        "wrong-answer",
        f"Wrong on x of {call.size:,} values, law '{call.law}': {len(wrong):,} of out's values differ, the "
        f"first is out[{first}]: expected {expected[first]}, got "
        + (
            "what it held before the call (when prefix_sum returns, out must be complete)."
            if untouched
            else f"{got[first]}."
        )
        + again,
        {"law": call.law, "size": call.size, "purpose": call.purpose, "wrong": len(wrong), "first": first},
    )
