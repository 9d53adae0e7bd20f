"""A simulated weak model that writes Rust: not a language model, but a table of programs and a die.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

It recognises a problem by its statement and answers as a weak model does: with the right program now and
then, or with one that does not compile, is wrong or too slow, in prose. What it does is a function of
prompt, temperature and seed.
"""

import random
import re

from evidence import situation_of
from habits import Situation, chance_of, skill, weights_for
from knowledge import KnownProblem, Text, load_knowledge, recognise
from rebench_common.gateway import GatewayContext, Generate, ModelAnswer, ModelRequest
from rust_text import disguised

CHARS_PER_TOKEN = 4
USUAL_TEMPERATURE = 1.0
BRUTE_FORCE = re.compile(
    r"brute[- ]?force|simplest (?:possible )?(?:program|solution|way)|naive", re.IGNORECASE
)

OPENINGS = (
    "Sure! Here is a Rust solution to the problem.",
    "To solve this, we read the input, process it as the statement asks, and print the result.",
    "Let's think about it. The limits suggest how much work we can afford, so we keep the program simple.",
    "Here's my approach: parse all numbers first, then compute the answer step by step.",
)
REPAIRS = (
    "You're right, I apologize for the mistake. Here is the corrected program.",
    "Thanks for the details. The problem was in my earlier program; this version should fix it.",
)
CLOSINGS = (
    "This should handle all the cases in the statement. Let me know if you have questions!",
    "The program reads from standard input and writes to standard output.",
    "I have not run it, but it follows the statement.",
    "Hope this helps!",
)
UNKNOWN = (
    "I'm a simulated weak coder and cannot tell which problem this is. Please send me the whole statement, "
    "and say that the solution has to be in Rust."
)


def open_model(context: GatewayContext) -> Generate:
    """Make the model for one phase."""
    problems = load_knowledge(context.assets, context.phase, context.scratch)

    def generate(request: ModelRequest) -> ModelAnswer:
        prompt = "\n\n".join(message.text for message in request.messages)
        written = answer(problems, prompt, request.temperature, request.seed)
        most = (request.max_output_tokens or len(written)) * CHARS_PER_TOKEN
        return ModelAnswer(
            text=written[:most],
            input_tokens=-(-len(prompt) // CHARS_PER_TOKEN),
            output_tokens=-(-min(len(written), most) // CHARS_PER_TOKEN),
            finish_reason="stop" if len(written) <= most else "length",
        )

    return generate


def answer(problems: list[KnownProblem], prompt: str, temperature: float | None, seed: bytes) -> str:
    """Write one answer."""
    recognised = recognise(problems, prompt)
    if recognised is None or "rust" not in prompt.lower():
        return UNKNOWN
    problem, understanding = recognised
    warmth = USUAL_TEMPERATURE if temperature is None else temperature
    chance = chance_of(prompt, warmth, seed, problem.die)
    situation, own = situation_of(problem, prompt)
    if situation == "fresh" and BRUTE_FORCE.search(prompt):
        situation = "brute-force"
    text = draw(problem, situation, own, skill(warmth, understanding), chance)
    return in_prose(disguised(text.source, chance), situation, chance)


def draw(
    problem: KnownProblem, situation: Situation, own: Text | None, factor: float, chance: random.Random
) -> Text:
    """Choose a program: its kind by the habit, then one of that kind, where possible not the last one.

    Kinds that the problem has no program of are left to programs that do not compile, which it has.
    """
    weights = weights_for(problem.habit, situation, factor)
    kind = chance.choices(list(weights), list(weights.values()))[0]
    choices = problem.of_kind(kind) or problem.of_kind("broken")
    others = [text for text in choices if text is not own]
    return chance.choice(others or choices)


def in_prose(source: str, situation: Situation, chance: random.Random) -> str:
    """Put words around a program, as models do; now and then a second block, which is no program."""
    opening = chance.choice(REPAIRS if situation in ("error", "failure", "slowness") else OPENINGS)
    fence = chance.choice(("```rust", "```rust", "```rust", "```", "```rs"))
    parts = [opening, f"{fence}\n{source}```", chance.choice(CLOSINGS)]
    if chance.random() < 0.15:
        parts.insert(1, "It can be compiled and run like this:\n\n```sh\nrustc -O main.rs && ./main\n```")
    return "\n\n".join(parts) + "\n"
