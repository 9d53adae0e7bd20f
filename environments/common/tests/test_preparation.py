"""What `prepare.py` is called with and what it may say."""

import json
import subprocess
import sys
from pathlib import Path

from rebench_common.preparation import COMMON, Preparation


def make(folder: Path, secret: bytes = bytes(32)) -> Preparation:
    (folder / "agent").mkdir(exist_ok=True)
    return Preparation("laptop", {}, folder / "agent", folder / "judge", folder / "downloads", secret)


def test_the_command_line_and_the_parameters_are_read_and_the_folders_made(tmp_path):
    code = (
        "from rebench_common.preparation import open_preparation; p = open_preparation()\n"
        "print(p.scale, dict(p.parameters), p.agent, p.judge, p.downloads, p.secret.hex())"
    )
    out = tmp_path / "out"
    for environment, downloads in (({}, tmp_path / "downloads"), ({"REBENCH_DOWNLOADS": "/d"}, Path("/d"))):
        out.mkdir()
        run = subprocess.run(
            [sys.executable, "-c", code, "--scale", "paper", "--out", out, "--seed", "ab" * 32],
            input='{"size": 5}',
            env={"PYTHONPATH": str(COMMON), **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == f"paper {{'size': 5}} {out}/agent {out}/judge {downloads} {'ab' * 32}"
        assert {path.name for path in out.iterdir()} == {"agent", "judge"}
        for folder in ("agent", "judge", "."):
            (out / folder).rmdir()


def test_seeds_are_secret_numbers_of_their_purpose(tmp_path):
    first, other = make(tmp_path, b"a" * 32), make(tmp_path, b"b" * 32)
    assert first.seed("permutation") == first.seed("permutation")
    seeds = {
        first.seed("permutation"),
        first.seed("training"),
        other.seed("permutation"),
        first.seed("a", "b"),
    }
    assert len(seeds) == 4
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert first.seed("a", "b") != first.seed("ab")


def test_progress_is_one_line_of_json_within_its_bounds(tmp_path, capsys):
    preparation = make(tmp_path)
    preparation.report(0.5, "half\nway")
    preparation.report(1.7, "done")
    preparation.report(-1, "begun")
    preparation.tell("loading")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        {"progress": 0.5, "message": "half\nway"},
        {"progress": 1, "message": "done"},
        {"progress": 0, "message": "begun"},
        {"message": "loading"},
    ]


def test_a_package_handed_out_works_without_the_rest(tmp_path):
    """As in an agent's sandbox, where `rebench_common` is not."""
    preparation = make(tmp_path)
    preparation.hand_out("rebench_lm")
    handed = preparation.agent / "rebench_lm"
    names = {path.name for path in handed.iterdir()}
    modules = ("evaluation", "generation", "gpt", "tokens", "training", "weights")
    assert names == {"__init__.py", *(f"{module}.py" for module in modules)}
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        f"import {', '.join(f'rebench_lm.{module}' for module in modules)}\n"
        "print(rebench_lm.gpt.__file__)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, preparation.agent], cwd=tmp_path, env={}, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert Path(run.stdout.strip()) == handed / "gpt.py"
