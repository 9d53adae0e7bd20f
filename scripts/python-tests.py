"""Lints the Python of the environments and runs its tests; writes JUnit reports into the folder given.

Every environment is tested in a process of its own: judges are plain modules, whose names would meet otherwise.
Torch computes with one thread: models this small gain nothing from two, which wait for each other by spinning.
"""

import os
import subprocess
import sys
from pathlib import Path

reports = Path(sys.argv[1])
# No bytecode: the environments' folders are copied by other tests while these run.
os.environ |= {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
python = [sys.executable, "-m"]
codes = [
    subprocess.run(
        [*python, "ruff", *command, "environments", "scripts"], check=False
    ).returncode
    for command in (["check"], ["format", "--check"])
]
for tests in sorted(Path("environments").glob("*/tests")):
    print(f"{tests.parent.name}:", flush=True)
    report = reports / f"pytest-{tests.parent.name}.xml"
    command = [
        *python,
        "pytest",
        "-q",
        f"--junitxml={report}",
        "-p",
        "no:cacheprovider",
        str(tests),
    ]
    codes.append(subprocess.run(command, check=False).returncode)
sys.exit(max(codes))
