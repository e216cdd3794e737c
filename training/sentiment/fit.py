"""Fitting, cross-validation, calibration. Linear models only; scikit-learn is needed here and not at run time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold
from teletipo.enrich.sentiment import spelling
from teletipo.enrich.sentiment.models import LABELS, probabilities

from training.sentiment.data import ACTS, DENSE, HASHED, SPELLED, VECTORS, Labelled

TONE_C = 0.1
LEAST_DEVIATION = 0.25
"""A class that the labelled articles hardly have must not decide an article that has it."""
_SIDE_SCALE, _NAME_SCALE = 0.7, 0.5
"""How much the spelling beside the mention counts, and that of the mention itself: its name says something only where the
training names come again."""
_DENSE_SCALE, _ACTS_SCALE, _VECTOR_SCALE = 0.5, 0.3, 0.3
FOLDS, SHUFFLES, TONE_FOLDS, TONE_REPEATS = 5, 5, 8, 3


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the models of targets whose logits are added: its blocks, how freely it fits (C), what it counts for."""

    blocks: tuple[slice, ...]
    strength: dict[str, float]
    share: dict[str, float]


_PARTS = (
    _Part((HASHED, DENSE), {"es": 3.0, "en": 1.5}, {"es": 1.0, "en": 1.0}),
    _Part((SPELLED,), {"es": 2.0, "en": 1.0}, {"es": 1.0, "en": 0.7}),
    _Part((DENSE, ACTS, VECTORS), {"es": 0.3, "en": 0.3}, {"es": 0.8, "en": 1.0}),
)
"""Words and relations; spelling; the company that words keep, with tones and events. Each errs elsewhere: together they are
better than one model of everything, and their sum is one linear model again."""


@dataclass(slots=True)
class Linear:
    """Weights (features × labels) and bias."""

    weights: np.ndarray
    bias: np.ndarray

    def logits(self, features: Any) -> np.ndarray:
        return np.asarray(features @ self.weights) + self.bias


def fit_targets(data: Labelled, language: str, rows: np.ndarray | None = None) -> Linear:
    """A model of targets; labels weigh the same whatever their number, as macro-F1 counts them."""
    features, labels = (data.features, data.labels) if rows is None else (data.features[rows], data.labels[rows])
    scale = _scale(features)
    found = Linear(np.zeros((features.shape[1], len(LABELS))), np.zeros(len(LABELS)))
    for part in _PARTS:
        wanted = np.zeros(features.shape[1], dtype=bool)
        for block in part.blocks:
            wanted[block] = True
        columns = np.flatnonzero(wanted & (scale > 0))
        model = LogisticRegression(C=part.strength[language], max_iter=200, tol=2e-3, class_weight="balanced")
        model.fit(features[:, columns] @ diags(scale[columns]), labels)
        found.weights[columns] += part.share[language] * model.coef_.T * scale[columns, None]
        found.bias += part.share[language] * model.intercept_
    return found


def _scale(features: csr_matrix) -> np.ndarray:
    """How much each feature counts; 0 for those that no example has. A rare part of a word says more than a common one, one
    that stands in a single example nothing."""
    having = np.asarray((features != 0).sum(axis=0)).ravel()
    scale = (having > 0).astype(np.float64)
    scale[DENSE] *= _DENSE_SCALE
    scale[ACTS] *= _ACTS_SCALE
    scale[VECTORS] *= _VECTOR_SCALE
    rarity = (np.log((1 + features.shape[0]) / (1 + having[SPELLED])) + 1) / 3
    rarity[having[SPELLED] < 2] = 0
    rarity[: spelling.WITHIN << spelling.BITS] *= _SIDE_SCALE
    rarity[spelling.WITHIN << spelling.BITS :] *= _NAME_SCALE
    scale[SPELLED] = rarity
    return scale


def fit_tone(features: np.ndarray, labels: np.ndarray) -> tuple[Linear, np.ndarray, np.ndarray]:
    """A model of article tone on standardised features, with their means and deviations."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.maximum(scale, LEAST_DEVIATION)
    model = LogisticRegression(C=TONE_C, max_iter=500).fit((features - mean) / scale, labels)
    return Linear(model.coef_.T, model.intercept_), mean, scale


def cross_validate_targets(data: Labelled, language: str) -> list[np.ndarray]:
    """Logits for every example from a model that saw no headline of the same event, by several cuts."""
    found = []
    for seed in range(SHUFFLES):
        logits = np.zeros((len(data.labels), len(LABELS)))
        for train, test in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(data.labels, groups=data.groups):
            logits[test] = fit_targets(data, language, train).logits(data.features[test])
        found.append(logits)
    return found


def cross_validate_tone(data: Labelled) -> np.ndarray:
    """Logits for every article from models that saw neither it nor a longer one of it, averaged over several cuts."""
    logits = np.zeros((len(data.labels), len(LABELS)))
    for seed in range(TONE_REPEATS):
        folds = StratifiedGroupKFold(TONE_FOLDS, shuffle=True, random_state=seed)
        for train, test in folds.split(data.labels, data.labels, data.groups):
            model, mean, scale = fit_tone(data.features[train], data.labels[train])
            logits[test] += model.logits((data.features[test] - mean) / scale) / TONE_REPEATS
    return logits


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The factor on the logits that makes the labels most likely."""

    def loss(log_factor: float) -> float:
        shares = probabilities(logits * np.exp(log_factor))
        return float(-np.log(shares[np.arange(len(labels)), labels] + 1e-9).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def macro_f1(labels: np.ndarray, predicted: np.ndarray) -> float:
    return float(f1_score(labels, predicted, average="macro"))


def calibration_error(shares: np.ndarray, labels: np.ndarray, bins: int = 5) -> float:
    """Mean distance of confidence and accuracy over bins of equal mass."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    parts = np.array_split(np.argsort(sure), bins)
    return float(sum(len(part) / len(labels) * abs(sure[part].mean() - right[part].mean()) for part in parts))


def brier(shares: np.ndarray, labels: np.ndarray) -> float:
    """Squared distance of the three probabilities from what is true, added up."""
    return float(((shares - np.eye(len(LABELS))[labels]) ** 2).sum(axis=1).mean())
