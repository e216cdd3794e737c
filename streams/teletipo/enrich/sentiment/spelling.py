"""How the words beside a mention and in it are spelt: parts of two to five letters, so that unseen forms of a word count too.

The three blocks of weights (before the mention, after it, within it) are added up once for each word form.
"""

from __future__ import annotations

import numpy as np
from spacy.strings import StringStore

from teletipo.enrich.sentiment.target_features import Target

BITS = 15
"""Each block of the feature space has 2 ** BITS places."""
BEFORE, AFTER, WITHIN = 0, 1, 2
BLOCKS = 3
_SIZES = (2, 3, 4, 5)
_LONGEST = 40
_MOST = 100_000


def parts(word: str) -> np.ndarray:
    """Places of a word's parts, its ends marked; the same in every process."""
    marked = f"<{word[:_LONGEST]}>"
    found = [_place(marked[i : i + size]) for size in _SIZES for i in range(len(marked) - size + 1)]
    return np.array(found, dtype=np.int64)


def _place(part: str) -> int:
    value = 0xCBF29CE484222325
    for byte in part.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return (value * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> (64 - BITS)


class Spelling:
    """Sums of a model's weights over the parts of every word form seen so far."""

    def __init__(self, weights: np.ndarray) -> None:
        """`weights` are blocks × places × labels."""
        self._weights = weights
        self._known: dict[int, tuple[int, np.ndarray]] = {}

    def read(self, lower: np.ndarray, strings: StringStore) -> SpelledText:
        """The words of a text, by their ids."""
        values, inverse = np.unique(lower, return_inverse=True)
        if len(self._known) > _MOST:
            self._known.clear()
        rows = [self._known.get(value) or self._add(value, strings) for value in values.tolist()]
        counts = np.array([count for count, _ in rows], dtype=np.int64)
        return SpelledText(counts[inverse], np.array([sums for _, sums in rows], dtype=np.float32)[inverse])

    def _add(self, value: int, strings: StringStore) -> tuple[int, np.ndarray]:
        places = parts(strings[value])
        row = self._known[value] = len(places), self._weights[:, places].sum(axis=1)
        return row


class SpelledText:
    """A text's words as numbers of parts and sums of weights (tokens × blocks × labels)."""

    def __init__(self, counts: np.ndarray, sums: np.ndarray) -> None:
        self._pulls = sums[:, :, 2] - sums[:, :, 0]
        self._counts = [0, *np.cumsum(counts).tolist()]
        self._sums = np.concatenate([np.zeros((1, *sums.shape[1:])), np.cumsum(sums, axis=0, dtype=np.float64)])

    def around(self, target: Target) -> tuple[np.ndarray, np.ndarray]:
        """What the spelling says of a mention: logits, and how far every token of `nearby` pulls towards positive."""
        before, start, end, after = target.low, target.start, target.end, target.high
        left, right, own = self._scale(before, start), self._scale(end, after), self._scale(start, end)
        sums = self._sums
        logits = (sums[start, BEFORE] - sums[before, BEFORE]) * left
        logits += (sums[after, AFTER] - sums[end, AFTER]) * right + (sums[end, WITHIN] - sums[start, WITHIN]) * own
        pulls = np.concatenate([self._pulls[before:start, BEFORE] * left, self._pulls[end:after, AFTER] * right])
        return logits, pulls

    def _scale(self, start: int, end: int) -> float:
        return max(1, self._counts[end] - self._counts[start]) ** -0.5
