"""The text of the laptop scale and its split."""

import hashlib

import pytest
from rebench_corpus import documents
from rebench_corpus.documents import PACKAGES, DocumentsError, find_npm_package, load_documents, select_part


@pytest.fixture(scope="module")
def loaded() -> list[documents.Document]:
    return load_documents()


def test_the_text_is_the_one_the_environments_were_calibrated_on(loaded):
    assert sum(len(document.text) for document in loaded) > 11_000_000
    assert len({document.name for document in loaded}) == len(loaded)
    assert loaded[0].name.startswith("1790")
    assert "Call me Ishmael" in next(
        document.text for document in loaded if "Call me Ishmael" in document.text
    )


def test_the_parts_are_disjoint_and_whole_and_hold_every_age(loaded):
    parts = {part: select_part(loaded, part) for part in ("train", "validation", "test")}
    names = [document.name for part in parts.values() for document in part]
    assert sorted(names) == sorted(document.name for document in loaded)
    assert len(parts["validation"]) == pytest.approx(len(loaded) / 12, abs=1)
    assert len(parts["test"]) == pytest.approx(len(loaded) / 12, abs=1)
    for part in parts.values():
        centuries = {document.name[:2] for document in part if document.name[:4].isdecimal()}
        assert {"17", "18", "19", "20"} >= centuries >= {"18", "19", "20"}


def test_no_held_out_document_is_also_trained_on(loaded):
    """By text, not by name: the packages could hold a document twice."""
    train = {hashlib.sha256(document.text.encode()).digest() for document in select_part(loaded, "train")}
    for part in ("validation", "test"):
        held_out = {hashlib.sha256(document.text.encode()).digest() for document in select_part(loaded, part)}
        assert not train & held_out


def test_other_text_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setattr(documents, "PACKAGES", PACKAGES[:1])
    with pytest.raises(DocumentsError, match="npm ci"):
        load_documents()


def test_a_package_that_is_missing_is_named():
    with pytest.raises(DocumentsError, match="@nobody/nothing is not installed"):
        find_npm_package("@nobody/nothing")
