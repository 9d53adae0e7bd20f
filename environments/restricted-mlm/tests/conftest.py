"""Makes the judge, the shared package and the tests' own helpers importable from where they lie."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

for folder in (HERE.parent.parent / "common", HERE.parent / "judge", HERE.parent / "judge" / "runner", HERE):
    sys.path.insert(0, str(folder))
