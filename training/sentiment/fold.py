"""From trained weights to the arrays that are shipped, and back: vectors become what each word pulls, numbers become bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from teletipo.enrich.sentiment import spelling, vectors
from teletipo.enrich.sentiment.models import LABELS, load_weights
from teletipo.enrich.sentiment.targets import TargetModel

from training.sentiment.company import Vectors
from training.sentiment.data import ACTS, DENSE, HASHED, SPELLED, VECTORS, Reader, read_targets
from training.sentiment.fit import Linear

_LARGEST = 127


def write_targets(path: Path, model: Linear, company: Vectors, factor: float) -> None:
    """The weights of a model of targets; `factor` calibrates its logits."""
    np.savez_compressed(path, **target_arrays(model, company, factor))


def target_arrays(model: Linear, company: Vectors, factor: float) -> dict[str, np.ndarray]:
    """Arrays by name as `load_weights` reads them: X is worth X times X_scale where there is one."""
    of_blocks = model.weights[VECTORS].reshape(vectors.BLOCKS, -1, len(LABELS))
    pulls = np.einsum("vd,bdl->vbl", company.rows, of_blocks).reshape(len(company.rows), -1)
    large = {
        "hashed": model.weights[HASHED],
        "spelling": model.weights[SPELLED].reshape(spelling.BLOCKS, -1, len(LABELS)),
        "vectors": pulls,
    }
    arrays = {
        "dense": model.weights[DENSE].astype(np.float32),
        "acts": model.weights[ACTS].astype(np.float32),
        "bias": model.bias.astype(np.float32),
        "temperature": np.array(factor, dtype=np.float32),
        "forms": company.forms,
        "rarity": company.rarity.astype(np.float16),
    }
    for name, values in large.items():
        scale = np.abs(values).max(axis=tuple(range(values.ndim - 1))) / _LARGEST
        scale[scale == 0] = 1
        arrays[name] = np.round(values / scale).astype(np.int8)
        arrays[f"{name}_scale"] = scale.astype(np.float32)
    return arrays


def shipped_logits(language: str, rows: list[dict[str, Any]], reader: Reader) -> np.ndarray:
    """What the weights as they are written say of every target, uncalibrated."""
    load_weights.cache_clear()
    model = TargetModel(language)
    read = [model.read(mentions, [None] * len(mentions), events)[0] for mentions, events in read_targets(rows, language, reader)]
    return np.concatenate(read)
