"""Pins, addresses and the making of pins, against a mirror on loopback."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rebench_common.preparation import Preparation
from rebench_common.testing_mirror import REVISION, Mirror, open_mirror
from rebench_corpus.hub import PINS, HubFile, fetch, fetch_pinned, find_pin
from rebench_corpus.openwebtext import REPOSITORY, SHARDS
from rebench_corpus.safe_http import DownloadError

COMMON = Path(__file__).resolve().parent.parent
CONTENT = b"weights" * 1000


@pytest.fixture()
def mirror(monkeypatch) -> Iterator[Mirror]:
    with open_mirror() as opened:
        monkeypatch.setenv("HF_ENDPOINT", opened.url)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield opened


def preparation(folder: Path, pins: Path | None = None) -> Preparation:
    parameters = {} if pins is None else {"hubPins": str(pins)}
    return Preparation("paper", parameters, folder, folder, folder / "downloads", bytes(32))


def test_the_shipped_pins_are_whole():
    content = json.loads(PINS.read_text())
    for name, entry in content.items():
        kind, _, repository = name.partition("/")
        assert entry["source"]
        for path, pin in entry["files"].items():
            assert find_pin(kind, repository, path).sha256 == pin["sha256"]
            assert pin["sizeBytes"] is None or pin["sizeBytes"] > 0
    pinned = {f"{name}/{path}" for name, entry in content.items() for path in entry["files"]}
    assert pinned >= {
        "models/openai-community/gpt2/model.safetensors",
        "models/openai-community/gpt2/tokenizer.json",
        "models/openai-community/gpt2-xl/model.safetensors",
    }


def test_models_and_data_sets_have_the_hubs_addresses(monkeypatch):
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    model = find_pin("models", "openai-community/gpt2", "model.safetensors")
    assert model.url == (
        f"https://huggingface.co/openai-community/gpt2/resolve/{model.revision}/model.safetensors"
    )
    shard = HubFile("datasets", REPOSITORY, REVISION, SHARDS[3], None, None)
    assert shard.url == (
        f"https://huggingface.co/datasets/Skylion007/openwebtext/resolve/{REVISION}/subsets/urlsf_subset03.tar"
    )
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example.org/hub/")
    assert model.url.startswith("https://mirror.example.org/hub/openai-community/gpt2/resolve/")


@pytest.mark.parametrize(
    "endpoint",
    ["http://huggingface.co", "huggingface.co", "https://user:key@example.org", "https://a/?x=1", "file:///"],
)
def test_an_endpoint_that_is_not_a_safe_plain_address_is_refused(monkeypatch, endpoint):
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    with pytest.raises(DownloadError):
        _ = find_pin("models", "openai-community/gpt2", "model.safetensors").url


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "spaces"},
        {"repository": "../../etc"},
        {"repository": "owner"},
        {"revision": "main"},
        {"path": "../x"},
        {"path": "/etc/passwd"},
        {"path": "a/../../x"},
        {"path": "a?b"},
        {"sha256": "abc"},
    ],
)
def test_a_pin_cannot_lead_elsewhere_or_be_a_moving_one(change):
    whole = {"kind": "models", "repository": "owner/name", "revision": REVISION, "path": "a/b.bin"}
    HubFile(**whole, sha256="0" * 64, size_bytes=1)
    with pytest.raises(DownloadError):
        HubFile(**{**whole, "sha256": "0" * 64, "size_bytes": 1, **change})


def test_prepare_gets_a_pinned_file_and_tells_its_progress(mirror, tmp_path, capsys):
    file = mirror.add("datasets", "owner/name", "a/text.tar", CONTENT)
    pins = mirror.write_pins(tmp_path / "pins.json")
    path = fetch_pinned(preparation(tmp_path, pins), "datasets", "owner/name", "a/text.tar")
    assert path.read_bytes() == CONTENT
    assert path.is_relative_to(tmp_path / "downloads")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"message": "Loading owner/name a/text.tar"}
    ]
    assert "Authorization" not in file.requests[0].headers


def test_the_token_of_the_environment_is_sent_to_the_endpoint(mirror, tmp_path, monkeypatch):
    file = mirror.add("models", "owner/name", "x.bin", CONTENT)
    monkeypatch.setenv("HF_TOKEN", "hf_secret\n")
    pinned = HubFile("models", "owner/name", REVISION, "x.bin", file.sha256, len(CONTENT))
    fetch(pinned, tmp_path, on_progress=lambda _have, _size: None, on_wait=print)
    assert file.requests[0].headers["Authorization"] == "Bearer hf_secret"


def test_what_has_no_pin_is_not_loaded_and_the_command_that_makes_it_is_told(mirror, tmp_path):
    file = mirror.add("datasets", REPOSITORY, SHARDS[0], CONTENT)
    with pytest.raises(DownloadError) as refusal:
        fetch_pinned(preparation(tmp_path), "datasets", REPOSITORY, SHARDS[0])
    assert f"rebench_corpus.hub pin datasets {REPOSITORY} {SHARDS[0]} --downloads {tmp_path}" in str(
        refusal.value
    )
    assert "\n" not in str(refusal.value)
    assert file.requests == []


def test_the_told_command_makes_the_pin_and_prepare_then_loads_nothing_more(mirror, tmp_path):
    file = mirror.add("models", "owner/name", "weights.bin", CONTENT)
    pins = mirror.write_pins(tmp_path / "pins.json")
    added = mirror.add("models", "owner/name", "more.bin", CONTENT + b"more")
    with pytest.raises(DownloadError, match="no pinned SHA-256"):
        find_pin("models", "owner/name", "more.bin", pins)
    run = pin(tmp_path, pins, "models", "owner/name", "more.bin")
    assert run.returncode == 0, run.stderr
    made = find_pin("models", "owner/name", "more.bin", pins)
    assert (made.sha256, made.size_bytes) == (added.sha256, len(added.content))
    assert find_pin("models", "owner/name", "weights.bin", pins).sha256 == file.sha256
    requests = len(added.requests)
    fetch_pinned(preparation(tmp_path, pins), "models", "owner/name", "more.bin")
    assert len(added.requests) == requests


def test_a_small_file_is_compared_with_its_git_blob_id(mirror, tmp_path):
    content = b'{"n_layer": 12}'
    file = mirror.add("models", "owner/name", "config.json", content)
    file.large = False
    file.etag = f'"{hashlib.sha1(b"blob %d" % len(content) + bytes(1) + content).hexdigest()}"'
    pins = mirror.write_pins(tmp_path / "pins.json")
    assert pin(tmp_path, pins, "models", "owner/name", "config.json").returncode == 0
    file.content = b'{"n_layer": 13}'
    (tmp_path / "downloads").rename(tmp_path / "old")
    run = pin(tmp_path, pins, "models", "owner/name", "config.json")
    assert run.returncode == 1
    assert "the hub names" in run.stderr
    assert not list((tmp_path / "downloads").rglob("config.json"))


def test_what_the_hub_does_not_vouch_for_gets_no_pin(mirror, tmp_path):
    file = mirror.add("models", "owner/name", "weights.bin", CONTENT)
    pins = mirror.write_pins(tmp_path / "pins.json")
    before = pins.read_text()
    with open_mirror() as store:
        # The hub names one content and the place it redirects to sends another.
        file.redirect = store.address_of(store.add("models", "cdn/store", "blob", b"other"))
        run = pin(tmp_path, pins, "models", "owner/name", "weights.bin")
    assert run.returncode == 1
    assert "It was deleted" in run.stderr
    assert pins.read_text() == before


def test_a_pin_needs_a_known_commit(mirror, tmp_path):
    mirror.add("models", "owner/name", "weights.bin", CONTENT)
    (tmp_path / "pins.json").write_text("{}")
    assert "--revision" in pin(tmp_path, tmp_path / "pins.json", "models", "owner/name", "weights.bin").stderr
    run = pin(tmp_path, tmp_path / "pins.json", "models", "owner/name", "weights.bin", "--revision", "main")
    assert "no pinned revision" in run.stderr
    run = pin(tmp_path, tmp_path / "pins.json", "models", "owner/name", "weights.bin", "--revision", REVISION)
    assert run.returncode == 0
    assert find_pin("models", "owner/name", "weights.bin", tmp_path / "pins.json").revision == REVISION


def pin(folder: Path, pins: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command that a refusal tells, as a person would: with a Python that has no torch to import."""
    options = ["--downloads", str(folder / "downloads"), "--pins", str(pins), "--write"]
    return subprocess.run(
        [sys.executable, "-S", "-m", "rebench_corpus.hub", "pin", *arguments, *options],
        cwd=COMMON,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
    )
