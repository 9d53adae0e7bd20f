"""Makes workspaces that git cannot hold: `make.py KIND FOLDER [--count N]`.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import argparse
import os
import socket
from collections.abc import Callable
from pathlib import Path

SPARSE_BYTES = 1 << 40
STRANGE_NAMES = (
    *(b"-rf", b"line\nbreak", b"\x1b[2Jcleared", b"\xff\xfe", b"..solution.py", b"a" * 255),
    *(b"solution.py ", b"solution.py\\", b"solution.py\r", b"$(touch reached)", b"'; touch reached; '", b"*"),
    *(b"__proto__", b"constructor", b"expect.json", b"../solution.py".replace(b"/", "\u2215".encode())),
    *("\u202eyp.noitulos".encode(), "so\u0142ution.py".encode(), "\u2028".encode(), "\ufeffsolution.py".encode()),
    *("e\u0301.py".encode(), "\u00e9.py".encode()),
)
STRANGE_CONTENT = "raise SystemExit('a file with a strange name was run')\n"


def symlink(folder: Path, _: int) -> None:
    """Make solution.py a link to a file outside, and a folder a link to the root."""
    (folder / "solution.py").symlink_to("/etc/passwd")
    (folder / "root").symlink_to("/")
    (folder / "loop").symlink_to("loop")


def hardlink(folder: Path, _: int) -> None:
    """Give one file two names."""
    (folder / "helper.py").write_text("VALUE = 1\n")
    (folder / "other.py").hardlink_to(folder / "helper.py")


def fifo(folder: Path, _: int) -> None:
    """Make solution.py a pipe that blocks whoever opens it."""
    os.mkfifo(folder / "solution.py")


def unix_socket(folder: Path, _: int) -> None:
    """Make solution.py a socket."""
    here = Path.cwd()
    os.chdir(folder)
    socket.socket(socket.AF_UNIX).bind("solution.py")
    os.chdir(here)


def device(folder: Path, _: int) -> None:
    """Make solution.py the endless zero device. Needs root."""
    os.mknod(folder / "solution.py", 0o666 | 0o020000, os.makedev(1, 5))


def sparse(folder: Path, _: int) -> None:
    """Make a file of 1 TiB that takes no space."""
    with (folder / "sparse.bin").open("wb") as file:
        file.truncate(SPARSE_BYTES)


def many(folder: Path, count: int) -> None:
    """Make `count` empty files, a thousand to a folder."""
    for index in range(count):
        part = folder / f"part-{index // 1000:04d}"
        if index % 1000 == 0:
            part.mkdir()
        (part / f"{index % 1000:03d}").touch()


def many_links(folder: Path, count: int) -> None:
    """Give one pipe `count` names, fifty thousand to a pipe: none is a file, all have to be looked at."""
    for index in range(count):
        pipe = folder / f"pipe-{index // 50_000}"
        if index % 50_000 == 0:
            os.mkfifo(pipe)
        (folder / f"name-{index:06d}").hardlink_to(pipe)


def deep(folder: Path, count: int) -> None:
    """Nest `count` folders."""
    here = Path.cwd()
    os.chdir(folder)
    for _ in range(count):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(here)


def strange_names(folder: Path, _: int) -> None:
    """Use names that mislead shells, terminals, JavaScript, JSON and people."""
    for name in STRANGE_NAMES:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(STRANGE_CONTENT)


def unreadable(folder: Path, _: int) -> None:
    """Take every right away from a file and a folder."""
    (folder / "secret.py").touch(mode=0)
    (folder / "closed").mkdir(mode=0)


KINDS: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "symlink": (symlink, 0),
    "hardlink": (hardlink, 0),
    "fifo": (fifo, 0),
    "socket": (unix_socket, 0),
    "device": (device, 0),
    "sparse": (sparse, 0),
    "many": (many, 1_000_000),
    "many-links": (many_links, 120_000),
    "deep": (deep, 3_000),
    "strange-names": (strange_names, 0),
    "unreadable": (unreadable, 0),
}
"""What to make, and its default count."""


def main() -> None:
    """Make one kind in an existing folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int)
    arguments = parser.parse_args()
    make, count = KINDS[arguments.kind]
    make(arguments.folder.resolve(), arguments.count or count)


if __name__ == "__main__":
    main()
