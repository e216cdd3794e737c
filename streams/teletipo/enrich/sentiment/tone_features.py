"""The tone of what an article reports, as numbers: masses of each class of tone words, the headline and lead weighing most."""

from __future__ import annotations

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.lexicon import CLASSES, MODAL, NEGATION

LEAD = 60
"""Tokens of the body that count as the lead."""
LONGEST = 1200
"""Tokens looked at; what follows does not change the tone of a news story."""
_HEADLINE_WEIGHT, _REST_WEIGHT = 1.5, 0.05
_FADE = 30
_MASS = 50.0
"""Weights of a long article are scaled to this sum, so that it is rated as its lead alone would be."""
_GROUPS = np.array([0] + [1 if c.startswith("neg") else 2 if c.startswith("pos") else 3 for c in CLASSES])
FEATURES = 2 * len(CLASSES) + 15


def weights(columns: Columns, body: int) -> np.ndarray:
    """Weight of every token: the headline's (before token `body`) are heaviest, then the lead's; the rest fades."""
    size = min(len(columns.lower), LONGEST)
    weight = np.ones(size, dtype=np.float32)
    weight[:body] = _HEADLINE_WEIGHT
    rest = np.arange(max(0, size - body - LEAD), dtype=np.float32)
    weight[size - len(rest) :] = _REST_WEIGHT + (1 - _REST_WEIGHT) * np.exp(-rest / _FADE)
    return weight * min(1.0, _MASS / max(1.0, float(weight.sum())))


def tone_features(columns: Columns, body: int) -> np.ndarray:
    """FEATURES numbers of an article; `body` is the first token of its body."""
    weight = weights(columns, body)
    size = len(weight)
    tone, shifted = columns.tone[:size], columns.shifted[:size]
    straight = np.bincount(tone, weights=weight * ~shifted, minlength=len(CLASSES) + 1)[1:]
    turned = np.bincount(tone, weights=weight * shifted, minlength=len(CLASSES) + 1)[1:]
    values = np.empty(FEATURES, dtype=np.float32)
    values[: len(CLASSES)] = np.log1p(straight)
    values[len(CLASSES) : 2 * len(CLASSES)] = np.log1p(turned)
    sign = columns.sign[:size]
    groups = _GROUPS[tone]
    values[2 * len(CLASSES) :] = (
        *_balance(weight, sign),
        *_balance(weight[:body], sign[:body]),
        *_balance(weight[body : body + LEAD], sign[body : body + LEAD]),
        np.log1p((weight * (groups == 3)).sum()),
        np.log1p((weight * ((columns.bits[:size] & MODAL) > 0)).sum()),
        np.log1p((weight * ((columns.bits[:size] & NEGATION) > 0)).sum()),
    )
    return values


def _balance(weight: np.ndarray, sign: np.ndarray) -> tuple[float, float, float, float]:
    """Masses of bad and good, their balance, and how much of the text has a tone at all."""
    bad, good = float((weight * (sign < 0)).sum()), float((weight * (sign > 0)).sum())
    total = float(weight.sum())
    return float(np.log1p(bad)), float(np.log1p(good)), (good - bad) / (good + bad + 1), (good + bad) / (total + 5) * 3
