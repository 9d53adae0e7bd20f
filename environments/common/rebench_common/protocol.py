"""What the harness asks a judge, and what a judge may answer.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MESSAGE_LIMIT_CHARS = 8_000
ANSWER_LIMIT_BYTES = 64 * 1024


@dataclass(frozen=True)
class JudgeRequest:
    """One scoring, as the harness asks for it."""

    request_id: str
    environment: str
    scale: str
    parameters: Mapping[str, Any]
    """The `parameters` of this scale in environment.yaml."""
    snapshot: Path
    assets: Path
    scratch: Path
    seed: bytes
    """32 bytes nobody could know before this scoring; every random choice of the judge comes from them."""
    runner: tuple[str, ...]
    """Command prefix that starts a runner sandbox."""
    deadline: float
    """Instant of `time.monotonic()` by which the answer has to be given."""
    gateway_runner: tuple[str, ...] | None = None
    """The same prefix for a sandbox that reaches the model gateway; None where the environment has none."""

    def remaining_seconds(self) -> float:
        """Return the seconds left until the deadline; negative when it has passed."""
        return self.deadline - time.monotonic()


@dataclass(frozen=True)
class Scored:
    """A score. `message` goes to the agent; `details` go to reviewers only."""

    raw: float
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)
    plausible_limit: float | None = None
    """Best raw score that physics allows on this machine; a better one is flagged for a person."""


@dataclass(frozen=True)
class Invalid:
    """The submission did something wrong. `message` goes to the agent and names the remedy."""

    reason: str
    """Lower-case words joined by hyphens."""
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)


class InvalidSubmission(Exception):  # noqa: N818 - it is the submission's fault, not an error of ours
    """Ends a scoring as `invalid` from anywhere inside `score`."""

    def __init__(self, reason: str, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{reason}: {message}")
        self.invalid = Invalid(reason, message, details or {})


def parse_request(line: bytes) -> JudgeRequest:
    """Read the harness's request line. The deadline starts to run here.

    Raises KeyError, TypeError or ValueError on anything else: the harness is at fault then, not the agent.
    """
    raw = json.loads(line)
    seed = bytes.fromhex(raw["seed"])
    if len(seed) != 32:
        raise ValueError(f"seed has {len(seed)} bytes instead of 32")
    return JudgeRequest(
        request_id=raw["requestId"],
        environment=raw["environment"],
        scale=raw["scale"],
        parameters=raw["parameters"],
        snapshot=Path(raw["snapshot"]),
        assets=Path(raw["assets"]),
        scratch=Path(raw["scratch"]),
        seed=seed,
        runner=tuple(raw["runner"]),
        deadline=time.monotonic() + float(raw["deadlineSeconds"]),
        gateway_runner=tuple(raw["gatewayRunner"]) if "gatewayRunner" in raw else None,
    )


def encode_answer(request: JudgeRequest, answer: Scored | Invalid) -> bytes:
    """Turn an answer into its line. Raises ValueError where a judge breaks its own contract."""
    body: dict[str, Any] = {"requestId": request.request_id}
    if isinstance(answer, Scored):
        if not math.isfinite(answer.raw):
            raise ValueError(f"raw score {answer.raw} is not finite")
        body |= {"result": "scored", "raw": answer.raw}
        if answer.plausible_limit is not None:
            body["plausibleLimit"] = answer.plausible_limit
    else:
        body |= {"result": "invalid", "reason": answer.reason}
    body |= {"message": answer.message[:MESSAGE_LIMIT_CHARS], "details": dict(answer.details)}
    # Not as ASCII: escaped, a message of rare characters would be longer than an answer may be.
    text = json.dumps(body, allow_nan=False, ensure_ascii=False)
    line = text.encode(errors="backslashreplace") + b"\n"
    if len(line) > ANSWER_LIMIT_BYTES:
        raise ValueError(f"answer of {len(line)} bytes is over the limit of {ANSWER_LIMIT_BYTES}")
    return line
