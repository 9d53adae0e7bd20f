"""Lints the Python of the environments and runs its tests; writes a JUnit report to the path given."""

import subprocess
import sys

import pytest

lint = subprocess.run([sys.executable, "-m", "ruff", "check", "environments", "scripts"], check=False)
format_check = subprocess.run(
    [sys.executable, "-m", "ruff", "format", "--check", "environments", "scripts"], check=False
)
tests = pytest.main(["-q", f"--junitxml={sys.argv[1]}", "-p", "no:cacheprovider", "environments"])
sys.exit(lint.returncode or format_check.returncode or int(tests))
