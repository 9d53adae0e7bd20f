"""The paper's scale prepared from a mirror of the hub on this machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from rebench_common.testing import COMMON
from rebench_corpus.testing import open_paper_mirror
from scaling_support import ENVIRONMENT, PAPER


def test_it_is_prepared_from_the_hub_with_all_of_the_text_for_agents(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with open_paper_mirror(tmp_path) as mirror:
        parameters = PAPER | dict(mirror.parameters) | {"vocabulary": mirror.vocabulary}
        subprocess.run(
            [sys.executable, ENVIRONMENT / "prepare.py", "--scale", "paper"]
            + ["--out", tmp_path / "out", "--seed", "ab" * 32],
            input=json.dumps(parameters).encode(),
            env={**os.environ, "PYTHONPATH": str(COMMON), **mirror.environment},
            check=True,
        )
    agent = tmp_path / "out" / "agent"
    assert list((tmp_path / "out" / "judge").iterdir()) == []
    assert json.loads((agent / "task.json").read_text())["budget_flops"] == 5e17
    text = np.fromfile(agent / "train.u16", dtype="<u2")
    assert len(text) >= 100_000
    assert int(text.max()) == mirror.vocabulary - 1
