"""Start and reference, run small.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from answer import read_answer
from judge import score
from scaling_support import ENVIRONMENT, LAPTOP, PAPER, request_for
from task import count_flops, load_task, task_of

TASK = task_of(LAPTOP)
START_RAW = float(re.findall(r"start: \{ raw: ([\d.-]+)", (ENVIRONMENT / "environment.yaml").read_text())[0])


def run(program: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, program, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def load_reference(name: str) -> ModuleType:
    folder = ENVIRONMENT / "reference"
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(f"reference_{name}", folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    sys.path.remove(str(folder))
    return module


def test_the_start_is_an_answer_and_a_poor_one(assets: Path, tmp_path: Path) -> None:
    done = run(ENVIRONMENT / "start" / "solve.py", "--assets", str(assets / "agent"), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert score(request_for(tmp_path)).raw == pytest.approx(START_RAW, abs=0.005)


def test_the_rule_of_thumb_is_the_papers_start_at_paper_scale(tmp_path: Path) -> None:
    parameters = {field: getattr(task_of(PAPER), field) for field in task_of(PAPER).__dataclass_fields__}
    (tmp_path / "task.json").write_text(json.dumps(parameters))
    (tmp_path / "task.py").write_bytes((ENVIRONMENT / "handed_out" / "task.py").read_bytes())
    done = run(ENVIRONMENT / "start" / "solve.py", "--assets", str(tmp_path), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert read_answer(tmp_path / "answer.json", task_of(PAPER)).steps == pytest.approx(20_000, rel=0.05)
    assert score(request_for(tmp_path, "paper")).raw == pytest.approx(0.24, abs=0.01)


def test_an_experiment_is_noted_and_one_over_the_limit_is_not_run(assets: Path, tmp_path: Path) -> None:
    program = ENVIRONMENT / "start" / "experiment.py"
    given = ("--assets", str(assets / "agent"), "--width", "8")
    assert run(program, *given, "--steps", "5", folder=tmp_path).returncode == 0
    refused = run(program, *given, "--steps", "3000", folder=tmp_path)
    assert refused.returncode == 1
    assert "Not run: 3000 steps of width 8 cost" in refused.stderr
    (note,) = (json.loads(line) for line in (tmp_path / "experiments.jsonl").open())
    assert note["flops"] == count_flops(TASK, 8, 5)


def test_the_reference_keeps_to_the_limit_and_uses_most_of_it(assets: Path) -> None:
    task = load_task(assets / "agent")
    sys.path.insert(0, str(assets / "agent"))
    planned = load_reference("solve").plan(assets / "agent", 1, 0)
    costs = [count_flops(task, one.width, one.steps) for one in planned]
    assert max(costs) <= task.experiment_flops
    assert max(costs) > 0.99 * task.experiment_flops
    assert len({(one.width, one.steps) for one in planned}) == 6
    assert len(set(planned)) == len(planned) == 132


def test_the_law_is_found_again_in_its_own_losses() -> None:
    law = load_reference("law")
    told = law.Law(2.0, 5.0, 6.0)
    widths, steps = np.array([8, 16, 24, 12]), np.array([900, 600, 300, 1000])
    losses = np.array([told.loss_of(w, s) for w, s in zip(widths, steps, strict=True)])
    found = law.fit_law(widths, steps, losses)
    assert (found.floor, found.width_scale, found.step_scale) == pytest.approx((2.0, 5.0, 6.0))
    assert law.fit_law(widths, steps, losses - 3).floor == 0


def test_the_reference_runs_from_experiments_to_an_answer_better_than_the_start(
    assets: Path, tmp_path: Path
) -> None:
    program = ENVIRONMENT / "reference" / "solve.py"
    given = ("--assets", str(assets / "agent"), "--seeds-share", "0", "--first-seed", "1")
    done = run(program, *given, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" -> ") == 6
    assert score(request_for(tmp_path)).raw > START_RAW + 0.2
