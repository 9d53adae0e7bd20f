"""Makes judge, shared package and the tests' own helpers importable, and prepares small assets once."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

for folder in (
    HERE.parent.parent / "common",
    HERE.parent,
    HERE.parent / "handed_out",
    HERE.parent / "judge",
    HERE,
):
    sys.path.insert(0, str(folder))

from foundry_support import Prepared, prepare  # noqa: E402


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Assets of a model that is small, but trained for real."""
    yield prepare(tmp_path_factory.mktemp("prepared"), secret="ab" * 32)
