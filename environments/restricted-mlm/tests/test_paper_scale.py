"""The paper's scale prepared from a mirror of the hub on this machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from mlm_support import ENVIRONMENT
from rebench_common.testing import COMMON, load_parameters
from rebench_corpus.testing import open_paper_mirror


def test_it_is_prepared_from_the_hub_with_a_mask_past_the_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with open_paper_mirror(tmp_path) as mirror:
        sizes = {"vocabulary": mirror.vocabulary, "maskToken": mirror.vocabulary}
        parameters = load_parameters(ENVIRONMENT, "paper") | dict(mirror.parameters) | sizes
        subprocess.run(
            [sys.executable, ENVIRONMENT / "prepare.py", "--scale", "paper"]
            + ["--out", tmp_path / "out", "--seed", "ab" * 32],
            input=json.dumps(parameters).encode(),
            env={**os.environ, "PYTHONPATH": str(COMMON), **mirror.environment},
            check=True,
        )
    for part, least in (
        ("agent/train.bin", 100_000),
        ("agent/validation.bin", 3_000),
        ("judge/test.bin", 3_000),
    ):
        text = np.fromfile(tmp_path / "out" / part, dtype="<u2")
        assert len(text) >= least
        assert int(text.max()) == mirror.vocabulary - 1
