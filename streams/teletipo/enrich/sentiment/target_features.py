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
_SALT = [np.uint64(0xD1B54A32D192ED03 * n % 2**64) for n in range(16)]
_NEAR = 1.0 / np.arange(1, WINDOW + 2, dtype=np.float32)
DENSE = 12 + 2 * len(CLASSES)
"""Number of real-valued features."""


@dataclass(frozen=True, slots=True)
class Target:
    """A mention as tokens: `start` to `end` (exclusive), the token that heads it, and the part of its sentence looked at."""

    start: int
    end: int
    head: int
    low: int
    high: int


def target_of(columns: Columns, heads: np.ndarray, start: int, end: int) -> Target:
    """The mention with its head: the first token whose own head lies outside."""
    head = start
    for i, parent in zip(range(start, end), heads[start:end].tolist(), strict=True):
        if not start <= parent < end or parent == i:
            head = i
            break
    low, high = columns.sentence_range(head)
    return Target(start, end, head, min(max(low, start - WINDOW), start), max(min(high, end + WINDOW), end))


def _mix(values: np.ndarray) -> np.ndarray:
    mixed = values * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def nearby(target: Target) -> np.ndarray:
    """The tokens of the sentence around the mention."""
    return np.concatenate([np.arange(target.low, target.start), np.arange(target.end, target.high)])


def hashed(columns: Columns, heads: np.ndarray, target: Target) -> np.ndarray:
    """Places of the features that are on; the first five kinds stand once for every token of `nearby`, in its order."""
    around = nearby(target)
    left, right = target.start - target.low, target.high - target.end
    bucket = np.concatenate([_BUCKETS[WINDOW - left : WINDOW], _BUCKETS[WINDOW + 1 : WINDOW + 1 + right]])
    words, stems, tones = columns.lower[around], columns.stem[around], columns.tones[around]
    side = bucket >> np.uint64(3)
    parts = [
        words + _SALT[1],
        stems + _SALT[2],
        stems + (side << np.uint64(7)) + _SALT[3],
        stems + (bucket << np.uint64(9)) + _SALT[4],
        tones + (bucket << np.uint64(20)) + _SALT[5],
        words[:-1] * np.uint64(31) + words[1:] + _SALT[6],
        columns.stem[target.start : target.end] + _SALT[7],
        *_path(columns, heads, target),
    ]
    return _mix(np.concatenate(parts))


def _path(columns: Columns, heads: np.ndarray, target: Target) -> list[np.ndarray]:
    """The relation of the mention to its governor, with what else hangs there."""
    own = columns.dep[target.head]
    governor = int(heads[target.head])
    parts = []
    at = governor
    for level in range(2):
        parts.append(columns.stem[at : at + 1] * np.uint64(7) + own + _SALT[8 + level])
        parts.append(columns.tones[at : at + 1] * np.uint64(7) + own + _SALT[10 + level])
        at = int(heads[at])
    for level, parent in ((0, governor), (1, target.head)):
        low = max(0, parent - WINDOW)
        children = low + np.flatnonzero(heads[low : parent + WINDOW] == parent)[:_CHILDREN]
        children = children[(children < target.start) | (children >= target.end)]
        relation = columns.dep[children] * np.uint64(3) + own
        parts += [columns.stem[children] + relation + _SALT[12 + level], columns.tones[children] + relation + _SALT[14 + level]]
    return parts


def dense(columns: Columns, heads: np.ndarray, target: Target) -> np.ndarray:
    """Sums of tones near and far, of the governor and of what hangs beside the mention; negation, modality, place."""
    low, high = target.low, target.high
    left, right = columns.real_sign[low : target.start], columns.real_sign[target.end : high]
    governor = int(heads[target.head])
    bits = np.bitwise_or.reduce(columns.bits[low:high])
    values = np.empty(DENSE, dtype=np.float32)
    values[:12] = (
        np.tanh(left.sum() / 2),
        np.tanh(right.sum() / 2),
        left @ _NEAR[: len(left)][::-1],
        right @ _NEAR[: len(right)],
        columns.sign[governor],
        columns.sign[heads[governor]],
        (bits & NEGATION) > 0,
        (bits & MODAL) > 0,
        min(1.0, (target.start - low) / 20),
        min(1.0, (high - low) / 40),
        np.count_nonzero(left < 0) / (1 + len(left)) * 4,
        np.count_nonzero(right < 0) / (1 + len(right)) * 4,
    )
    size = len(CLASSES) + 1
    values[12 : 12 + size - 1] = np.bincount(columns.tone[low : target.start], minlength=size)[1:]
    values[12 + size - 1 :] = np.bincount(columns.tone[target.end : high], minlength=size)[1:]
    values[12:] = np.minimum(values[12:], 2) / 2
    return values
