"""prepare.py, called as the harness calls it."""

import os
import subprocess
import sys
from pathlib import Path

from kernel_support import ENVIRONMENT
from rebench_common.testing import COMMON


def test_it_leaves_the_two_folders_empty(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(COMMON)}
    arguments = ["--scale", "laptop", "--out", str(tmp_path), "--seed", "ab" * 32]
    subprocess.run(
        [sys.executable, ENVIRONMENT / "prepare.py", *arguments], input=b"{}", env=environment, check=True
    )
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["agent", "judge"]
