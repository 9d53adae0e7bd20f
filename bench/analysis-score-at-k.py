"""score@k with bootstrap resamples in NumPy, for bench/analysis-score-at-k.ts: one thread, one answer line of JSON.

Reads {"values": [environments][runs], "k": int, "resamples": int, "draws": int} from stdin. Answers the seconds and the
standard deviation of the resampled mean over environments, once for the sampling definition (draw k runs of each resample
`draws` times, average their best) and once for the closed form over order statistics.
"""

import json
import sys
import time

import numpy as np

CHUNK = 500


def simulate(rng: np.random.Generator, values: np.ndarray, k: int, resamples: int, draws: int) -> np.ndarray:
    """One number a resample: mean best of k runs over `draws` draws from the resample."""
    n = len(values)
    means = np.empty(resamples)
    for start in range(0, resamples, CHUNK):
        rows = min(CHUNK, resamples - start)
        resample = values[rng.integers(0, n, (rows, n), dtype=np.int32)]
        drawn = rng.integers(0, n, (rows, draws * k), dtype=np.int32)
        best = np.take_along_axis(resample, drawn, axis=1).reshape(rows, draws, k).max(axis=2)
        means[start : start + rows] = best.mean(axis=1)
    return means


def closed_form(rng: np.random.Generator, values: np.ndarray, k: int, resamples: int) -> np.ndarray:
    """The same exactly: multinomial counts over the sorted runs, then the differences of (j / n) ** k."""
    n = len(values)
    ordered = np.sort(values)
    chance = (np.arange(n + 1) / n) ** k
    means = np.empty(resamples)
    for start in range(0, resamples, CHUNK):
        rows = min(CHUNK, resamples - start)
        upto = np.cumsum(rng.multinomial(n, np.full(n, 1 / n), rows), axis=1)
        weights = np.diff(chance[upto], axis=1, prepend=0)
        means[start : start + rows] = weights @ ordered
    return means


def main() -> None:
    request = json.load(sys.stdin)
    environments = [np.asarray(values) for values in request["values"]]
    k, resamples, draws = request["k"], request["resamples"], request["draws"]
    answer = {}
    for name, compute in (
        ("simulation", lambda rng, values: simulate(rng, values, k, resamples, draws)),
        ("closedForm", lambda rng, values: closed_form(rng, values, k, resamples)),
    ):
        rng = np.random.default_rng(1)
        started = time.perf_counter()
        means = np.mean([compute(rng, values) for values in environments], axis=0)
        answer[name] = {"seconds": time.perf_counter() - started, "mean": means.mean(), "deviation": means.std()}
    print(json.dumps(answer | {"numpy": np.__version__}))


main()
