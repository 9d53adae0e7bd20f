"""First stage: checks a file of examples and puts it where LLM Foundry finds it.

python3 -m foundry.convert DATA FOLDER
"""

import json
import sys
from pathlib import Path


def main() -> None:
    """Write `train.jsonl` in a folder of its own."""
    data, folder = map(Path, sys.argv[1:])
    folder.mkdir(parents=True)
    with data.open(encoding="utf-8") as lines, (folder / "train.jsonl").open("w") as converted:
        for line in lines:
            example = json.loads(line)
            kept = {"prompt": example["prompt"], "response": example["response"]}
            converted.write(json.dumps(kept) + "\n")


if __name__ == "__main__":
    main()
