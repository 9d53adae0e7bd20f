"""How the simulated coder does on a problem: the probabilities that make it weak, all of them.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

Every problem has one habit, which says what gets in the coder's way there. An answer is drawn by the habit
and by what the conversation shows: a first attempt, or its own program with genuine evidence of what is
wrong with it.
"""

import random
from collections.abc import Mapping
from typing import Literal

Kind = Literal["correct", "broken", "wrong", "trap", "slow"]
"""A program that solves the problem; does not compile; fails a sample; passes the samples and yet is wrong;
is too slow."""

Situation = Literal["fresh", "error", "failure", "slowness", "brute-force"]
"""What is asked for: a first attempt; a repair after a compiler error, a failed case or a lack of speed, each
genuine; a simple program without regard to time."""

Weights = Mapping[Kind, float]

HABITS: Mapping[str, Mapping[Situation, Weights]] = {
    # Within its reach: one attempt in two or three is right.
    "ready": {
        "fresh": {"correct": 0.42, "broken": 0.33, "wrong": 0.25},
        "error": {"correct": 0.70, "broken": 0.20, "wrong": 0.10},
        "failure": {"correct": 0.65, "broken": 0.20, "wrong": 0.15},
    },
    # It has the idea and fights the compiler, alone in vain.
    "careless": {
        "fresh": {"broken": 0.90, "wrong": 0.10},
        "error": {"correct": 0.30, "broken": 0.60, "wrong": 0.10},
        "failure": {"correct": 0.10, "broken": 0.80, "wrong": 0.10},
    },
    # It misreads the statement, and sees it when shown a case.
    "hasty": {
        "fresh": {"broken": 0.30, "wrong": 0.70},
        "error": {"broken": 0.20, "wrong": 0.80},
        "failure": {"correct": 0.30, "broken": 0.25, "wrong": 0.45},
    },
    # It overlooks what no sample shows: only a case of the scaffold's own helps.
    "misled": {
        "fresh": {"broken": 0.30, "trap": 0.70},
        "error": {"broken": 0.20, "trap": 0.80},
        "failure": {"correct": 0.30, "broken": 0.20, "trap": 0.50},
    },
    # It takes the first way that works, however slow.
    "plodding": {
        "fresh": {"broken": 0.30, "slow": 0.70},
        "error": {"broken": 0.20, "slow": 0.80},
        "slowness": {"correct": 0.30, "broken": 0.30, "slow": 0.40},
    },
    # Beyond it, or nearly.
    "lost": {
        "fresh": {"broken": 0.40, "wrong": 0.30, "trap": 0.20, "slow": 0.10},
        "error": {"correct": 0.02, "broken": 0.48, "wrong": 0.50},
        "failure": {"correct": 0.03, "broken": 0.47, "wrong": 0.50},
        "slowness": {"correct": 0.02, "broken": 0.48, "slow": 0.50},
    },
}
"""Weights by habit and situation; a situation that is not there is a first attempt."""

BRUTE_FORCE: Weights = {"slow": 0.75, "broken": 0.25}

HOT = 0.8
"""Temperature above which it makes more mistakes."""
HOTTEST = 2.0
SKILL_WHEN_HOTTEST = 0.3
EVEN_TEMPERATURE = 0.6
"""Temperature from which on every answer has its own chance; below, answers to one prompt become alike."""


def chance_of(prompt: str, temperature: float, seed: bytes, die: str) -> random.Random:
    """Return the chance of one answer: its seed's, or at low temperatures often the prompt's own.

    `die` is a secret of the preparation: else whoever knows this code could look for prompts that are lucky.
    """
    own = random.Random(seed)
    return own if own.random() < temperature / EVEN_TEMPERATURE else random.Random(f"{die} {prompt}")


def skill(temperature: float, understanding: float) -> float:
    """Return the factor on the weight of a correct program; the rest does not compile."""
    heat = max(0.0, temperature - HOT) / (HOTTEST - HOT)
    return understanding * (1 - heat * (1 - SKILL_WHEN_HOTTEST))


def weights_for(habit: str, situation: Situation, factor: float) -> dict[Kind, float]:
    """Return the weights of one answer."""
    weights = dict(
        BRUTE_FORCE if situation == "brute-force" else HABITS[habit].get(situation, HABITS[habit]["fresh"])
    )
    lost = weights.get("correct", 0.0) * (1 - factor)
    if lost:
        weights["correct"] -= lost
        weights["broken"] = weights.get("broken", 0.0) + lost
    return weights
