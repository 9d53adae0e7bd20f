"""prepare.py, called as the harness calls it."""

import subprocess
import sys
from pathlib import Path

from kernel_support import ENVIRONMENT


def test_it_leaves_the_two_folders_empty(tmp_path: Path) -> None:
    arguments = ["--scale", "laptop", "--out", str(tmp_path), "--seed", "ab" * 32]
    subprocess.run([sys.executable, ENVIRONMENT / "prepare.py", *arguments], input=b"{}", check=True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["agent", "judge"]
