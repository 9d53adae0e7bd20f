"""Makes judge, gateway, shared package and helpers importable, and prepares small assets once."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

for folder in (HERE.parent.parent / "common", HERE.parent / "judge", HERE.parent / "gateway", HERE):
    sys.path.insert(0, str(folder))

from qa_support import SMALL, Prepared, prepare  # noqa: E402


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Assets of models that are small, but trained for real."""
    yield prepare(tmp_path_factory.mktemp("prepared"), SMALL, secret="ab" * 32)
