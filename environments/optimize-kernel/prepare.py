"""Makes the assets of a scale: none, since every input is made when a submission is scored."""

import argparse
from pathlib import Path


def main() -> None:
    """Make the two empty folders; the scale and the seed change nothing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", required=True)
    arguments = parser.parse_args()
    for part in ("agent", "judge"):
        (arguments.out / part).mkdir(parents=True)


if __name__ == "__main__":
    main()
