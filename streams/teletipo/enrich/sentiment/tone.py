"""The tone of an article: a small linear model over classes of tone words and over the events coded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.lexicon import CLASSES
from teletipo.enrich.sentiment.models import evidence, load_weights, probabilities, rounded, sentiment_of, strongest_rows
from teletipo.enrich.sentiment.tone_features import Weights, tone_features
from teletipo.records import Event, Sentiment


class ToneModel:
    """Probabilities of an article's tone. One model for all languages: it sees classes and events, not words."""

    def __init__(self) -> None:
        self._weights = load_weights("tone")

    def __call__(
        self, texts: Sequence[str], columns: Columns, bodies: np.ndarray, events: Sequence[Sequence[Event]]
    ) -> list[Sentiment]:
        """The tone of each text; `bodies` are the first tokens of the bodies."""
        model = self._weights
        weights = Weights(columns, bodies)
        scaled = (tone_features(columns, weights, events) - model["mean"]) / model["scale"]
        logits = (scaled[:, :, None] * model["coef"][None]).sum(axis=1) + model["bias"]
        shares = rounded(probabilities(logits * model["temperature"]))
        token, pull = self._pulls(columns, weights.of_tokens)
        moved = np.bincount(columns.doc[token], weights=np.abs(pull), minlength=len(texts)).tolist()
        spans = strongest_rows(columns, columns.doc[token], token, pull, len(texts))
        return [sentiment_of(share, evidence(text, *own)) for share, text, *own in zip(shares, texts, spans, moved, strict=True)]

    def _pulls(self, columns: Columns, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The tone words and their pulls: the weight of their place and of their class in the model."""
        model = self._weights
        slope = np.abs((model["coef"][:, 2] - model["coef"][:, 0]) / model["scale"])
        token = np.flatnonzero((columns.sign != 0) & (weight > 0))
        row = columns.tone[token] - 1 + columns.shifted[token] * len(CLASSES)
        return token, columns.sign[token] * weight[token] * (0.1 + slope[row])
