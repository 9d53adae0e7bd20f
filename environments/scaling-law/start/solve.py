"""Writes answer.json: a rule of thumb in place of a prediction."""

import argparse
import json
import math
import sys
from pathlib import Path

TOKENS_PER_PARAMETER = 20.0
"""Compute-optimal for large models by common lore; a layer of width w has 12 w² parameters."""
LOSS_FLOOR = 0.5
LOSS_SHARE = 0.36
"""Guessed loss: the floor, and this share of the loss of a model for which all tokens are equally likely."""


def main() -> None:
    """Guess."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, default=Path("/assets"))
    parser.add_argument("--out", type=Path, default=Path("answer.json"))
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.assets))
    from task import load_task, steps_for

    task = load_task(arguments.assets)
    # budget = 72 layers width² · tokens, and tokens = 20 · 12 layers width².
    width = (task.budget_flops / (72 * 12 * task.layers**2 * TOKENS_PER_PARAMETER)) ** 0.25
    width = task.heads * round(width / task.heads)
    answer = {
        "width": width,
        "steps": steps_for(task, width, task.budget_flops),
        "loss": round(LOSS_FLOOR + LOSS_SHARE * math.log(task.vocabulary), 4),
    }
    arguments.out.write_text(json.dumps(answer) + "\n", encoding="utf-8")
    print(answer)


if __name__ == "__main__":
    main()
