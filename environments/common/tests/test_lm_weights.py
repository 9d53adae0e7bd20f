"""The reader of strangers' weights: what it accepts, what it refuses, and that it fails in no other way."""

import json
import os
import random
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from rebench_lm.gpt import Gpt, GptConfig
from rebench_lm.weights import (
    HEADER_LIMIT_BYTES,
    TensorSpec,
    WeightsError,
    read_weights,
    save_weights,
    specs_of,
)
from safetensors.torch import load_file, save_file

SPECS = {
    "a": TensorSpec((2, 3)),
    "b": TensorSpec((4,), torch.float16),
    "c": TensorSpec((), torch.bfloat16),
    "d": TensorSpec((2,), torch.int64),
}


def tensors() -> dict[str, torch.Tensor]:
    return {
        "a": torch.arange(6, dtype=torch.float32).reshape(2, 3),
        "b": torch.ones(4, dtype=torch.float16),
        "c": torch.tensor(0.5, dtype=torch.bfloat16),
        "d": torch.tensor([-1, 2**40]),
    }


def parts_of(path: Path) -> tuple[dict, bytes]:
    content = path.read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def pack(header: object, data: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


@pytest.fixture()
def path(tmp_path: Path) -> Path:
    save_file(tensors(), tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def refusal(path: Path, specs=SPECS) -> str:
    with pytest.raises(WeightsError) as error:
        read_weights(path, specs)
    assert error.value.message
    assert "\n" not in error.value.message
    assert len(error.value.message) < 1000
    return error.value.reason


def test_what_a_library_writes_comes_back(path):
    read = read_weights(path, SPECS)
    assert read.keys() == SPECS.keys()
    for name, tensor in tensors().items():
        assert read[name].dtype == tensor.dtype
        assert torch.equal(read[name], tensor)


def test_a_model_comes_back(tmp_path):
    config = GptConfig(vocabulary=17, context=8, layers=2, heads=2, width=8)
    model = Gpt(config).initialize(torch.Generator().manual_seed(0))
    save_weights(tmp_path / "model.safetensors", model)
    other = Gpt(config)
    other.load_state_dict(read_weights(tmp_path / "model.safetensors", specs_of(other)))
    tokens = torch.arange(8)[None]
    assert torch.equal(model(tokens), other(tokens))


def test_metadata_is_accepted_and_ignored(path):
    save_file(tensors(), path, metadata={"format": "pt", "note": "x" * 1000})
    assert torch.equal(read_weights(path, SPECS)["a"], tensors()["a"])


def test_what_is_read_is_apart_from_the_file(path):
    read = read_weights(path, SPECS)
    before = read["a"].clone()
    path.write_bytes(bytes(path.stat().st_size))
    assert torch.equal(read["a"], before)
    read["a"][0, 0] = 7


def test_weights_with_two_names_are_written_under_both(tmp_path):
    model = torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False), torch.nn.Linear(2, 2, bias=False))
    model[1].weight = model[0].weight
    save_weights(tmp_path / "tied.safetensors", model)
    tensors = read_weights(tmp_path / "tied.safetensors", specs_of(model))
    assert torch.equal(tensors["0.weight"], tensors["1.weight"])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_values_that_are_not_finite_are_refused(path, name, value):
    content = tensors()
    content[name].view(-1)[-1] = value
    save_file(content, path)
    assert refusal(path) == "not-finite"


def test_missing_and_extra_tensors_are_refused(path):
    content = tensors()
    save_file({**content, "e": torch.zeros(1)}, path)
    assert refusal(path) == "extra-tensors"
    del content["b"]
    save_file(content, path)
    assert refusal(path) == "missing-tensors"


@pytest.mark.parametrize(
    ("name", "other", "reason"),
    [
        ("a", torch.zeros(3, 2), "wrong-shape"),
        ("a", torch.zeros(6), "wrong-shape"),
        ("a", torch.zeros(2, 3, dtype=torch.float64), "wrong-dtype"),
        ("a", torch.zeros(2, 3, dtype=torch.float16), "wrong-dtype"),
        ("b", torch.zeros(4, dtype=torch.bfloat16), "wrong-dtype"),
        ("d", torch.zeros(2, dtype=torch.int32), "wrong-dtype"),
        ("c", torch.zeros(1, dtype=torch.bfloat16), "wrong-shape"),
    ],
)
def test_other_shapes_and_types_are_refused(path, name, other, reason):
    save_file({**tensors(), name: other}, path)
    assert refusal(path) == reason


def test_two_tensors_may_not_share_bytes(path):
    header, data = parts_of(path)
    specs = {"x": TensorSpec((2, 3)), "y": TensorSpec((2, 3))}
    entry = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
    path.write_bytes(pack({"x": entry, "y": entry}, data[:24]))
    assert refusal(path, specs) == "not-safetensors"
    # With as many bytes as both need, one of them unused.
    path.write_bytes(pack({"x": entry, "y": entry}, bytes(48)))
    assert refusal(path, specs) == "not-safetensors"
    apart = {**entry, "data_offsets": [24, 48]}
    path.write_bytes(pack({"x": entry, "y": apart}, bytes(48)))
    read_weights(path, specs)


def test_bytes_before_between_and_behind_are_refused(path):
    header, data = parts_of(path)
    path.write_bytes(pack(header, data + b"\0"))
    assert refusal(path) == "not-safetensors"
    moved = json.loads(json.dumps(header))
    for name in SPECS:
        moved[name]["data_offsets"] = [offset + 8 for offset in moved[name]["data_offsets"]]
    path.write_bytes(pack(moved, bytes(8) + data))
    assert refusal(path) == "not-safetensors"


def test_what_pickle_or_zip_would_open_is_refused(path, tmp_path):
    torch.save(tensors(), path)
    assert refusal(path) in ("not-safetensors", "too-large")
    # A polyglot: a valid file of weights with an archive behind it.
    save_file(tensors(), path)
    torch.save({"x": 1}, tmp_path / "archive.pt")
    path.write_bytes(path.read_bytes() + (tmp_path / "archive.pt").read_bytes())
    assert refusal(path) in ("not-safetensors", "too-large")


def test_duplicate_names_are_refused_wherever_they_are(path):
    header, data = parts_of(path)
    text = json.dumps(header)
    twice = text[:-1] + ', "a": ' + json.dumps(header["a"]) + "}"
    path.write_bytes(pack(twice.encode(), data))
    assert refusal(path) == "not-safetensors"
    path.write_bytes(pack(text.replace('"dtype": "F32"', '"dtype": "F32", "dtype": "F32"').encode(), data))
    assert refusal(path) == "not-safetensors"


def test_numbers_too_long_to_be_read_are_refused(path):
    header, data = parts_of(path)
    text = json.dumps(header).replace('"shape": [2, 3]', f'"shape": [{"9" * 100_000}, 3]')
    path.write_bytes(pack(text.encode(), data))
    assert refusal(path) == "not-safetensors"


def test_giant_headers_and_files_are_refused_without_reading_them(path):
    with path.open("wb") as file:
        file.write(struct.pack("<Q", 2**63))
        file.truncate(10**13)
    assert refusal(path) == "too-large"
    for length in (HEADER_LIMIT_BYTES + 1, 2**63, 2**64 - 1):
        path.write_bytes(struct.pack("<Q", length) + b"{}")
        assert refusal(path) == "not-safetensors"
    path.write_bytes(pack(b"[" * 900_000, b""))
    assert refusal(path) == "not-safetensors"


def test_only_a_regular_file_is_opened(path, tmp_path):
    (tmp_path / "link.safetensors").symlink_to(path)
    assert refusal(tmp_path / "link.safetensors") == "missing-file"
    # Opening it without care would wait for ever.
    os.mkfifo(tmp_path / "pipe.safetensors")
    assert refusal(tmp_path / "pipe.safetensors") == "missing-file"
    (tmp_path / "folder.safetensors").mkdir()
    assert refusal(tmp_path / "folder.safetensors") == "missing-file"
    assert refusal(tmp_path / "nothing.safetensors") == "missing-file"


def test_a_strangers_names_are_shown_safely(path):
    save_file({**tensors(), "\x1b[31m\nred" + "x" * 500: torch.zeros(1)}, path)
    with pytest.raises(WeightsError) as error:
        read_weights(path, SPECS)
    assert error.value.message.isprintable()
    assert len(error.value.message) < 300


CASES = 1500
VALUES = [
    None, True, False, -1, 0, 1, 2**31, 2**53, 2**63, 2**64, 10**400, 1.5, float("nan"), float("inf"), -0.0,
    "", "F32", "F64", "I64", "\ud800", "x" * 10_000, [], {}, [[]], [0], [0, 24], [24, 0], [2, 3], [2.0, 3.0],
    [True, 3], ["2", "3"], [-2, -3], [6], [2**62, 4], [0] * 5000, {"a": {}}, {"__proto__": 1},
]  # fmt: skip


def test_no_header_makes_it_fail_otherwise_than_by_refusing(path):
    """Thousands of mutated headers: each is refused, or is as good as the one it came from."""
    header, data = parts_of(path)
    expected = tensors()
    generator = random.Random(20261124)
    accepted = 0
    for _ in range(CASES):
        path.write_bytes(mutate(generator, header, data))
        try:
            read = read_weights(path, SPECS)
        except WeightsError as error:
            assert error.reason in REASONS
            assert "\n" not in error.message
            continue
        accepted += 1
        # Whatever it accepted, the safetensors library reads the very same tensors from.
        library = load_file(path)
        assert read.keys() == expected.keys() == library.keys()
        for name, tensor in read.items():
            assert tensor.dtype == SPECS[name].dtype
            assert tuple(tensor.shape) == SPECS[name].shape
            assert torch.equal(tensor, library[name])
            assert not tensor.is_floating_point() or bool(torch.isfinite(tensor).all())
    assert CASES / 100 < accepted < CASES / 2


REASONS = {
    "missing-file", "too-large", "not-safetensors", "missing-tensors", "extra-tensors", "wrong-dtype",
    "wrong-shape", "not-finite",
}  # fmt: skip


def mutate(generator: random.Random, header: dict, data: bytes) -> bytes:
    """Change the header's tree, its text, the length in front of it, or the data."""
    tree = json.loads(json.dumps(header))
    kind = generator.randrange(8)
    if kind <= 3:
        for _ in range(generator.randrange(1, 4)):
            name = generator.choice([*tree, "new"]) if tree else "new"
            entry = tree.get(name)
            if kind == 0 or not isinstance(entry, dict) or not entry:
                tree[name] = generator.choice([*VALUES, *tree.values()])
            elif kind == 1:
                entry[generator.choice([*entry, "new"])] = generator.choice(VALUES)
            elif kind == 2:
                del entry[generator.choice(list(entry))]
            else:
                for field in ("shape", "data_offsets"):
                    if isinstance(entry.get(field), list) and entry[field] and generator.random() < 0.6:
                        place = generator.randrange(len(entry[field]))
                        entry[field][place] = generator.choice([0, 1, 2, 3, 8, 24, 34, 50, -1, 2**53, 2**64])
        return pack(json.dumps(tree).encode(), data)
    content = bytearray(pack(tree, data))
    if kind == 4:
        for _ in range(generator.randrange(1, 4)):
            content[generator.randrange(len(content))] = generator.randrange(256)
    elif kind == 5:
        start = generator.randrange(len(content))
        del content[start : start + generator.randrange(1, 40)]
    elif kind == 6:
        start = generator.randrange(len(content))
        content[start:start] = generator.randbytes(generator.randrange(1, 40))
    else:
        content[:8] = struct.pack("<Q", generator.choice([0, 1, 7, 8, len(content), 2**20, 2**63, 2**64 - 1]))
    return bytes(content)


def test_random_tensors_come_back_in_any_order(tmp_path):
    generator = np.random.default_rng(7)
    dtypes = [torch.float32, torch.float16, torch.bfloat16, torch.int64]
    for case in range(100):
        content = {}
        for index in range(generator.integers(1, 8)):
            shape = tuple(int(size) for size in generator.integers(0, 5, size=generator.integers(0, 4)))
            dtype = dtypes[generator.integers(len(dtypes))]
            content[f"t{index}.weight"] = (torch.randn(shape) * 10).to(dtype)
        path = tmp_path / f"{case}.safetensors"
        save_file(content, path)
        names = list(content)
        generator.shuffle(names)
        specs = {name: TensorSpec(tuple(content[name].shape), content[name].dtype) for name in names}
        read = read_weights(path, specs)
        assert all(torch.equal(read[name], content[name]) for name in names)
