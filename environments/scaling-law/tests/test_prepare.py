"""What agents get, and what they do not."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from prepare import take_share


def test_agents_get_the_recipe_and_a_part_of_the_text_and_nothing_of_the_judge(assets: Path) -> None:
    names = {path.name for path in (assets / "agent").iterdir()}
    assert names == {
        *("answer.py", "recipe.py", "task.py", "task.json", "rebench_lm"),
        *("tokenizer.json", "train.u16", "validation.u16"),
    }
    assert [path.name for path in (assets / "judge").iterdir()] == ["train.u16"]
    for path in (assets / "agent").rglob("*.py"):
        assert "CANARY" not in path.read_text(), path


def test_the_agents_text_is_whole_documents_of_the_full_one(assets: Path) -> None:
    whole = np.fromfile(assets / "judge" / "train.u16", dtype="<u2")
    part = np.fromfile(assets / "agent" / "train.u16", dtype="<u2")
    assert len(whole) / 16 < len(part) < len(whole) / 8
    first = int(np.flatnonzero(part == 0)[0]) + 1
    assert (part[:first] == whole[:first]).all()


def test_a_share_is_every_so_manieth_document() -> None:
    text = np.array([5, 0, 6, 6, 0, 7, 0, 8, 0, 9], dtype=np.uint16)
    assert take_share(text, 0, 2).tolist() == [5, 0, 7, 0, 9]
    assert take_share(text, 0, 1) is text


def test_the_answer_checker_works_where_agents_have_it(assets: Path, tmp_path: Path) -> None:
    def check(answer: dict[str, float]) -> subprocess.CompletedProcess[str]:
        (tmp_path / "answer.json").write_text(json.dumps(answer))
        command = [sys.executable, assets / "agent" / "answer.py", "answer.json"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert check({"width": 48, "steps": 3532, "loss": 3.4}).returncode == 0
    refused = check({"width": 48, "steps": 1, "loss": 3.4})
    assert refused.returncode == 1
    assert "steps would have to be 3532" in refused.stderr
