"""Downloads from a mirror on loopback that cuts, lies, redirects and refuses."""

import contextlib
import hashlib
import os
import resource
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from rebench_common.testing_mirror import Answer, Cut, Hold, Mirror, MirrorFile, open_mirror
from rebench_corpus.download import LARGEST_BYTES, Patience, download
from rebench_corpus.safe_http import DownloadError, _Redirects

COMMON = Path(__file__).resolve().parent.parent
CONTENT = bytes(range(256)) * 20_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUICK = Patience(timeout_seconds=5, first_wait_seconds=0.001, longest_wait_seconds=0.01, fruitless_tries=3)


@pytest.fixture()
def mirror() -> Iterator[Mirror]:
    with open_mirror() as opened:
        yield opened


@pytest.fixture()
def file(mirror: Mirror) -> MirrorFile:
    return mirror.add("models", "owner/name", "weights.bin", CONTENT)


@pytest.fixture()
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "weights.bin"


def load(mirror: Mirror, file: MirrorFile, path: Path, **changes) -> list[str]:
    """Download with the pins of CONTENT; returns what was said about waiting."""
    waits: list[str] = []
    options = {"sha256": SHA256, "size_bytes": len(CONTENT), "patience": QUICK, **changes}
    download(mirror.address_of(file), path, on_wait=waits.append, **options)
    return waits


def ranges(file: MirrorFile) -> list[str | None]:
    return [request.headers.get("Range") for request in file.requests]


def left(path: Path) -> set[str]:
    return {entry.name for entry in path.parent.iterdir()} - {"weights.bin.lock"}


def test_a_file_arrives_whole_and_is_not_asked_for_again(mirror, file, path):
    seen: list[tuple[int, int | None]] = []
    load(mirror, file, path, on_progress=lambda have, size: seen.append((have, size)))
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [have for have, _ in seen] == sorted(have for have, _ in seen)
    load(mirror, file, path)
    assert len(file.requests) == 1
    assert left(path) == {"weights.bin"}


def test_a_cut_download_goes_on_where_it_stopped(mirror, file, path):
    file.faults = [Cut(1_000_000), Cut(2_500_000)]
    waits = load(mirror, file, path)
    assert path.read_bytes() == CONTENT
    assert ranges(file) == [None, "bytes=1000000-", "bytes=3500000-"]
    assert [request.headers.get("If-Range") for request in file.requests[1:]] == [file.etag] * 2
    assert len(waits) == 2
    assert left(path) == {"weights.bin"}


def test_a_later_call_resumes_what_an_earlier_one_gave_up(mirror, file, path):
    file.faults = [Cut(1_000_000), Answer(503), Answer(503), Answer(503)]
    with pytest.raises(DownloadError, match=r"503, after 4 tries.*Start again.*1,000,000 bytes"):
        load(mirror, file, path)
    assert not path.exists()
    load(mirror, file, path)
    assert path.read_bytes() == CONTENT
    assert ranges(file)[-1] == "bytes=1000000-"


def test_a_killed_process_is_resumed_by_the_next(mirror, file, path):
    file.faults = [Hold(3_000_000, never := threading.Event())]
    process = start(mirror, file, path)
    partial = path.with_name("weights.bin.partial")
    wait_until(lambda: partial.is_file() and partial.stat().st_size >= 1_000_000)
    process.kill()
    process.communicate()
    never.set()
    have = partial.stat().st_size
    load(mirror, file, path)
    assert path.read_bytes() == CONTENT
    assert ranges(file) == [None, f"bytes={have}-"]


def test_a_file_that_changed_since_is_never_glued_to_the_old_one(mirror, file, path):
    file.content, file.etag, file.faults = b"x" * len(CONTENT), '"old"', [Cut(1_000_000), *[Answer(503)] * 3]
    with pytest.raises(DownloadError):
        load(mirror, file, path)
    file.content, file.etag = CONTENT, '"new"'
    load(mirror, file, path)
    assert path.read_bytes() == CONTENT
    # One request was enough: the server saw by If-Range that it has another file.
    assert len(file.requests) == 5


@pytest.mark.parametrize("fault", ["another version", "another place", "another unit"])
def test_a_part_that_does_not_fit_is_never_appended(mirror, file, path, fault):
    file.faults = [Cut(1_000_000), *[Answer(503)] * 3]
    with pytest.raises(DownloadError):
        load(mirror, file, path)
    if fault == "another version":
        file.etag, file.heeds_if_range = '"new"', False
    elif fault == "another place":
        file.first_byte_off = 10
    else:
        file.faults = [Answer(206, {"Content-Range": "pages 1000000-5119999/5120000", "Content-Length": "0"})]
    seen: list[int] = []
    load(mirror, file, path, on_progress=lambda have, _size: seen.append(have))
    assert path.read_bytes() == CONTENT
    assert ranges(file)[-2:] == ["bytes=1000000-", None]
    assert seen == sorted(seen)
    assert seen[0] <= 1024 * 1024


def test_without_an_etag_a_glued_file_is_loaded_once_more_in_one_piece(mirror, file, path):
    file.content, file.etag, file.faults = b"x" * len(CONTENT), None, [Cut(1_000_000), *[Answer(503)] * 3]
    with pytest.raises(DownloadError):
        load(mirror, file, path)
    file.content = CONTENT
    load(mirror, file, path)
    assert path.read_bytes() == CONTENT
    assert ranges(file)[-2:] == ["bytes=1000000-", None]


def test_a_server_that_knows_no_ranges_sends_it_all_again(mirror, file, path):
    file.ranges, file.faults = False, [Cut(1_000_000)]
    load(mirror, file, path)
    assert path.read_bytes() == CONTENT
    assert len(file.requests) == 2


def test_a_server_that_tells_no_size_is_held_to_the_pinned_one(mirror, file, path):
    file.tells_size, file.faults = False, [Cut(1_000_000)]
    load(mirror, file, path)
    assert path.read_bytes() == CONTENT
    assert ranges(file) == [None, "bytes=1000000-"]


def test_a_file_without_a_pinned_size_arrives_by_its_checksum(mirror, file, path):
    file.faults = [Cut(1_000_000)]
    load(mirror, file, path, size_bytes=None)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("tells_size", [True, False])
def test_a_wrong_checksum_is_refused_and_nothing_is_left(mirror, file, path, tells_size):
    file.content = CONTENT[:-1] + b"!"
    file.tells_size = tells_size
    with pytest.raises(DownloadError, match=rf"SHA-256 {file.sha256}, not {SHA256} as pinned.*deleted"):
        load(mirror, file, path)
    assert left(path) == set()
    assert len(file.requests) == 1


@pytest.mark.parametrize("size", [len(CONTENT) - 1, len(CONTENT) + 1])
def test_another_size_is_refused_before_it_is_loaded(mirror, file, path, size):
    file.content = (CONTENT + b"more")[:size]
    with pytest.raises(DownloadError, match=rf"has {size:,} bytes, not {len(CONTENT):,} as pinned"):
        load(mirror, file, path)
    assert left(path) == set()


def test_more_than_the_pinned_size_is_cut_off_where_no_size_is_told(mirror, file, path):
    file.content, file.tells_size = CONTENT + b"more" * 1_000_000, False
    with pytest.raises(DownloadError, match="sends more than"):
        load(mirror, file, path)
    assert left(path) == set()


def test_a_truncated_file_without_a_told_size_never_passes(mirror, file, path):
    file.content, file.tells_size = CONTENT[:-1000], False
    with pytest.raises(DownloadError, match="after .* tries"):
        load(mirror, file, path)
    assert not path.exists()


def test_a_giant_file_is_refused_where_no_size_is_pinned(mirror, file, path):
    file.faults = [Answer(200, {"Content-Length": str(LARGEST_BYTES + 1)})]
    with pytest.raises(DownloadError, match="at most"):
        load(mirror, file, path, size_bytes=None)


def test_a_file_that_does_not_fit_on_the_disk_is_refused_at_once(mirror, file, path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(DownloadError, match="has 1,000.*REBENCH_CACHE"):
        load(mirror, file, path)


def test_a_disk_that_fills_up_ends_it_at_once_and_what_arrived_is_resumed(mirror, file, path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
    try:
        with pytest.raises(DownloadError, match="cannot be written.*REBENCH_CACHE"):
            load(mirror, file, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(file.requests) == 1
    load(mirror, file, path)
    assert path.read_bytes() == CONTENT
    assert ranges(file) == [None, "bytes=2000000-"]


def test_a_file_damaged_on_disk_is_loaded_anew(mirror, file, path):
    load(mirror, file, path)
    path.write_bytes(CONTENT[:-1] + b"!")
    assert load(mirror, file, path) == ["weights.bin has changed on disk and is loaded anew"]
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(mirror, file, path, status):
    file.faults = [Answer(status), Answer(status)]
    load(mirror, file, path)
    assert len(file.requests) == 3


def test_waits_grow_and_follow_retry_after_within_a_limit(mirror, file, path, monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    file.faults = [
        Answer(429),
        Answer(429),
        Answer(429, {"Retry-After": "17"}),
        Answer(503, {"Retry-After": "86400"}),
        Answer(503, {"Retry-After": "Wed, 21 Oct 2065 07:28:00 GMT"}),
    ]
    load(mirror, file, path, patience=Patience(timeout_seconds=5))
    assert slept == [2, 4, 17, 60, 32]


def test_a_server_that_is_never_there_ends_the_download(path):
    started = time.monotonic()
    with pytest.raises(DownloadError, match="refused, after 3 tries"):
        download("http://127.0.0.1:9/x", path, sha256=SHA256, size_bytes=1, patience=QUICK)
    assert time.monotonic() - started < 5


def test_a_server_that_never_gets_further_ends_the_download(mirror, file, path):
    file.faults = [Cut(1_000_000), *[Cut(0)] * 50]
    with pytest.raises(DownloadError, match="the connection was cut, after 4 tries"):
        load(mirror, file, path)


def test_a_server_that_falls_silent_is_given_up_and_resumed(mirror, file, path):
    file.faults = [Hold(2_000_000, threading.Event())]
    waits = load(mirror, file, path, patience=Patience(timeout_seconds=0.3, first_wait_seconds=0.001))
    assert path.read_bytes() == CONTENT
    assert "timed out" in waits[0]
    assert ranges(file)[1] is not None


@pytest.mark.parametrize(("status", "remedy"), [(401, "HF_TOKEN"), (403, "licence"), (404, "HF_ENDPOINT")])
def test_a_refusal_is_told_with_its_remedy_and_not_repeated(mirror, file, path, status, remedy):
    file.faults = [Answer(status)]
    with pytest.raises(DownloadError, match=rf"answered {status}.*{remedy}"):
        load(mirror, file, path)
    assert len(file.requests) == 1


def test_the_token_goes_to_the_hub_and_not_where_it_redirects_to(mirror, file, path):
    with open_mirror() as store:
        stored = store.add("models", "cdn/store", "blob", CONTENT)
        stored.faults = [Cut(1_000_000)]
        # The same machine, another port: another origin.
        file.redirect = store.address_of(stored)
        load(mirror, file, path, token="hf_secret")
        assert path.read_bytes() == CONTENT
        assert [request.headers["Authorization"] for request in file.requests] == ["Bearer hf_secret"] * 2
        assert [request.headers.get("Authorization") for request in stored.requests] == [None, None]
        assert ranges(stored) == [None, "bytes=1000000-"]
        assert {request.headers["Host"] for request in stored.requests} == {store.url.removeprefix("http://")}


def test_the_token_follows_a_redirect_within_the_hub(mirror, file, path):
    renamed = mirror.add("models", "new-owner/name", "weights.bin", CONTENT)
    file.redirect = mirror.address_of(renamed).removeprefix(mirror.url)
    load(mirror, file, path, token="hf_secret")
    assert renamed.requests[0].headers["Authorization"] == "Bearer hf_secret"


@pytest.mark.parametrize(
    "target",
    ["http://example.org/x", "ftp://example.org/x", "file:///etc/passwd", "http://[broken", "http://a:b/"],
)
def test_a_redirect_to_an_unsafe_address_is_refused(mirror, file, path, target):
    file.redirect = target
    with pytest.raises(DownloadError, match="is no address|answered 302"):
        load(mirror, file, path)
    assert len(file.requests) == 1


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/x", "https://localhost/x", "http://[::1]/x", "http://huggingface.co/x"]
)
def test_a_hub_elsewhere_cannot_redirect_to_this_machine_or_to_plain_http(target):
    request = urllib.request.Request(
        "https://huggingface.co/x", headers={"Authorization": "Bearer hf_secret"}
    )
    with pytest.raises(DownloadError):
        _Redirects().redirect_request(request, None, 302, "Found", {}, target)


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("https://cdn.example.org/x", False),
        ("https://huggingface.co:8443/x", False),
        ("https://huggingface.co.example.org/x", False),
        ("https://huggingface.co/y", True),
        ("https://huggingface.co:443/y", True),
        ("/y", True),
    ],
)
def test_only_the_same_origin_gets_the_token_of_a_redirect(target, kept):
    headers = {"Authorization": "Bearer hf_secret", "Range": "bytes=5-"}
    request = urllib.request.Request("https://huggingface.co/x", headers=headers)
    followed = _Redirects().redirect_request(request, None, 302, "Found", {}, target)
    assert followed.has_header("Authorization") == kept
    assert followed.get_header("Range") == "bytes=5-"


def test_redirects_in_circles_end(mirror, file, path):
    file.redirect = mirror.address_of(file)
    with pytest.raises(DownloadError):
        load(mirror, file, path)
    assert len(file.requests) < 20


@pytest.mark.parametrize(
    "url",
    ["http://huggingface.co/x", "http://127.0.0.1.example.org/x", "ftp://huggingface.co/x", "file:///etc/x"],
)
def test_plain_http_is_for_this_machine_only(path, url):
    with pytest.raises(DownloadError, match="use https"):
        download(url, path, sha256=SHA256, size_bytes=1, patience=QUICK)


def test_two_processes_load_a_file_once(mirror, file, path):
    file.faults = [Hold(2_000_000, go_on := threading.Event())]
    first = start(mirror, file, path)
    wait_until(lambda: len(file.requests) == 1)
    second = start(mirror, file, path)
    assert second.stdout.readline() == "another process loads it\n"
    go_on.set()
    for process in (first, second):
        process.communicate(timeout=20)
        assert process.returncode == 0
    assert path.read_bytes() == CONTENT
    assert len(file.requests) == 1


def start(mirror: Mirror, file: MirrorFile, path: Path) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from rebench_corpus.download import download\n"
        "url, path, sha256, size = sys.argv[1:]\n"
        "say = lambda reason: print(reason, flush=True)\n"
        "download(url, Path(path), sha256=sha256, size_bytes=int(size), on_wait=say)"
    )
    arguments = [mirror.address_of(file), str(path), SHA256, str(len(CONTENT))]
    environment = {**os.environ, "PYTHONPATH": str(COMMON)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )


def wait_until(holds) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        with contextlib.suppress(FileNotFoundError):
            time.sleep(0.01)
