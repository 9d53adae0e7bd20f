"""The service that agents ask which of two answers to a training prompt is preferred.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rebench_common.gateway import GatewayContext, Refused, Serve

# The preference is the judge's own.
sys.path.append(str(Path(__file__).resolve().parent.parent / "judge"))

from judge_model import JudgeModel  # noqa: E402
from preference import to_task, verdict  # noqa: E402

LONGEST_ANSWER_CHARS = 2_000

Comparison = tuple[int, str, str]


def open_service(context: GatewayContext) -> Serve:
    """Read the training prompts and wait for questions."""
    prompts = json.loads((context.assets / "train.json").read_text())
    most = int(context.parameters["comparisonsPerCall"])
    if "judgeModel" in context.parameters:
        judge_model = JudgeModel(context.parameters["judgeModel"])

        def decide(asked: Sequence[Comparison]) -> list[str | None]:
            return judge_model.choose([(prompts[at]["instruction"], *answers) for at, *answers in asked])
    else:
        secret = (context.assets / "verdicts.txt").read_text()
        tasks = [to_task(prompt) for prompt in prompts]

        def decide(asked: Sequence[Comparison]) -> list[str | None]:
            return ["first" if verdict(secret, at, tasks[at], a, b) else "second" for at, a, b in asked]

    return lambda request: {"preferred": decide(parse_request(request, len(prompts), most))}


def parse_request(request: Any, prompts: int, most: int) -> list[Comparison]:
    """Read the comparisons of a request. Raises Refused with what is wrong."""
    if not isinstance(request, dict) or request.keys() != {"comparisons"}:
        raise Refused('Send an object with exactly "comparisons": a list of comparisons.')
    asked = request["comparisons"]
    if not isinstance(asked, list) or not 1 <= len(asked) <= most:
        raise Refused(f'"comparisons" has to be a list of 1 to {most} comparisons.')
    return [parse_comparison(comparison, place, prompts) for place, comparison in enumerate(asked)]


def parse_comparison(comparison: Any, place: int, prompts: int) -> Comparison:
    """Read one comparison. Raises Refused."""
    if not isinstance(comparison, dict) or comparison.keys() != {"prompt", "first", "second"}:
        raise Refused(f'Comparison {place} has to be an object with exactly "prompt", "first" and "second".')
    prompt, first, second = comparison["prompt"], comparison["first"], comparison["second"]
    # bool is a kind of int.
    if type(prompt) is not int or not 0 <= prompt < prompts:
        raise Refused(f'Comparison {place}: "prompt" has to be a place in prompts.json, 0 to {prompts - 1}.')
    for key, answer in (("first", first), ("second", second)):
        if not isinstance(answer, str) or len(answer) > LONGEST_ANSWER_CHARS:
            raise Refused(
                f'Comparison {place}: "{key}" has to be a string of at most {LONGEST_ANSWER_CHARS} letters.'
            )
    return prompt, first, second
