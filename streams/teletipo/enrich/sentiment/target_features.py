"""What is said of a mention or done to it, as numbers: words by side and distance, the path to its verb, tones, shifts, events.

Every feature of a word beside the mention depends on the word's form and its `bucket` (side and distance) alone, so that a
model adds its weights up once for each form (`forms.py`); what hangs on more than one word is computed here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import get_args

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.lexicon import CLASSES, MODAL, NEGATION
from teletipo.records import Event
from teletipo.records.event import EventType

BITS = 16
"""The space of hashed features has 2 ** BITS places."""
WINDOW = 40
"""Tokens of the sentence looked at on either side of the mention."""
BUCKETS = 16
"""Numbers of buckets: 1 to 6 after the mention, 9 to 14 before it, farther ones higher."""
_BUCKET = np.zeros(2 * WINDOW + 1, dtype=np.int64)
for _d in range(-WINDOW, WINDOW + 1):
    _size = min(6, abs(_d) if abs(_d) < 3 else 2 + int(np.log2(abs(_d))))
    _BUCKET[_d + WINDOW] = _size if _d > 0 else 8 + _size
_CHILDREN = 12
_SALT = np.array([0xD1B54A32D192ED03 * n % 2**64 for n in range(16)], dtype=np.uint64)
DENSE = 12 + 2 * len(CLASSES)
"""Number of real-valued features."""
_TONES = len(CLASSES) + 1
TONES = 4 * _TONES
"""Numbers of `Columns.tones`."""
ROLES = ("actor", "recipient", "claimer", "bystander")
_TYPES = get_args(EventType)
_PER_ROLE = 2 + 4 + len(_TYPES)
ACTS = len(ROLES) * _PER_ROLE
"""Number of features of coded events: for each role good and bad by Goldstein's scale, quad classes, types."""


class Mentions:
    """Mentions in the docs of a unit, a row each: tokens `start` to `end` (exclusive), the token that heads it, `low` to `high`,
    the part of its sentence looked at. `around` are the tokens of that part beside each mention, one mention after the other,
    `of` the mentions that they belong to, `distance` how far off they are, `behind` which come after the mention.
    """

    def __init__(self, columns: Columns, starts: np.ndarray, ends: np.ndarray) -> None:
        self.columns, self.start, self.end = columns, starts, ends
        self.named_of, place = spread(ends - starts)
        self.named = starts[self.named_of] + place
        self.head = self._heads()
        first, last = columns.sentences_of(self.head)
        self.low = np.minimum(np.maximum(first, starts - WINDOW), starts)
        self.high = np.maximum(np.minimum(last, ends + WINDOW), ends)
        self.left, self.right = starts - self.low, self.high - ends
        self.of, place = spread(self.left + self.right)
        before = self.left[self.of]
        self.behind = place >= before
        self.around = np.where(self.behind, (ends - self.left)[self.of], self.low[self.of]) + place
        signed = place - before + self.behind
        self.distance = np.abs(signed)
        self.bucket = _BUCKET[signed + WINDOW]
        self._order = np.argsort(columns.heads, kind="stable")
        self._parents = columns.heads[self._order]

    def __len__(self) -> int:
        return len(self.start)

    def _heads(self) -> np.ndarray:
        """The first token of each mention whose own head lies outside."""
        if not len(self.start):
            return self.start
        parents = self.columns.heads[self.named]
        outside = (parents < self.start[self.named_of]) | (parents >= self.end[self.named_of]) | (parents == self.named)
        candidates = np.where(outside, self.named, len(self.columns.heads))
        found = np.minimum.reduceat(candidates, np.cumsum(self.end - self.start) - (self.end - self.start))
        return np.where(found < len(self.columns.heads), found, self.start)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Values of the tokens `around` added up for each mention, one after the other whatever else is in the unit."""
        return sums(self.of, values, len(self))

    def children(self, level: int) -> tuple[np.ndarray, np.ndarray]:
        """What else hangs on the governor of each mention (level 0) or on the mention's head (1): tokens, mentions."""
        heads = self.columns.heads
        parent = self.head if level else heads[self.head]
        first = np.searchsorted(self._parents, parent)
        of, place = spread(np.searchsorted(self._parents, parent, side="right") - first)
        token = self._order[first[of] + place]
        near = (token >= (parent - WINDOW)[of]) & (token < (parent + WINDOW)[of]) & (token != parent[of])
        near &= (token < self.start[of]) | (token >= self.end[of])
        token, of = token[near], of[near]
        _, place = spread(np.bincount(of, minlength=len(self)))
        return token[place < _CHILDREN], of[place < _CHILDREN]


def spread(sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For rows of these sizes laid one behind the other: the row of each item and its place in the row."""
    of = np.repeat(np.arange(len(sizes)), sizes)
    return of, np.arange(len(of)) - (np.cumsum(sizes) - sizes)[of]


def sums(of: np.ndarray, values: np.ndarray, rows: int) -> np.ndarray:
    """Rows of values added up by the row that each belongs to, in their order."""
    if values.ndim == 1:
        return np.bincount(of, weights=values, minlength=rows)
    width = values.shape[1]
    places = (of[:, None] * width + np.arange(width)).ravel()
    return np.bincount(places, weights=values.ravel(), minlength=rows * width).reshape(rows, width)


def _mix(values: np.ndarray) -> np.ndarray:
    mixed = values * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def form_places(words: np.ndarray, stems: np.ndarray) -> np.ndarray:
    """Hashed features of words beside a mention: forms × buckets × 4 (word, stem, stem and side, stem and bucket)."""
    bucket = np.arange(BUCKETS, dtype=np.uint64)[None, :]
    side = bucket >> np.uint64(3)
    words, stems = words[:, None], stems[:, None]
    still = np.zeros_like(bucket)
    values = (
        words + _SALT[1] + still,
        stems + _SALT[2] + still,
        stems + (side << np.uint64(7)) + _SALT[3],
        stems + (bucket << np.uint64(9)) + _SALT[4],
    )
    return _mix(np.stack(values, axis=-1))


def tone_places() -> np.ndarray:
    """Hashed features of tones beside a mention: tones × buckets."""
    tones, bucket = np.arange(TONES, dtype=np.uint64)[:, None], np.arange(BUCKETS, dtype=np.uint64)[None, :]
    return _mix(tones + (bucket << np.uint64(20)) + _SALT[5])


PER_TOKEN = 5
"""Hashed features of each token beside a mention: those of `form_places` and of `tone_places`."""


def relations(mentions: Mentions) -> tuple[np.ndarray, np.ndarray]:
    """Places of the hashed features of more than one word: neighbours, the words of the mention itself, the relation to its
    governor and to that one's, what else hangs there. The mention of each."""
    columns, heads, of = mentions.columns, mentions.columns.heads, mentions.of
    every = np.arange(len(mentions))
    pairs = np.flatnonzero(of[:-1] == of[1:])
    words = columns.lower[mentions.around]
    own = columns.dep[mentions.head]
    tones = columns.tones.astype(np.uint64)
    parts = [words[pairs] * np.uint64(31) + words[pairs + 1] + _SALT[6], columns.stem[mentions.named] + _SALT[7]]
    whose = [of[pairs], mentions.named_of]
    at = heads[mentions.head]
    for level in range(2):
        parts += [columns.stem[at] * np.uint64(7) + own + _SALT[8 + level], tones[at] * np.uint64(7) + own + _SALT[10 + level]]
        token, parent = mentions.children(level)
        relation = columns.dep[token] * np.uint64(3) + own[parent]
        parts += [columns.stem[token] + relation + _SALT[12 + level], tones[token] + relation + _SALT[14 + level]]
        whose += [every, every, parent, parent]
        at = heads[at]
    return _mix(np.concatenate(parts)), np.concatenate(whose)


def dense(mentions: Mentions) -> np.ndarray:
    """Sums of tones near and far, of the governor and of what hangs beside the mention; negation, modality, place."""
    columns, size = mentions.columns, len(mentions)
    side = mentions.of * 2 + mentions.behind
    sign = columns.sign[mentions.around].astype(np.float64)
    values = np.empty((size, DENSE), dtype=np.float64)
    values[:, 0:2] = np.tanh(np.bincount(side, weights=sign, minlength=2 * size).reshape(size, 2) / 2)
    values[:, 2:4] = np.bincount(side, weights=sign / mentions.distance, minlength=2 * size).reshape(size, 2)
    governor = columns.heads[mentions.head]
    values[:, 4] = columns.sign[governor]
    values[:, 5] = columns.sign[columns.heads[governor]]
    bits = columns.bits[np.concatenate([mentions.around, mentions.named])]
    whose = np.concatenate([mentions.of, mentions.named_of])
    for column, bit in ((6, NEGATION), (7, MODAL)):
        values[:, column] = np.bincount(whose[(bits & bit) > 0], minlength=size) > 0
    values[:, 8] = np.minimum(1.0, mentions.left / 20)
    values[:, 9] = np.minimum(1.0, (mentions.high - mentions.low) / 40)
    bad = np.bincount(side[sign < 0], minlength=2 * size).reshape(size, 2)
    values[:, 10:12] = bad / (1 + np.stack([mentions.left, mentions.right], axis=1)) * 4
    classes = np.bincount(side * _TONES + columns.tone[mentions.around], minlength=2 * size * _TONES)
    values[:, 12:] = np.minimum(classes.reshape(size, 2, _TONES)[:, :, 1:].reshape(size, -1), 2) / 2
    return values


def acts(mentions: Mentions, entities: Sequence[str | None], events: Sequence[Sequence[Event]]) -> np.ndarray:
    """What the coded events of each mention's sentence do to it: ACTS numbers a mention.

    `entities` are the ids of the mentioned things, `events` those of each doc. A mention is a participant where their spans
    overlap or the participant is of the same entity; else it stands by.
    """
    values = np.zeros((len(mentions), ACTS))
    columns = mentions.columns
    docs = columns.doc[mentions.start]
    if not any(events[doc] for doc in np.unique(docs).tolist()):
        return values
    of_sentence = [_by_sentence(own) for own in events]
    first, last = columns.chars[mentions.start].tolist(), columns.ends[mentions.end - 1].tolist()
    for row, (doc, start, end, entity) in enumerate(zip(docs.tolist(), first, last, entities, strict=True)):
        bounds, found = of_sentence[doc]
        at = bisect_right(bounds, start) - 1
        for event in found[at] if at >= 0 else ():
            if start < event.sentence.end:
                _add_act(values[row], event, start, end, entity)
    return values


def _by_sentence(events: Sequence[Event]) -> tuple[list[int], list[list[Event]]]:
    """Where the sentences with events begin, in their order, and the events of each."""
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        found[event.sentence.start].append(event)
    starts = sorted(found)
    return starts, [found[start] for start in starts]


def _add_act(row: np.ndarray, event: Event, start: int, end: int, entity: str | None) -> None:
    parts = (event.actors, event.recipients, [event.claimed_by] if event.claimed_by else [])
    role = len(parts)
    for number, part in enumerate(parts):
        if any((p.start < end and start < p.end) or (entity is not None and p.entity == entity) for p in part):
            role = number
            break
    at = role * _PER_ROLE
    row[at] += max(0.0, event.goldstein) / 5
    row[at + 1] += max(0.0, -event.goldstein) / 5
    row[at + 1 + event.quad_class] = 1
    row[at + 6 + _TYPES.index(event.type)] = 1
