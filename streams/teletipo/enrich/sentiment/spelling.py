"""How the words beside a mention and in it are spelt: parts of two to five letters, so that unseen forms of a word count too.

The three blocks of weights (before the mention, after it, within it) are added up once for each word form.
"""

from __future__ import annotations

import numpy as np
from spacy.strings import StringStore

from teletipo.enrich.sentiment.target_features import Mentions

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

    def read(self, mentions: Mentions) -> tuple[np.ndarray, np.ndarray]:
        """What the spelling says of every mention: logits, and how far every token of `around` pulls towards positive."""
        values, inverse = np.unique(mentions.columns.lower, return_inverse=True)
        if len(self._known) > _MOST:
            self._known.clear()
        strings = mentions.columns.strings
        rows = [self._known.get(value) or self._add(value, strings) for value in values.tolist()]
        counts = np.array([count for count, _ in rows], dtype=np.int64)[inverse]
        words = np.array([sums for _, sums in rows], dtype=np.float32)[inverse]
        sums = np.concatenate([np.zeros((1, *words.shape[1:])), np.cumsum(words, axis=0, dtype=np.float64)])
        seen = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        before, start, end, after = mentions.low, mentions.start, mentions.end, mentions.high
        left, right, own = (_scales(seen[b] - seen[a]) for a, b in ((before, start), (end, after), (start, end)))
        logits = (sums[start, BEFORE] - sums[before, BEFORE]) * left[:, None]
        behind = (sums[after, AFTER] - sums[end, AFTER]) * right[:, None]
        logits += behind + (sums[end, WITHIN] - sums[start, WITHIN]) * own[:, None]
        pulls = words[:, :, 2] - words[:, :, 0]
        block, scale = np.where(mentions.behind, AFTER, BEFORE), np.stack([left, right]).astype(np.float32)
        return logits, pulls[mentions.around, block] * scale[mentions.behind.astype(np.int64), mentions.of]

    def _add(self, value: int, strings: StringStore) -> tuple[int, np.ndarray]:
        places = parts(strings[value])
        row = self._known[value] = len(places), self._weights[:, places].sum(axis=1)
        return row


def _scales(counts: np.ndarray) -> np.ndarray:
    """One through the square root of so many parts."""
    return np.array([max(1, count) ** -0.5 for count in counts.tolist()])
