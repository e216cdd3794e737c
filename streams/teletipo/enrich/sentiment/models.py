"""The trained weights and what is made of them: probabilities of the three labels. Made by training/sentiment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from io import BytesIO
from itertools import pairwise
from typing import Literal

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.errors import LexiconError
from teletipo.records import Evidence, Sentiment

Label = Literal["negative", "neutral", "positive"]
LABELS: tuple[Label, Label, Label] = ("negative", "neutral", "positive")
"""The order of the columns of all weights."""
_SCALE = "_scale"
_MOST_EVIDENCE = 5
_LEAST_EVIDENCE = 0.05


@cache
def load_weights(name: str) -> dict[str, np.ndarray]:
    """Arrays of `weights/NAME.npz`. Raises LexiconError if the file is not there."""
    try:
        data = (resources.files(__package__) / "weights" / f"{name}.npz").read_bytes()
    except FileNotFoundError:
        raise LexiconError(f"sentiment weights {name}.npz are missing; make them with python -m training.sentiment") from None
    with np.load(BytesIO(data)) as archive:
        return {key: _usable(archive, key) for key in archive.files if not key.endswith(_SCALE)}


def _usable(archive: Mapping[str, np.ndarray], key: str) -> np.ndarray:
    """Numbers are stored smaller than they are worked with, bytes with a scale beside them; ids stay as they are."""
    array = archive[key]
    if array.dtype == np.uint32:
        return array
    return array.astype(np.float32) * (archive[key + _SCALE] if key + _SCALE in archive else np.float32(1))


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Softmax over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def rounded(shares: np.ndarray) -> list[tuple[float, float, float]]:
    """Rows of probabilities to four digits so that they still add up to 1."""
    four = np.round(shares, 4)
    negative, positive = four[:, 0].tolist(), four[:, 2].tolist()
    return [(n, round(max(0.0, 1.0 - n - p), 4), p) for n, p in zip(negative, positive, strict=True)]


def sentiment_of(shares: tuple[float, float, float], spans: list[Evidence]) -> Sentiment:
    """The record of rounded probabilities."""
    negative, neutral, positive = shares
    label = LABELS[shares.index(max(shares))]
    return Sentiment(label, round(positive - negative, 4), positive, neutral, negative, spans)


def strongest_rows(
    columns: Columns, row: np.ndarray, token: np.ndarray, pull: np.ndarray, rows: int
) -> list[list[tuple[int, int, float]]]:
    """For each row the offsets and pulls of the tokens that pull it most."""
    order = np.lexsort((-np.abs(pull), row))
    row, token, pull = row[order], token[order], pull[order]
    kept = np.arange(len(row)) - np.searchsorted(row, row) < _MOST_EVIDENCE
    row, token, pull = row[kept], token[kept], pull[kept]
    bounds = np.searchsorted(row, np.arange(rows + 1)).tolist()
    spans = list(zip(columns.chars[token].tolist(), columns.ends[token].tolist(), pull.tolist(), strict=True))
    return [spans[low:high] for low, high in pairwise(bounds)]


def evidence(text: str, spans: list[tuple[int, int, float]], moved: float) -> list[Evidence]:
    """The spans that moved a score most, in the order of the text; weights are shares of all that moved it (`moved`). `spans`
    are sorted, the strongest first."""
    total = moved or 1.0
    # Spread over many mentions no word moves much; the strongest then stands for them.
    kept = sorted([span for span in spans if abs(span[2]) / total >= _LEAST_EVIDENCE] or spans[:1])
    return [Evidence(start, end, text[start:end], round(weight / total, 3)) for start, end, weight in kept]
