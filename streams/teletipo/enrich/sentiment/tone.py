"""The tone of an article: a small linear model over classes of tone words."""

from __future__ import annotations

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.lexicon import CLASSES
from teletipo.enrich.sentiment.models import load_weights, probabilities, sentiment_of, strongest
from teletipo.enrich.sentiment.tone_features import tone_features, weights
from teletipo.records import Sentiment


class ToneModel:
    """Probabilities of an article's tone. One model for all languages: it sees classes, not words."""

    def __init__(self) -> None:
        self._weights = load_weights("tone")

    def __call__(self, text: str, columns: Columns, body: int, ends: np.ndarray) -> Sentiment:
        """The tone; `body` is the first token of the body, `ends` the character ends of the tokens."""
        model = self._weights
        scaled = (tone_features(columns, body) - model["mean"]) / model["scale"]
        shares = probabilities((scaled @ model["coef"] + model["bias"]) * model["temperature"])
        return sentiment_of(shares, strongest(text, self._spans(columns, body, ends)))

    def _spans(self, columns: Columns, body: int, ends: np.ndarray) -> list[tuple[int, int, float]]:
        """Tone words with the weight of their place and of their class in the model."""
        model = self._weights
        slope = (model["coef"][:, 2] - model["coef"][:, 0]) / model["scale"]
        place = weights(columns, body)
        spans = []
        for i in np.flatnonzero(columns.sign[: len(place)]):
            row = int(columns.tone[i]) - 1 + (len(CLASSES) if columns.shifted[i] else 0)
            pull = float(columns.sign[i]) * float(place[i]) * (0.1 + abs(float(slope[row])))
            spans.append((int(columns.chars[i]), int(ends[i]), pull))
        return spans
