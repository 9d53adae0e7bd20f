"""How busy the machine was, so that a reviewer can tell a slow submission from a crowded machine.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from pathlib import Path


def seconds_of_waiting() -> float | None:
    """Return the seconds since boot in which some task waited for a processor; None where nobody counts.

    The submission's own threads count too, where it has more of them than there are cores.
    See https://docs.kernel.org/accounting/psi.html.
    """
    try:
        line = Path("/proc/pressure/cpu").read_text().splitlines()[0]
        return int(line.rpartition("total=")[2]) / 1e6
    except (OSError, ValueError, IndexError):
        return None
