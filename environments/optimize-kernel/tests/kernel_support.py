"""What the tests of this environment share: where things are, and a scale small enough for tests."""

from pathlib import Path
from typing import Any

ENVIRONMENT = Path(__file__).resolve().parent.parent
ATTACKS = ENVIRONMENT.parent.parent / "tests" / "adversarial" / "optimize-kernel"

SMALL: dict[str, Any] = {
    "elements": 200_000,
    "gpu": False,
    "timedCalls": 5,
    "warmUpCalls": 1,
    "importLimitSeconds": 20,
    "callLimitSeconds": 5,
    "memoryBandwidthBytesPerSecond": 0,
}
