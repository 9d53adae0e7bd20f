"""Makes the judge, what it shares with agents, the shared package and the tests' own helpers importable."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

for folder in (
    HERE.parent.parent / "common",
    HERE.parent,
    HERE.parent / "handed_out",
    HERE.parent / "judge",
    HERE,
):
    sys.path.insert(0, str(folder))

import pytest  # noqa: E402
from scaling_support import LAPTOP, prepare  # noqa: E402


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the assets of the laptop scale."""
    out = tmp_path_factory.mktemp("assets")
    prepare(out, LAPTOP)
    return out
