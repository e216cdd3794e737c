"""What is said of a mention or done to it, as numbers: words by side and distance, the path to its verb, tones and shifts.

All mentions of a text are read together, for the work on one is a few dozen array operations whose cost is in the calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.lexicon import CLASSES, MODAL, NEGATION

BITS = 16
"""The feature space has 2 ** BITS places."""
WINDOW = 40
"""Tokens of the sentence looked at on either side of the mention."""
_BUCKETS = np.zeros(2 * WINDOW + 1, dtype=np.uint64)
for _d in range(-WINDOW, WINDOW + 1):
    _size = min(6, abs(_d) if abs(_d) < 3 else 2 + int(np.log2(abs(_d))))
    _BUCKETS[_d + WINDOW] = _size if _d > 0 else 8 + _size
_CHILDREN = 12
_SALT = [np.uint64(0xD1B54A32D192ED03 * n % 2**64) for n in range(16)]
_NEAR = 1.0 / np.arange(1, WINDOW + 2, dtype=np.float32)
DENSE = 12 + 2 * len(CLASSES)
"""Number of real-valued features."""


class Mentions:
    """Mentions of one text, a row each: tokens `start` to `end` (exclusive), the token that heads it, `low` to `high`, the part
    of its sentence looked at. `around` are the tokens of that part beside each mention, one mention after the other, and `of`
    the mentions that they belong to.
    """

    def __init__(self, columns: Columns, heads: np.ndarray, starts: Sequence[int], ends: Sequence[int]) -> None:
        self.columns, self.heads = columns, heads
        self.start, self.end = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
        parents = heads.tolist()
        self.head = np.array([_head(parents, *span) for span in zip(starts, ends, strict=True)], dtype=np.int64)
        first, last = columns.sentences_of(self.head)
        self.low = np.minimum(np.maximum(first, self.start - WINDOW), self.start)
        self.high = np.maximum(np.minimum(last, self.end + WINDOW), self.end)
        left = self.start - self.low
        self.size = left + self.high - self.end
        self.of, place = _spread(self.size)
        self.behind = place >= left[self.of]
        self.around = np.where(self.behind, (self.end - left)[self.of], self.low[self.of]) + place
        self.bucket = _BUCKETS[np.where(self.behind, WINDOW + 1, WINDOW) - left[self.of] + place]
        self._below: dict[int, list[int]] = defaultdict(list)
        for token, parent in enumerate(parents):
            self._below[parent].append(token)

    def __len__(self) -> int:
        return len(self.start)

    def children(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What else hangs on the governor of each mention (level 0) and on its head (1): tokens, levels, mentions."""
        tokens: list[int] = []
        levels: list[int] = []
        of: list[int] = []
        rows = zip(self.start.tolist(), self.end.tolist(), self.heads[self.head].tolist(), self.head.tolist(), strict=True)
        for number, (start, end, *parents) in enumerate(rows):
            for level, parent in enumerate(parents):
                near = [c for c in self._below[parent] if parent - WINDOW <= c < parent + WINDOW][:_CHILDREN]
                found = [c for c in near if not start <= c < end]
                tokens += found
                levels += [level] * len(found)
                of += [number] * len(found)
        return np.array(tokens, dtype=np.int64), np.array(levels, dtype=np.int64), np.array(of, dtype=np.int64)


def _head(parents: list[int], start: int, end: int) -> int:
    """The first token of a mention whose own head lies outside."""
    for i in range(start, min(end, len(parents))):
        if not start <= parents[i] < end or parents[i] == i:
            return i
    return start


def _spread(sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For rows of these sizes laid one behind the other: the row of each item and its place in the row."""
    of = np.repeat(np.arange(len(sizes)), sizes)
    return of, np.arange(len(of)) - (np.cumsum(sizes) - sizes)[of]


def _mix(values: np.ndarray) -> np.ndarray:
    mixed = values * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def hashed(mentions: Mentions) -> tuple[np.ndarray, np.ndarray]:
    """Places of the features that are on, and the mention of each; the first five kinds stand once for every token of `around`,
    in its order."""
    columns, of, bucket = mentions.columns, mentions.of, mentions.bucket
    words, stems, tones = (column[mentions.around] for column in (columns.lower, columns.stem, columns.tones))
    side = bucket >> np.uint64(3)
    pairs = np.flatnonzero(of[:-1] == of[1:])
    named, place = _spread(mentions.end - mentions.start)
    values = [
        words + _SALT[1],
        stems + _SALT[2],
        stems + (side << np.uint64(7)) + _SALT[3],
        stems + (bucket << np.uint64(9)) + _SALT[4],
        tones + (bucket << np.uint64(20)) + _SALT[5],
        words[pairs] * np.uint64(31) + words[pairs + 1] + _SALT[6],
        columns.stem[mentions.start[named] + place] + _SALT[7],
    ]
    path, on_path = _path(mentions)
    return _mix(np.concatenate([*values, *path])), np.concatenate([of, of, of, of, of, of[pairs], named, *on_path])


def _path(mentions: Mentions) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The relation of each mention to its governor, with what else hangs there."""
    columns, heads = mentions.columns, mentions.heads
    every = np.arange(len(mentions))
    own = columns.dep[mentions.head]
    at = heads[mentions.head]
    parts = []
    for level in range(2):
        parts.append(columns.stem[at] * np.uint64(7) + own + _SALT[8 + level])
        parts.append(columns.tones[at] * np.uint64(7) + own + _SALT[10 + level])
        at = heads[at]
    tokens, levels, of = mentions.children()
    relation = columns.dep[tokens] * np.uint64(3) + own[of]
    salts = np.array(_SALT)
    parts += [columns.stem[tokens] + relation + salts[12 + levels], columns.tones[tokens] + relation + salts[14 + levels]]
    return parts, [every, every, every, every, of, of]


def dense(mentions: Mentions) -> np.ndarray:
    """Sums of tones near and far, of the governor and of what hangs beside the mention; negation, modality, place."""
    columns, start, end, low, high = mentions.columns, mentions.start, mentions.end, mentions.low, mentions.high
    real = columns.real_sign
    governor = mentions.heads[mentions.head]
    left, right = start - low, high - end
    values = np.empty((len(mentions), DENSE), dtype=np.float32)
    tone = _running(columns.sign)
    values[:, 0] = np.tanh((tone[start] - tone[low]).astype(np.float32) / 2)
    values[:, 1] = np.tanh((tone[high] - tone[end]).astype(np.float32) / 2)
    spans = zip(low.tolist(), start.tolist(), end.tolist(), high.tolist(), strict=True)
    for row, (a, b, c, d) in zip(values, spans, strict=True):
        row[2] = real[a:b] @ _NEAR[: b - a][::-1]
        row[3] = real[c:d] @ _NEAR[: d - c]
    values[:, 4] = columns.sign[governor]
    values[:, 5] = columns.sign[mentions.heads[governor]]
    for column, bit in ((6, NEGATION), (7, MODAL)):
        seen = _running((columns.bits & bit) > 0)
        values[:, column] = seen[high] > seen[low]
    values[:, 8] = np.minimum(1.0, left / 20)
    values[:, 9] = np.minimum(1.0, (high - low) / 40)
    bad = _running(columns.sign < 0)
    values[:, 10] = (bad[start] - bad[low]) / (1 + left) * 4
    values[:, 11] = (bad[high] - bad[end]) / (1 + right) * 4
    classes = _running(columns.tone[:, None] == np.arange(1, len(CLASSES) + 1))
    values[:, 12 : 12 + len(CLASSES)] = classes[start] - classes[low]
    values[:, 12 + len(CLASSES) :] = classes[high] - classes[end]
    values[:, 12:] = np.minimum(values[:, 12:], 2) / 2
    return values


def _running(column: np.ndarray) -> np.ndarray:
    """Sums of a column up to each token, so that those of a stretch are one difference."""
    sums = np.zeros((len(column) + 1, *column.shape[1:]), dtype=np.int64)
    np.cumsum(column, axis=0, out=sums[1:])
    return sums
