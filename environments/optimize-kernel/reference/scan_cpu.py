"""Compiles scan.cpp when imported and calls it.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import ctypes
import os
import subprocess
import tempfile
from pathlib import Path

import torch


def _compile() -> ctypes.CDLL:
    library = Path(tempfile.mkdtemp()) / "scan.so"
    source = Path(__file__).with_name("scan.cpp")
    options = ["-O3", "-march=native", "-std=c++17", "-shared", "-fPIC", "-pthread"]
    subprocess.run(["g++", *options, "-o", str(library), str(source)], check=True)
    return ctypes.CDLL(str(library))


_scan = _compile().prefix_sum
_scan.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int]
_scan.restype = None
_threads = len(os.sched_getaffinity(0))


def prefix_sum(x: torch.Tensor, out: torch.Tensor) -> None:
    """Write the conditional prefix sum of `x` into `out`; both are int32 of shape [n] on the CPU."""
    _scan(x.data_ptr(), out.data_ptr(), x.numel(), _threads)
