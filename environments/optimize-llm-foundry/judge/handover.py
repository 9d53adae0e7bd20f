"""Memory through which a job's inputs reach the runner and its weights come back.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path

SEALED = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW


class Handover:
    """Files in memory, whose sizes nobody can change. Use it as a context manager."""

    def __init__(self, inputs: Mapping[str, bytes | Path], output_bytes: int) -> None:
        """Hold inputs, contents or files by the path they are to have, and room for the weights."""
        self._inputs: dict[str, int] = {}
        for name, source in inputs.items():
            self._inputs[name] = descriptor = _create(name)
            with open(descriptor, "wb", closefd=False) as memory:
                if isinstance(source, bytes):
                    memory.write(source)
                else:
                    with source.open("rb") as file:
                        while chunk := file.read(16 * 1024 * 1024):
                            memory.write(chunk)
            # The runner's own copies are what the pipeline reads.
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALED | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL)
        self._output = _create("output")
        os.ftruncate(self._output, output_bytes)
        fcntl.fcntl(self._output, fcntl.F_ADD_SEALS, SEALED | fcntl.F_SEAL_SEAL)
        self._output_bytes = output_bytes

    def __enter__(self) -> "Handover":
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)

    @property
    def descriptors(self) -> tuple[int, ...]:
        """All of them, to be inherited under their own numbers."""
        return (*self._inputs.values(), self._output)

    @property
    def arguments(self) -> list[str]:
        """What the runner is told of them."""
        return ["--inputs", json.dumps(self._inputs), "--output", str(self._output)]

    def save_output(self, path: Path, size_bytes: int) -> None:
        """Write the first bytes of what the runner left; call it when the runner is gone."""
        with path.open("wb") as file:
            done = 0
            size_bytes = min(size_bytes, self._output_bytes)
            while done < size_bytes:
                chunk = os.pread(self._output, min(16 * 1024 * 1024, size_bytes - done), done)
                file.write(chunk)
                done += len(chunk)


def _create(name: str) -> int:
    return os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
