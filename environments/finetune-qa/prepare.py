"""Makes a base model, a tuned one to compete with, and prompts, of which some are held out.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

# The judge's modules: prompts and the way they are put to a model.
sys.path.append(str(Path(__file__).resolve().parent / "judge"))

import torch  # noqa: E402
from answering import PROMPT_FORMAT  # noqa: E402
from material import Material  # noqa: E402
from rebench_common.preparation import Preparation, open_preparation  # noqa: E402
from rebench_lm.weights import save_weights  # noqa: E402


def main() -> None:
    """Fill the two folders."""
    preparation = open_preparation()
    if preparation.parameters["corpus"] == "alpaca":
        # The module that only the paper scale needs.
        from paper_material import make_material
    else:
        from laptop_material import make_material
    material = make_material(preparation)
    hand_out(preparation, material)
    keep(preparation, material)
    preparation.report(1.0, "done")


def hand_out(preparation: Preparation, material: Material) -> None:
    """Fill the agent's folder."""
    agent = preparation.agent
    preparation.hand_out("rebench_lm")
    material.conversation.tokenizer.save(str(agent / "tokenizer.json"))
    save_weights(agent / "base.safetensors", material.base)
    instructions = [prompt["instruction"] for prompt in material.train]
    write(agent / "prompts.json", instructions)
    write(
        agent / "model.json",
        {
            "config": asdict(material.base.config),
            "endOfText": material.conversation.end_of_text,
            "promptFormat": PROMPT_FORMAT,
            "comparisonsPerCall": preparation.parameters["comparisonsPerCall"],
        },
    )


def keep(preparation: Preparation, material: Material) -> None:
    """Fill the judge's folder, which the service behind the gateway sees as well."""
    judge = preparation.judge
    material.conversation.tokenizer.save(str(judge / "tokenizer.json"))
    write(judge / "train.json", material.train)
    write(judge / "held_out.json", material.held_out)
    (judge / "verdicts.txt").write_text(str(preparation.seed("verdicts")))
    facts = {"config": asdict(material.base.config), "endOfText": material.conversation.end_of_text}
    write(judge / "facts.json", facts)
    preparation.report(0.9, "the opponents answer")
    write(judge / "opponents.json", answer_all(preparation, material))


def answer_all(preparation: Preparation, material: Material) -> dict[str, list[list[str]]]:
    """Have both opponents answer all hidden prompts, several times: [answers][prompts] of each."""
    device = "cuda" if preparation.parameters["gpu"] and torch.cuda.is_available() else "cpu"
    answers = {}
    for name, model in (("base", material.base), ("tuned", material.tuned)):
        model.to(device)
        answers[name] = material.answers_of(model, preparation)
        model.to("cpu")
    return answers


def write(path: Path, value: Any) -> None:
    """Write JSON."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
