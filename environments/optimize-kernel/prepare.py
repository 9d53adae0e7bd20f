"""This environment needs no assets; every input is made when a submission is scored."""

import argparse
import json
from pathlib import Path


def main() -> None:
    """Make the two empty folders."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--parameters", type=json.loads, required=True)
    arguments = parser.parse_args()
    for part in ("agent", "judge"):
        (arguments.out / part).mkdir(parents=True, exist_ok=True)


if __name__ == "__main__":
    main()
