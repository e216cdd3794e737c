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
from teletipo.enrich.sentiment.models import LABELS, probabilities
from teletipo.enrich.sentiment.spelling import BITS as SPELLING_BITS
from teletipo.enrich.sentiment.spelling import BLOCKS, WITHIN
from teletipo.enrich.sentiment.target_features import BITS, DENSE

from training.sentiment.data import Labelled

TARGET_C = {"es": 3.0, "en": 1.5}
SPELLING_C = {"es": 4.0, "en": 1.5}
SPELLING_SHARE = {"es": 0.7, "en": 0.5}
"""The factor on the logits of spelling beside those of words and relations."""
NAME_SCALE = 0.5
"""How much the spelling of the mention itself counts: its name says something only where the training names come again."""
TONE_C = 0.1
LEAST_DEVIATION = 0.25
"""A class that the labelled articles hardly have must not decide an article that has it."""
DENSE_SCALE = 0.5
FOLDS, TONE_FOLDS, TONE_REPEATS = 5, 8, 3


@dataclass(slots=True)
class Linear:
    """Weights (features × labels), bias and the factor that calibrates the logits."""

    weights: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    def logits(self, features: Any) -> np.ndarray:
        return np.asarray(features @ self.weights) + self.bias


@dataclass(slots=True)
class Targets:
    """Two linear models, of words and relations and of spelling, whose logits are added: together one linear model."""

    context: Linear
    spelling: Linear
    share: float

    def logits(self, features: Any) -> np.ndarray:
        return self.context.logits(features[:, :CONTEXT]) + self.share * self.spelling.logits(features[:, CONTEXT:])


CONTEXT = (1 << BITS) + DENSE
"""Columns of words and relations; those of spelling follow."""


def fit_targets(data: Labelled, language: str, rows: np.ndarray | None = None) -> Targets:
    """A model of targets; labels weigh the same whatever their number, as macro-F1 counts them."""
    features, labels = (data.features, data.labels) if rows is None else (data.features[rows], data.labels[rows])
    scale = np.concatenate([np.ones(1 << BITS), np.full(DENSE, DENSE_SCALE)])
    context = _fit(features[:, :CONTEXT], labels, scale, TARGET_C[language], 1e-3)
    spelling = _fit(features[:, CONTEXT:], labels, _rarity(features[:, CONTEXT:]), SPELLING_C[language], 2e-4)
    return Targets(context, spelling, SPELLING_SHARE[language])


def _fit(features: csr_matrix, labels: np.ndarray, scale: np.ndarray, strength: float, tolerance: float) -> Linear:
    model = LogisticRegression(C=strength, max_iter=200, tol=tolerance, class_weight="balanced")
    model.fit(features @ diags(scale), labels)
    return Linear(model.coef_.T * scale[:, None], model.intercept_)


def _rarity(features: csr_matrix) -> np.ndarray:
    """A rare part of a word says more than a common one, one that stands in a single example nothing."""
    having = np.asarray((features > 0).sum(axis=0)).ravel()
    scale = (np.log((1 + features.shape[0]) / (1 + having)) + 1) / 3
    scale[having < 2] = 0
    scale[WITHIN << SPELLING_BITS :] *= NAME_SCALE
    assert len(scale) == BLOCKS << SPELLING_BITS
    return np.asarray(scale)


def fit_tone(features: np.ndarray, labels: np.ndarray) -> tuple[Linear, np.ndarray, np.ndarray]:
    """A model of article tone on standardised features, with their means and deviations."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.maximum(scale, LEAST_DEVIATION)
    model = LogisticRegression(C=TONE_C, max_iter=500).fit((features - mean) / scale, labels)
    return Linear(model.coef_.T, model.intercept_), mean, scale


def cross_validate_targets(data: Labelled, language: str) -> np.ndarray:
    """Logits for every example from a model that saw no headline of the same event."""
    logits = np.zeros((len(data.labels), len(LABELS)))
    for train, test in GroupKFold(FOLDS).split(data.labels, groups=data.groups):
        logits[test] = fit_targets(data, language, train).logits(data.features[test])
    return logits


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
