"""The maker of workspaces that git cannot hold makes what it says."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from kernel_support import REPOSITORY

MAKE = REPOSITORY / "tests" / "adversarial" / "optimize-kernel" / "odd-files" / "make.py"


def make(kind: str, folder: Path, *options: str) -> None:
    subprocess.run([sys.executable, MAKE, kind, folder, *options], check=True)


@pytest.mark.parametrize(
    ("kind", "is_kind"),
    [("symlink", stat.S_ISLNK), ("fifo", stat.S_ISFIFO), ("socket", stat.S_ISSOCK)]
    + ([("device", stat.S_ISCHR)] if os.geteuid() == 0 else []),
)
def test_solution_is_no_regular_file(kind: str, is_kind: object, tmp_path: Path) -> None:
    make(kind, tmp_path)
    assert callable(is_kind)
    assert is_kind((tmp_path / "solution.py").lstat().st_mode)


def test_a_sparse_file_is_large_and_takes_no_space(tmp_path: Path) -> None:
    make("sparse", tmp_path)
    status = (tmp_path / "sparse.bin").stat()
    assert status.st_size == 1 << 40
    assert status.st_blocks == 0


def test_counts_are_kept(tmp_path: Path) -> None:
    make("many", tmp_path, "--count", "2500")
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 2500
    deep = tmp_path / "deep"
    deep.mkdir()
    make("deep", deep, "--count", "20")
    assert len(list(deep.rglob("*"))) == 20


@pytest.mark.parametrize("kind", ["hardlink", "strange-names", "unreadable"])
def test_other_kinds_leave_something(kind: str, tmp_path: Path) -> None:
    make(kind, tmp_path)
    assert len(list(tmp_path.iterdir())) >= 2
