"""Sentiment towards an entity: a linear model over what stands around each of its mentions, averaged over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.models import load_weights, probabilities, sentiment_of, strongest
from teletipo.enrich.sentiment.spelling import Spelling
from teletipo.enrich.sentiment.target_features import Mentions, dense, hashed
from teletipo.records import Entity, Sentiment

_MOST_MENTIONS = 5
"""Mentions of an entity that are looked at: the first ones, which a news story gives the most weight."""
_FADING = 0.85
_MOST_PULLS = 6


class TargetModel:
    """Probabilities of what is said of each entity of a text or done to it."""

    def __init__(self, language: str) -> None:
        model = load_weights(f"targets_{language}")
        self._hashed, self._dense = model["hashed"], model["dense"]
        self._bias, self._temperature = model["bias"], float(model["temperature"])
        self._spelling = Spelling(model["spelling"])

    def __call__(
        self, text: str, columns: Columns, heads: np.ndarray, ends: np.ndarray, entities: Sequence[Entity]
    ) -> list[Sentiment | None]:
        """Sentiment towards each entity over its first mentions; None without a mention."""
        mentions, rows = _mentions(columns, heads, entities)
        if not len(mentions):
            return [None] * len(entities)
        shares, pulls = self._read(mentions)
        ranks = -np.abs(pulls) * columns.content[mentions.around]
        bounds = [0, *np.cumsum(mentions.size).tolist()]
        found: list[Sentiment | None] = []
        for own in rows:
            total, mass, moved = np.zeros(3, dtype=np.float32), 0.0, 0.0
            pull_of: dict[int, float] = {}
            for number, row in own:
                weight = _FADING**number
                low, high = bounds[row], bounds[row + 1]
                total += weight * shares[row]
                mass += weight
                moved += weight * float(np.abs(pulls[low:high]).sum())
                for best in np.argsort(ranks[low:high])[:_MOST_PULLS].tolist():
                    token = int(mentions.around[low + best])
                    pull_of[token] = pull_of.get(token, 0.0) + weight * float(pulls[low + best])
            spans = [
                (int(columns.chars[token]), int(ends[token]), pull) for token, pull in pull_of.items() if columns.content[token]
            ]
            found.append(sentiment_of(total / mass, strongest(text, spans, moved)) if mass else None)
        return found

    def _read(self, mentions: Mentions) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities of the labels for every mention, and how far each token of `around` pulls towards positive."""
        places, of = hashed(mentions)
        weights = self._hashed[places].astype(np.float64)
        scale = np.sqrt(np.bincount(of, minlength=len(mentions)))
        sums = [np.bincount(of, weights=column, minlength=len(mentions)) for column in weights.T]
        # One product a mention: a product of matrices adds in another order, which the last digit of a share would show.
        by_numbers = np.array([row @ self._dense for row in dense(mentions)])
        context = np.stack(sums, axis=1) / scale[:, None] + by_numbers
        by_spelling, pulls = self._spelling.read(mentions)
        kinds = weights[: 5 * len(mentions.around)].reshape(5, -1, weights.shape[1]) / scale[mentions.of][:, None]
        by_token = kinds.sum(axis=0)
        logits = (context + by_spelling + self._bias) * self._temperature
        return probabilities(logits), by_token[:, 2] - by_token[:, 0] + pulls


def _mentions(columns: Columns, heads: np.ndarray, entities: Sequence[Entity]) -> tuple[Mentions, list[list[tuple[int, int]]]]:
    """The first mentions of all entities; for each entity the number of each of them and its row."""
    first = [entity.mentions[:_MOST_MENTIONS] for entity in entities]
    chars = np.array([(mention.start, mention.end) for own in first for mention in own], dtype=np.int64).reshape(-1, 2)
    starts = np.maximum(0, np.searchsorted(columns.chars, chars[:, 0], side="right") - 1)
    ends = np.maximum(starts + 1, np.searchsorted(columns.chars, chars[:, 1]))
    spans = iter(zip(starts.tolist(), ends.tolist(), strict=True))
    kept: list[tuple[int, int]] = []
    rows: list[list[tuple[int, int]]] = []
    for own in first:
        rows.append([])
        for number, span in enumerate(next(spans) for _mention in own):
            if span[0] < len(columns.chars):
                rows[-1].append((number, len(kept)))
                kept.append(span)
    return Mentions(columns, heads, [start for start, _ in kept], [end for _, end in kept]), rows
