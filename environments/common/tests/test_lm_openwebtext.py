"""Shards of OpenWebText: read as a stream, split by a hash, filled to the token."""

import lzma
import tarfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from rebench_corpus.openwebtext import (
    LARGEST_PAGE_BYTES,
    OpenWebTextError,
    part_of,
    read_shard,
    tokenize_parts,
)
from rebench_corpus.testing import make_pages, make_shard, make_tar, make_tokenizer

PAGES = make_pages(900, seed=1)


def shard(folder: Path, content: bytes) -> Path:
    path = folder / "urlsf_subset00.tar"
    path.write_bytes(content)
    return path


def read(path: Path) -> tuple[list[str], list[str]]:
    told: list[str] = []
    return list(read_shard(path, told.append)), told


def test_a_shard_gives_its_pages_in_order(tmp_path):
    assert read(shard(tmp_path, make_shard(PAGES))) == (PAGES, [])


def test_runs_of_blank_lines_become_one_and_empty_pages_vanish(tmp_path):
    assert read(shard(tmp_path, make_shard(["\n\na\n\n\n\n\nb\nc\n\nd\n", " \n\n", "e"])))[0] == [
        "a\n\nb\nc\n\nd",
        "e",
    ]


def test_names_that_lead_elsewhere_and_links_are_never_followed(tmp_path):
    inner = BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as archive:
        for name, target in (
            ("../../escaped.txt", None),
            ("/etc/escaped.txt", None),
            ("link.txt", "/etc/passwd"),
        ):
            info = tarfile.TarInfo(name)
            if target is None:
                info.size = 4
                archive.addfile(info, BytesIO(b"text"))
            else:
                info.type, info.linkname = tarfile.SYMTYPE, target
                archive.addfile(info)
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    path = shard(folder, make_tar({"../../../x_data.xz": lzma.compress(inner.getvalue())}))
    before = sorted(tmp_path.rglob("*"))
    assert read(path) == (["text", "text"], [])
    assert sorted(tmp_path.rglob("*")) == before


def test_what_is_damaged_is_told_and_left_out(tmp_path):
    good = lzma.compress(make_tar({"1.txt": b"good", "2.txt": b"\xff\xfe", "3.txt": b"better"}))
    # Random text, which does not compress, so that half of the bytes are about half of the pages.
    long = lzma.compress(make_tar({f"{index}.txt": text.encode() for index, text in enumerate(PAGES)}))
    giant = lzma.compress(make_tar({"giant.txt": b"x" * (LARGEST_PAGE_BYTES + 1), "after.txt": b"after"}))
    pages, told = read(
        shard(
            tmp_path,
            make_tar(
                {
                    "a.xz": good,
                    "b.xz": long[: len(long) // 2],
                    "c.xz": b"no xz at all",
                    "d.xz": lzma.compress(b"no tar at all" * 100),
                    "e.xz": giant,
                    "README": b"not a member of pages",
                }
            ),
        )
    )
    assert pages[:2] == ["good", "better"]
    assert pages[-1] == "after"
    middle = pages[2:-1]
    assert 100 < len(middle) < 900
    assert middle == PAGES[: len(middle)]
    assert [line.split(":")[0].split(" ")[0] for line in told] == ["a.xz", "b.xz", "c.xz", "d.xz", "e.xz"]
    assert "not UTF-8" in told[0]
    assert "8,388,609 bytes" in told[4]


def test_a_shard_cut_short_is_told(tmp_path):
    whole = make_shard(PAGES, pages_per_member=100)
    pages, told = read(shard(tmp_path, whole[: len(whole) // 2]))
    assert 100 <= len(pages) < 900
    assert told


@pytest.mark.parametrize("content", [b"", b"no tar", make_tar({}), make_tar({"a.txt": b"not packed"})])
def test_something_else_is_no_shard(tmp_path, content):
    with pytest.raises(OpenWebTextError, match="no page that can be read"):
        read(shard(tmp_path, content))


def test_parts_depend_on_the_text_alone_and_have_their_shares():
    pages = [f"page {index}" for index in range(20_000)]
    parts = [part_of(page) for page in pages]
    assert parts == [part_of(page) for page in pages]
    assert parts.count("test") == pytest.approx(200, abs=60)
    assert parts.count("validation") == pytest.approx(200, abs=60)
    # Fixed for ever: the hidden text of one version must not be the training text of the next.
    assert [index for index, part in enumerate(parts) if part == "test"][:3] == [95, 152, 307]


def test_parts_are_filled_to_the_token_with_pages_of_their_own():
    tokenizer = make_tokenizer(PAGES[:100])
    end = tokenizer.token_to_id("<|endoftext|>")
    limits = {"train": 20_001, "validation": 150, "test": 199}
    batches = [PAGES[start : start + 50] for start in range(0, 900, 50)]
    parts = tokenize_parts(tokenizer, end, batches, limits)
    for part, limit in limits.items():
        expected = np.concatenate(
            [[*tokenizer.encode(page).ids, end] for page in PAGES if part_of(page) == part]
        )
        assert parts[part].dtype == np.uint16
        np.testing.assert_array_equal(parts[part], expected[:limit])


def test_no_more_is_read_than_it_takes():
    tokenizer = make_tokenizer(PAGES[:100])
    taken: list[int] = []

    def batches():
        for start in range(0, 900, 10):
            taken.append(start)
            yield PAGES[start : start + 10]

    tokenize_parts(tokenizer, 600, batches(), {"train": 100, "validation": 1, "test": 1})
    assert len(taken) < 60


def test_too_little_text_is_an_error_with_the_numbers():
    tokenizer = make_tokenizer(PAGES[:100])
    with pytest.raises(OpenWebTextError, match="Lower trainTokens"):
        tokenize_parts(tokenizer, 600, [PAGES], {"train": 10**7, "validation": 1, "test": 1})
