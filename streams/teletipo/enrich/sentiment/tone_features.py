"""The tone of what an article reports, as numbers: masses of each class of tone words, the headline and lead weighing most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.lexicon import CLASSES, MODAL, NEGATION
from teletipo.enrich.sentiment.target_features import sums
from teletipo.records import Event

LEAD = 60
"""Tokens of the body that count as the lead."""
LONGEST = 1200
"""Tokens looked at; what follows does not change the tone of a news story."""
_HEADLINE_WEIGHT, _REST_WEIGHT = 1.5, 0.05
_FADE = 30
_MASS = 50.0
"""Weights of a long article are scaled to this sum, so that it is rated as its lead alone would be."""
_GROUPS = np.array([0] + [1 if c.startswith("neg") else 2 if c.startswith("pos") else 3 for c in CLASSES])
_TONES = len(CLASSES) + 1
_EVENTS = 3
FEATURES = 2 * len(CLASSES) + 15 + _EVENTS
BALANCE = 2 * len(CLASSES) + 2
"""The feature that a lexicon alone would go by: good less bad, by what there is of both."""


class Weights:
    """Weight of every token: the headlines' (before tokens `bodies`) are heaviest, then the leads'; the rest fades."""

    def __init__(self, columns: Columns, bodies: np.ndarray) -> None:
        here = np.arange(len(columns.form)) - columns.first[columns.doc]
        behind = here - (bodies - columns.first)[columns.doc]
        rest = behind - LEAD
        weight = np.where(rest < 0, 1.0, _REST_WEIGHT + (1 - _REST_WEIGHT) * np.exp(-np.maximum(rest, 0) / _FADE))
        weight[behind < 0] = _HEADLINE_WEIGHT
        weight[(here >= LONGEST) | (here == columns.sizes[columns.doc])] = 0
        mass = np.bincount(columns.doc, weights=weight)
        self.of_tokens = weight * np.minimum(1.0, _MASS / np.maximum(1.0, mass))[columns.doc]
        self.headline = behind < 0
        self.lead = ~self.headline & (rest < 0)


def tone_features(columns: Columns, weights: Weights, events: Sequence[Sequence[Event]]) -> np.ndarray:
    """FEATURES numbers for each doc."""
    weight, doc, docs = weights.of_tokens, columns.doc, len(columns.sizes)
    toned = np.flatnonzero(columns.tone)
    kind = doc * 2 * _TONES + columns.shifted * _TONES + columns.tone
    classes = np.bincount(kind[toned], weights=weight[toned], minlength=docs * 2 * _TONES).reshape(docs, 2, _TONES)[:, :, 1:]
    telling = np.stack([_GROUPS[columns.tone] == 3, (columns.bits & MODAL) > 0, (columns.bits & NEGATION) > 0], axis=1)
    parts = [
        np.log1p(classes.reshape(docs, -1)),
        _balance(columns, weight),
        _balance(columns, weight * weights.headline),
        _balance(columns, weight * weights.lead),
        np.log1p(sums(doc, weight[:, None] * telling, docs)),
        _acts(columns, weight, events),
    ]
    return np.concatenate(parts, axis=1)


def _balance(columns: Columns, weight: np.ndarray) -> np.ndarray:
    """Masses of bad and good, their balance, and how much of the text has a tone at all."""
    docs = len(columns.sizes)
    bad, good, total = (
        np.bincount(columns.doc, weights=weight * part, minlength=docs) for part in (columns.sign < 0, columns.sign > 0, 1)
    )
    return np.stack([np.log1p(bad), np.log1p(good), (good - bad) / (good + bad + 1), (good + bad) / (total + 5) * 3], axis=1)


def _acts(columns: Columns, weight: np.ndarray, events: Sequence[Sequence[Event]]) -> np.ndarray:
    """Masses of bad and good events by Goldstein's scale, each weighing as much as its trigger, and their balance."""
    found = np.zeros((len(events), _EVENTS))
    rows = [(doc, event.trigger.start, event.goldstein / 10) for doc, own in enumerate(events) for event in own]
    if rows:
        docs, chars, scale = (np.array(column) for column in zip(*rows, strict=True))
        scale = scale * weight[columns.token_at(docs, chars, side="right") - 1]
        bad, good = (
            np.bincount(docs, weights=part, minlength=len(events)) for part in (np.maximum(0, -scale), np.maximum(0, scale))
        )
        found = np.stack([np.log1p(bad), np.log1p(good), (good - bad) / (good + bad + 0.3)], axis=1)
    return found
