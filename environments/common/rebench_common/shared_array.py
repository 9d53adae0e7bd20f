"""Arrays in memory that judge and runner share.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import fcntl
import mmap
import os

import numpy as np


class SharedArray:
    """A one-dimensional int32 array in a memfd whose size is sealed.

    Without the seals a runner could shrink the file under the judge's mapping and kill it with SIGBUS.
    Close it when done; views of `values` must be gone by then.
    """

    def __init__(self, name: str, elements: int) -> None:
        self.fd = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(self.fd, 4 * elements)
        fcntl.fcntl(self.fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        self._map = mmap.mmap(self.fd, 4 * elements)
        self.values: np.ndarray = np.frombuffer(self._map, dtype=np.int32)
        """Shape [elements], int32, writable; starts on a page boundary. Both sides see every write."""

    def close(self) -> None:
        """Unmap and close."""
        del self.values
        self._map.close()
        os.close(self.fd)
