"""The shared input and output on a GPU. Written, not run on a GPU.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import os
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.append(str(Path(__file__).parent / "runner"))
import gpu_memory  # noqa: E402


class GpuBuffers:
    """Same methods as HostBuffers.

    Stopping the runner's processes does not stop what they have queued on the GPU. So both ends of a call are
    charged: `reveal` copies the input from memory of the judge's own into the shared memory, where a kernel
    left over from an earlier call might be waiting for it; `collect` waits for the device and copies the
    output into memory of the judge's own, so that work unfinished by then is lost.
    """

    device = "cuda"

    def __init__(self, elements: int, memory_bandwidth: float) -> None:
        self._memory_bandwidth = memory_bandwidth
        self._input, input_fd = gpu_memory.export_tensor(elements)
        self._output, output_fd = gpu_memory.export_tensor(elements)
        self._staged = torch.empty(elements, dtype=torch.int32, device="cuda")
        self._private = torch.empty(elements, dtype=torch.int32, device="cuda")
        self.descriptors = (input_fd, output_fd)

    def put(self, x: np.ndarray, poison: int) -> None:
        """Stage the input, int32 of shape [size], and fill as much of the output with `poison`."""
        self._staged[: len(x)].copy_(torch.from_numpy(x))
        self._output[: len(x)].fill_(poison)
        torch.cuda.synchronize()

    def reveal(self) -> None:
        """Put the staged input where the submission reads it."""
        self._input.copy_(self._staged)
        torch.cuda.synchronize()

    def collect(self) -> None:
        """Wait for the device and take the output out of the submission's reach."""
        torch.cuda.synchronize()
        self._private.copy_(self._output)
        torch.cuda.synchronize()

    def answer(self, size: int) -> np.ndarray:
        """Return what `collect` took, int32 of shape [size]."""
        return self._private[:size].cpu().numpy()

    def limit_seconds(self, elements: int) -> float:
        """Return the least time in which `elements` int32 can be read and written once."""
        return 2 * 4 * elements / self._memory_bandwidth

    def close(self) -> None:
        """Close the descriptors; the memory goes with the process."""
        for descriptor in self.descriptors:
            os.close(descriptor)
