"""What the tests of this environment share."""

import sys
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent.parent
REPOSITORY = ENVIRONMENT.parent.parent

for folder in (ENVIRONMENT.parent / "common", ENVIRONMENT / "judge", ENVIRONMENT / "tests"):
    sys.path.insert(0, str(folder))
