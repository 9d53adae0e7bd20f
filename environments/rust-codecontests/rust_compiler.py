"""The machine's Rust compiler: the one that sandboxes see.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

RUSTC = Path("/usr/bin/rustc")
EDITION = ("--edition", "2021")
# The standard library as a shared file: a program has 20 kB instead of 10 MB.
SHARED = ("-C", "prefer-dynamic", "-C", "strip=symbols")
QUICK = ("-C", "opt-level=0", "-C", "overflow-checks=off", "-C", "debug-assertions=off")
SLOWEST_SECONDS = 120


class CompilerError(Exception):
    """A program of ours does not compile: a fault of the environment."""


def require_compiler() -> str:
    """Return the compiler's version; ends the program with the remedy where there is none."""
    try:
        done = subprocess.run([RUSTC, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        sys.exit(f"There is no working Rust compiler at {RUSTC}. `rebench setup` installs one.")
    return done.stdout.strip()


def compile_program(source: str, program: Path, *, quick: bool = False) -> None:
    """Make a program. Raises CompilerError."""
    flags = (*SHARED, *(QUICK if quick else ("-C", "opt-level=2")))
    done = _rustc(source, program.parent, *flags, "-o", str(program))
    if done.returncode != 0:
        raise CompilerError(f"{program.name} does not compile:\n{done.stderr[-2_000:]}")


def first_error(source: str, folder: Path) -> dict[str, Any] | None:
    """Return message and line (from 0) of the first error, or None where a program compiles."""
    flags = ("--emit=metadata", "--error-format=json", "-o", str(folder / "checked.rmeta"))
    done = _rustc(source, folder, *flags)
    if done.returncode == 0:
        return None
    for line in done.stderr.splitlines():
        told = json.loads(line)
        if told["level"] != "error":
            continue
        spans = [span for span in told["spans"] if span["is_primary"]]
        if spans:
            return {"message": told["message"], "line": spans[0]["line_start"] - 1}
    return None


def run_program(program: Path, text: str) -> str:
    """Run a program of ours on an input of ours."""
    done = subprocess.run(
        [program], input=text.encode(), capture_output=True, check=True, timeout=SLOWEST_SECONDS
    )
    return done.stdout.decode()


def _rustc(source: str, folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    path = folder / "main.rs"
    path.write_text(source, encoding="utf-8")
    try:
        return subprocess.run(
            [RUSTC, *EDITION, "--crate-type", "bin", *flags, str(path)],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SLOWEST_SECONDS,
        )
    finally:
        path.unlink()
