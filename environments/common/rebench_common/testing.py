"""Runs a real judge on a folder the way the harness does: for the Python tests of environments.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

The harness has its own sandboxes (src/sandbox); these are the same in kind, made with a bare bubblewrap
command line, so that an environment can be tested with nothing but Python and bubblewrap.
"""

import json
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMON = Path(__file__).resolve().parent.parent
NOBODY = "65534"


@dataclass(frozen=True)
class JudgeRun:
    """What one judge process did."""

    answer: dict[str, Any] | None
    """The answer line; None where the judge failed."""
    log: str
    """Its stdout and stderr."""


def score_snapshot(
    environment: Path,
    snapshot: Path,
    parameters: Mapping[str, Any],
    *,
    seed: str | None = None,
    deadline_seconds: float = 55.0,
    common: Path = COMMON,
    assets: Path | None = None,
) -> JudgeRun:
    """Score a folder in a jail within a jail; all paths are folders of this machine.

    `common` holds the `rebench_common` that the judge imports, `assets` what `prepare.py` left for the judge.
    """
    with tempfile.TemporaryDirectory() as staging_name:
        staging = Path(staging_name)
        for source, name in ((environment, "environment"), (common, "common"), (snapshot, "snapshot")):
            ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".ruff_cache")
            shutil.copytree(source, staging / name, ignore=ignored)
        if assets is None:
            (staging / "assets").mkdir()
        else:
            shutil.copytree(assets, staging / "assets")
        subprocess.run(["chmod", "-R", "a+rX", staging_name], check=True)
        ours, theirs = socket.socketpair()
        enter, sources = _as_unprivileged(staging)
        command = [
            *enter,
            *_jail(sources, capability="CAP_SETFCAP"),
            *(part for name in ("environment", "common", "snapshot", "assets")
              for part in ("--ro-bind", str(staging / name), f"/{name}")),
            *("--tmpfs", "/scratch", "--chdir", "/scratch", "--setenv", "PYTHONPATH", "/common"),
            *("--setenv", "PYTHONDONTWRITEBYTECODE", "1", "--"),
            *("bash", "-c", f'exec 3<&{theirs.fileno()}; exec "$@"', "bash"),
            *(sys.executable, "-m", "rebench_common.judge_main", "/environment/judge/judge.py"),
        ]  # fmt: skip
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=(theirs.fileno(),), text=True
        )
        theirs.close()
        request = {
            "requestId": "test",
            "environment": environment.name,
            "scale": "laptop",
            "parameters": dict(parameters),
            "snapshot": "/snapshot",
            "assets": "/assets",
            "scratch": "/scratch",
            "seed": seed or secrets.token_hex(32),
            "runner": runner_prefix(),
            "deadlineSeconds": deadline_seconds,
        }
        ours.sendall(json.dumps(request).encode() + b"\n")
        try:
            log, _ = process.communicate(timeout=deadline_seconds + 60)
        finally:
            process.kill()
        with ours.makefile("rb") as answers:
            lines = answers.read().splitlines()
        ours.close()
        return JudgeRun(json.loads(lines[0]) if len(lines) == 1 else None, log)


def load_parameters(environment: Path, scale: str) -> dict[str, Any]:
    """Read the parameters of a scale out of environment.yaml, where they stand one to a line."""
    text = (environment / "environment.yaml").read_text(encoding="utf-8")
    part = text.split(f"\n  {scale}:\n")[1].split("\n    parameters:\n")[1].split("\n    anchors:")[0]
    parameters = {}
    for name, value in re.findall(r"^      (\w+): (.+)$", part, re.MULTILINE):
        try:
            parameters[name] = json.loads(value)
        except ValueError:
            parameters[name] = value
    return parameters


def runner_prefix() -> list[str]:
    """Command prefix of a runner sandbox, to be used inside a judge's sandbox."""
    return [
        *_jail({folder: folder for folder in python_folders()}, capability=None),
        *("--ro-bind", "/snapshot", "/workspace", "--ro-bind", "/environment/judge/runner", "/runner"),
        *("--setenv", "HOME", "/root", "--chdir", "/workspace", "--"),
    ]


def _jail(folders: Mapping[str, str], capability: str | None) -> list[str]:
    """Arguments up to the mounts; `folders` gives the folder to show at each path."""
    return [
        *("bwrap", "--unshare-user", "--unshare-all", "--die-with-parent", "--uid", "0", "--gid", "0"),
        *("--cap-drop", "ALL", *(("--cap-add", capability) if capability else ())),
        *("--clearenv", "--setenv", "PATH", "/usr/bin:/bin"),
        *("--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"),
        *("--symlink", "usr/bin", "/bin", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),
        # Before the Python's own folders, which may lie below it.
        *("--tmpfs", "/root"),
        *(part for path, source in folders.items() for part in ("--ro-bind", source, path)),
    ]


def python_folders() -> list[str]:
    """Folders outside `/usr` this Python needs: its prefixes, and site-packages that `.pth` files add."""
    prefixes = [sys.prefix, sys.base_prefix, *(path for path in sys.path if path.endswith("site-packages"))]
    folders: list[str] = []
    for folder in sorted({str(Path(path).resolve()) for path in prefixes}):
        if not folder.startswith("/usr") and not any(Path(folder).is_relative_to(seen) for seen in folders):
            folders.append(folder)
    return folders


def _as_unprivileged(staging: Path) -> tuple[list[str], dict[str, str]]:
    """Command prefix that gives up root, and where each Python folder is then reached.

    As root, become nobody: bubblewrap covers parts of root's /proc, which forbids nesting. The Python may lie
    below a home that nobody may not enter, so it is first mounted where everyone may.
    """
    folders = {folder: folder for folder in python_folders()}
    if os.geteuid() != 0:
        return [], folders
    lines = []
    for index, folder in enumerate(folders):
        reached = staging / f"python{index}"
        reached.mkdir()
        lines.append(f"mount --bind {shlex.quote(folder)} {shlex.quote(str(reached))}")
        folders[folder] = str(reached)
    script = "\n".join(["set -e", *lines, 'exec "$@"'])
    unshare = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]
    return [
        *unshare,
        *("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"),
    ], folders
