"""GPT-2's forward pass written out in NumPy from its paper and the names in its checkpoints."""

import math

import numpy as np


def logits_of(weights: dict[str, np.ndarray], tokens: list[int], heads: int) -> np.ndarray:
    """Logits of one sequence: float64 of shape [time, vocabulary]."""
    weights = {name: np.asarray(value, dtype=np.float64) for name, value in weights.items()}
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("h."))
    stream = np.stack([weights["wte.weight"][token] for token in tokens])
    for place in range(len(tokens)):
        stream[place] += weights["wpe.weight"][place]
    for layer in range(layers):
        own = {
            name[len(f"h.{layer}.") :]: value
            for name, value in weights.items()
            if name.startswith(f"h.{layer}.")
        }
        stream = stream + _attend(own, _normalize(stream, own["ln_1.weight"], own["ln_1.bias"]), heads)
        inner = _normalize(stream, own["ln_2.weight"], own["ln_2.bias"])
        inner = _gelu(inner @ own["mlp.c_fc.weight"] + own["mlp.c_fc.bias"])
        stream = stream + inner @ own["mlp.c_proj.weight"] + own["mlp.c_proj.bias"]
    return _normalize(stream, weights["ln_f.weight"], weights["ln_f.bias"]) @ weights["wte.weight"].T


def _attend(own: dict[str, np.ndarray], x: np.ndarray, heads: int) -> np.ndarray:
    time, width = x.shape
    size = width // heads
    mixed = x @ own["attn.c_attn.weight"] + own["attn.c_attn.bias"]
    result = np.zeros((time, width))
    for head in range(heads):
        columns = np.arange(head * size, (head + 1) * size)
        query, key, value = (mixed[:, part * width + columns] for part in range(3))
        for place in range(time):
            scores = key[: place + 1] @ query[place] / math.sqrt(size)
            shares = np.exp(scores - scores.max())
            result[place, columns] = shares / shares.sum() @ value[: place + 1]
    return result @ own["attn.c_proj.weight"] + own["attn.c_proj.bias"]


def _normalize(x: np.ndarray, gain: np.ndarray, bias: np.ndarray) -> np.ndarray:
    centred = x - x.mean(axis=1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5) * gain + bias


def _gelu(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
