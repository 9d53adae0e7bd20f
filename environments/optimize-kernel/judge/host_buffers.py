"""The shared input and output on the CPU, and what its memory allows.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from rebench_common.shared_array import SharedArray

COPIES = 12
PHYSICS_MARGIN = 0.8


class HostBuffers:
    """Input and output of the submission in shared memory."""

    device = "cpu"
    # A stopped process has no work under way: nothing has to be hidden until the clock runs, or waited for.
    reveal = None
    collect = None

    def __init__(self, elements: int) -> None:
        self._input = SharedArray("input", elements)
        self._output = SharedArray("output", elements)
        self.descriptors = (self._input.fd, self._output.fd)

    def put(self, x: np.ndarray, poison: int) -> None:
        """Write the input, int32 of shape [size], and fill as much of the output with `poison`."""
        self._input.values[: len(x)] = x
        self._output.values[: len(x)] = poison

    def answer(self, size: int) -> np.ndarray:
        """Copy the output, int32 of shape [size], out of the submission's reach."""
        return self._output.values[:size].copy()

    def limit_seconds(self, elements: int) -> float:
        """Measure the least time in which `elements` int32 can be read and written once.

        The best of several copies on all cores, times a margin for what a measurement may miss. Call it
        when no submission runs.
        """
        cores = len(os.sched_getaffinity(0))
        borders = [elements * i // cores for i in range(cores + 1)]
        parts = [slice(a, b) for a, b in zip(borders, borders[1:], strict=False)]

        def copy(part: slice) -> None:
            np.copyto(self._output.values[part], self._input.values[part])

        best = float("inf")
        with ThreadPoolExecutor(cores) as pool:
            for _ in range(COPIES):
                start = time.perf_counter()
                list(pool.map(copy, parts))
                best = min(best, time.perf_counter() - start)
        return PHYSICS_MARGIN * best

    def close(self) -> None:
        """Release the memory."""
        self._input.close()
        self._output.close()
