"""Sentiment towards an entity: a linear model over what stands around each of its mentions, averaged over them."""

from __future__ import annotations

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.models import load_weights, probabilities, sentiment_of, strongest
from teletipo.enrich.sentiment.spelling import SpelledText, Spelling
from teletipo.enrich.sentiment.target_features import dense, hashed, nearby, target_of
from teletipo.records import Entity, Sentiment

_MOST_MENTIONS = 5
"""Mentions of an entity that are looked at: the first ones, which a news story gives the most weight."""
_FADING = 0.85
_MOST_PULLS = 6


class TargetModel:
    """Probabilities of what is said of an entity or done to it."""

    def __init__(self, language: str) -> None:
        model = load_weights(f"targets_{language}")
        self._hashed, self._dense = model["hashed"], model["dense"]
        self._bias, self._temperature = model["bias"], float(model["temperature"])
        self._spelling = Spelling(model["spelling"])

    def spelled(self, columns: Columns) -> SpelledText:
        """The words of a text as the model reads their spelling; needed for each entity of it."""
        return self._spelling.read(columns.lower, columns.strings)

    def __call__(
        self, text: str, columns: Columns, spelled: SpelledText, heads: np.ndarray, ends: np.ndarray, entity: Entity
    ) -> Sentiment | None:
        """Sentiment over the first mentions; None without a mention."""
        total = np.zeros(3, dtype=np.float32)
        mass = 0.0
        pull_of: dict[int, float] = {}
        moved = 0.0
        for number, mention in enumerate(entity.mentions[:_MOST_MENTIONS]):
            start = max(0, int(np.searchsorted(columns.chars, mention.start, side="right")) - 1)
            end = max(start + 1, int(np.searchsorted(columns.chars, mention.end)))
            if start >= len(columns.chars):
                continue
            weight = _FADING**number
            logits, pulls, tokens = self._mention(columns, spelled, heads, start, end)
            total += weight * probabilities(logits)
            mass += weight
            moved += weight * float(np.abs(pulls).sum())
            for best in np.argsort(-np.abs(pulls) * columns.content[tokens])[:_MOST_PULLS].tolist():
                token = int(tokens[best])
                pull_of[token] = pull_of.get(token, 0.0) + weight * float(pulls[best])
        if not mass:
            return None
        spans = [(int(columns.chars[token]), int(ends[token]), pull) for token, pull in pull_of.items() if columns.content[token]]
        return sentiment_of(total / mass, strongest(text, spans, moved))

    def _mention(
        self, columns: Columns, spelled: SpelledText, heads: np.ndarray, start: int, end: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Logits, and how far each token around pulled towards positive."""
        target = target_of(columns, heads, start, end)
        places = hashed(columns, heads, target)
        rows = self._hashed[places] / np.sqrt(len(places))
        by_spelling, pulls = spelled.around(target)
        context = rows.sum(axis=0) + dense(columns, heads, target) @ self._dense
        logits = (context + by_spelling + self._bias) * self._temperature
        around = nearby(target)
        by_token = rows[: 5 * len(around)].reshape(5, len(around), 3).sum(axis=0)
        return logits, by_token[:, 2] - by_token[:, 0] + pulls, around
