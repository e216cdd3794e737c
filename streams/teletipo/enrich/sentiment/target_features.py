"""What is said of a mention or done to it, as numbers: words by side and distance, the path to its verb, tones and shifts."""

from __future__ import annotations

from dataclasses import dataclass

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
DENSE = 12 + 2 * len(CLASSES)
"""Number of real-valued features."""


@dataclass(frozen=True, slots=True)
class Target:
    """A mention as tokens: `start` to `end` (exclusive), and the token that heads it."""

    start: int
    end: int
    head: int


def target_of(columns: Columns, heads: np.ndarray, start: int, end: int) -> Target:
    """The mention with its head: the first token whose own head lies outside."""
    inside = (heads[start:end] >= start) & (heads[start:end] < end) & (heads[start:end] != np.arange(start, end))
    outer = np.flatnonzero(~inside)
    return Target(start, end, start + int(outer[0]) if len(outer) else start)


def _mix(values: np.ndarray, salt: int) -> np.ndarray:
    mixed = (values + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return mixed >> np.uint64(64 - BITS)


def nearby(columns: Columns, target: Target) -> tuple[np.ndarray, np.ndarray]:
    """The tokens of the sentence around the mention and their distances, negative to the left."""
    low, high = columns.sentence_range(target.head)
    low, high = min(max(low, target.start - WINDOW), target.start), max(min(high, target.end + WINDOW), target.end)
    around = np.concatenate([np.arange(low, target.start), np.arange(target.end, high)])
    return around, np.concatenate([np.arange(low - target.start, 0), np.arange(1, high - target.end + 1)])


def hashed(columns: Columns, heads: np.ndarray, target: Target) -> np.ndarray:
    """Places of the features that are on; the first five kinds stand once for every token of `nearby`, in its order."""
    around, distance = nearby(columns, target)
    bucket = _BUCKETS[np.clip(distance, -WINDOW, WINDOW) + WINDOW]
    side = (distance > 0).astype(np.uint64)
    words, stems = columns.lower[around], columns.stem[around]
    tone = columns.tone[around].astype(np.uint64) * np.uint64(4) + (columns.sign[around] + 1).astype(np.uint64)
    parts = [
        _mix(words, 1),
        _mix(stems, 2),
        _mix(stems + (side << np.uint64(7)), 3),
        _mix(stems + (bucket << np.uint64(9)), 4),
        _mix(tone + (bucket << np.uint64(20)), 5),
        _mix(words[:-1] * np.uint64(31) + words[1:], 6),
        _mix(columns.stem[target.start : target.end], 7),
    ]
    return np.concatenate([*parts, _path(columns, heads, target)]).astype(np.int64)


def _path(columns: Columns, heads: np.ndarray, target: Target) -> np.ndarray:
    """The relation of the mention to its governor, with what else hangs there."""
    own = columns.dep[target.head]
    governor = int(heads[target.head])
    parts = []
    at = governor
    for level in range(2):
        tone = np.uint64(int(columns.tone[at]) * 4 + int(columns.sign[at]) + 1)
        node = np.array([columns.stem[at], tone], dtype=np.uint64)
        parts.append(_mix(node * np.uint64(7) + own, 20 + level))
        at = int(heads[at])
    for level, parent in ((0, governor), (1, target.head)):
        low = max(0, parent - WINDOW)
        children = low + np.flatnonzero(heads[low : parent + WINDOW] == parent)[:_CHILDREN]
        children = children[(children < target.start) | (children >= target.end)]
        relation = columns.dep[children] * np.uint64(3) + own
        tones = columns.tone[children].astype(np.uint64) * np.uint64(4) + (columns.sign[children] + 1).astype(np.uint64)
        parts += [_mix(columns.stem[children] + relation, 30 + level), _mix(tones + relation, 40 + level)]
    return np.concatenate(parts)


def dense(columns: Columns, heads: np.ndarray, target: Target) -> np.ndarray:
    """Sums of tones near and far, of the governor and of what hangs beside the mention; negation, modality, place."""
    low, high = columns.sentence_range(target.head)
    low, high = min(max(low, target.start - WINDOW), target.start), max(min(high, target.end + WINDOW), target.end)
    left, right = columns.sign[low : target.start].astype(np.float32), columns.sign[target.end : high].astype(np.float32)
    near_left = 1.0 / np.arange(len(left), 0, -1, dtype=np.float32)
    near_right = 1.0 / np.arange(1, len(right) + 1, dtype=np.float32)
    governor = int(heads[target.head])
    grand = int(heads[governor])
    bits = columns.bits[low:high]
    counts = np.zeros((2, len(CLASSES) + 1), dtype=np.float32)
    counts[0] = np.bincount(columns.tone[low : target.start], minlength=len(CLASSES) + 1)
    counts[1] = np.bincount(columns.tone[target.end : high], minlength=len(CLASSES) + 1)
    values = np.empty(DENSE, dtype=np.float32)
    values[:12] = (
        np.tanh(left.sum() / 2),
        np.tanh(right.sum() / 2),
        (left * near_left).sum(),
        (right * near_right).sum(),
        columns.sign[governor],
        columns.sign[grand],
        ((bits & NEGATION) > 0).any(),
        ((bits & MODAL) > 0).any(),
        min(1.0, (target.start - low) / 20),
        min(1.0, (high - low) / 40),
        (left < 0).sum() / (1 + len(left)) * 4,
        (right < 0).sum() / (1 + len(right)) * 4,
    )
    values[12:] = np.minimum(counts[:, 1:], 2).ravel() / 2
    return values
