"""The one door to the text, at both scales; the paper's in a real `prepare.py` with a mirror on loopback."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rebench_common.preparation import Preparation
from rebench_common.testing_mirror import Answer, Cut
from rebench_corpus.corpus import Corpus, load_corpus
from rebench_corpus.documents import load_documents, select_part
from rebench_corpus.openwebtext import SHARDS, part_of
from rebench_corpus.testing import PaperMirror, make_pages, open_paper_mirror
from tokenizers import Tokenizer

COMMON = Path(__file__).resolve().parent.parent
PREPARE = """
import json
from rebench_common.preparation import open_preparation
from rebench_corpus.corpus import load_corpus
from rebench_corpus.gpt2 import load_gpt2
from rebench_lm.tokens import save_tokens
from rebench_lm.weights import save_weights

preparation = open_preparation()
corpus = load_corpus(preparation)
corpus.tokenizer.save(str(preparation.agent / "tokenizer.json"))
save_tokens(preparation.agent / "train.bin", corpus.train)
save_tokens(preparation.judge / "test.bin", corpus.test)
model = load_gpt2(preparation, "gpt2-xl")
save_weights(preparation.agent / "model.safetensors", model)
print(json.dumps({"layers": model.config.layers, "heads": model.config.heads}))
"""


@pytest.fixture(scope="module")
def documents() -> Corpus:
    parameters = {"vocabulary": 2048}
    nowhere = Path("/nowhere")
    return load_corpus(Preparation("laptop", parameters, nowhere, nowhere, nowhere, bytes(32)))


@pytest.fixture()
def paper(tmp_path: Path) -> Iterator[PaperMirror]:
    with open_paper_mirror(tmp_path) as opened:
        yield opened


def test_the_laptops_text_is_that_of_the_documents(documents):
    assert (len(documents.train), len(documents.validation), len(documents.test)) == (2797341, 297518, 268726)
    assert (documents.end_of_text, documents.mask) == (0, 1)
    assert documents.vocabulary == documents.model_vocabulary == documents.tokenizer.get_vocab_size() == 2048
    texts = load_documents()
    for part in ("train", "validation", "test"):
        tokens = getattr(documents, part)
        chosen = select_part(texts, part)
        assert tokens.dtype == np.uint16
        assert tokens.max() < 2048
        assert (tokens == documents.mask).sum() == 0
        ends = np.flatnonzero(tokens == documents.end_of_text)
        assert len(ends) == len(chosen)
        assert ends[-1] == len(tokens) - 1
        first = tokens[: ends[0]].tolist()
        assert documents.tokenizer.decode(first) == chosen[0].text


def test_an_unknown_corpus_is_an_error():
    nowhere = Path("/nowhere")
    with pytest.raises(ValueError, match="'documents' or 'openwebtext'"):
        load_corpus(Preparation("paper", {"corpus": "pile"}, nowhere, nowhere, nowhere, bytes(32)))


def test_the_papers_text_is_openwebtext_in_gpt2s_tokens(paper, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", paper.environment["HF_ENDPOINT"])
    preparation = Preparation(
        "paper", paper.parameters, tmp_path, tmp_path, tmp_path / "downloads", bytes(32)
    )
    corpus = load_corpus(preparation)
    assert (len(corpus.train), len(corpus.validation), len(corpus.test)) == (100_000, 3_000, 3_000)
    assert corpus.vocabulary == paper.vocabulary
    assert (corpus.end_of_text, corpus.mask) == (paper.vocabulary - 1, paper.vocabulary)
    assert corpus.model_vocabulary == paper.vocabulary + 1
    pages = make_pages(5000, seed=0)
    for part in ("train", "validation", "test"):
        tokens = getattr(corpus, part)
        own = [page for page in pages if part_of(page) == part]
        first = tokens[: np.flatnonzero(tokens == corpus.end_of_text)[0]].tolist()
        assert corpus.tokenizer.decode(first) == own[0]
    assert np.array_equal(load_corpus(preparation).test, corpus.test)


def test_a_cut_preparation_at_the_papers_scale_resumes_and_gives_its_assets(paper, tmp_path):
    paper.shard.faults = [Cut(100_000), Cut(200_000)]
    run = prepare(paper, tmp_path, "first")
    assert run.returncode == 0, run.stderr
    asked = [request.headers.get("Range") for request in paper.shard.requests]
    assert asked == [None, "bytes=100000-", "bytes=300000-"]
    told = [json.loads(line)["message"] for line in run.stdout.splitlines()[:-1]]
    assert sum("the connection was cut; next try in 1 s" in message for message in told) == 2
    agent, judge = tmp_path / "first" / "agent", tmp_path / "first" / "judge"
    assert (agent / "train.bin").stat().st_size == 200_000
    assert (judge / "test.bin").stat().st_size == 6_000
    assert Tokenizer.from_file(str(agent / "tokenizer.json")).get_vocab_size() == paper.vocabulary
    assert json.loads(run.stdout.splitlines()[-1]) == {"layers": 3, "heads": 2}
    # The next one, of whichever environment, finds everything there.
    requests = len(paper.shard.requests)
    assert prepare(paper, tmp_path, "second").returncode == 0
    assert len(paper.shard.requests) == requests
    assert (tmp_path / "second" / "judge" / "test.bin").read_bytes() == (judge / "test.bin").read_bytes()


def test_a_wrong_checksum_ends_the_preparation_and_leaves_no_download(paper, tmp_path):
    content = bytearray(paper.shard.content)
    content[len(content) // 2] ^= 1
    paper.shard.content = bytes(content)
    run = prepare(paper, tmp_path, "out")
    assert run.returncode == 1
    # The harness shows the last line.
    assert "DownloadError" in run.stderr.splitlines()[-1]
    assert "as pinned. What arrived was deleted." in run.stderr.splitlines()[-1]
    assert not [
        path for path in (tmp_path / "downloads").rglob("*") if path.name.startswith("urlsf_subset00.tar.p")
    ]
    assert not list((tmp_path / "downloads").rglob("urlsf_subset00.tar"))


def test_a_refusing_hub_ends_the_preparation_with_the_remedy(paper, tmp_path):
    paper.shard.faults = [Answer(403)]
    run = prepare(paper, tmp_path, "out")
    assert run.returncode == 1
    assert "HF_TOKEN" in run.stderr.splitlines()[-1]


def test_the_shipped_pins_lack_the_shards_and_say_how_to_add_them(paper, tmp_path):
    """Fails when they are pinned: then take this test away, and the sentence in the decision page."""
    pins = json.loads((COMMON / "rebench_corpus" / "hub_pins.json").read_text())
    assert SHARDS[0] not in pins["datasets/Skylion007/openwebtext"]["files"]
    pins["models/openai-community/gpt2"] = json.loads(Path(paper.parameters["hubPins"]).read_text())[
        "models/openai-community/gpt2"
    ]
    (tmp_path / "shipped.json").write_text(json.dumps(pins))
    run = prepare(paper, tmp_path, "out", hubPins=str(tmp_path / "shipped.json"))
    assert run.returncode == 1
    assert "rebench_corpus.hub pin datasets Skylion007/openwebtext" in run.stderr.splitlines()[-1]


def prepare(
    paper: PaperMirror, folder: Path, name: str, **changes: object
) -> subprocess.CompletedProcess[str]:
    """Call a `prepare.py` as the harness does."""
    (folder / "prepare.py").write_text(PREPARE)
    (folder / name).mkdir()
    return subprocess.run(
        [
            sys.executable,
            folder / "prepare.py",
            "--scale",
            "paper",
            "--out",
            folder / name,
            "--seed",
            "00" * 32,
        ],
        input=json.dumps({**paper.parameters, **changes}),
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(COMMON),
            "REBENCH_DOWNLOADS": str(folder / "downloads"),
            **paper.environment,
        },
        capture_output=True,
        text=True,
    )
