"""Parameters of a scale small enough for tests."""

from typing import Any

SMALL: dict[str, Any] = {
    "elements": 200_000,
    "gpu": False,
    "timedCalls": 5,
    "warmUpCalls": 1,
    "importLimitSeconds": 20,
    "callLimitSeconds": 5,
    "memoryBandwidthBytesPerSecond": 0,
}
