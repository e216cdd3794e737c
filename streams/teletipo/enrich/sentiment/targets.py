"""Sentiment towards an entity: a linear model over what stands around each of its mentions, averaged over them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from teletipo.enrich.sentiment import spelling, vectors
from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.forms import FormColumns, Forms
from teletipo.enrich.sentiment.models import evidence, load_weights, probabilities, rounded, sentiment_of, strongest_rows
from teletipo.enrich.sentiment.target_features import PER_TOKEN, Mentions, acts, dense, relations, spread, sums, tone_places
from teletipo.records import Entity, Event, Sentiment

_MOST_MENTIONS = 5
"""Mentions of an entity that are looked at: the first ones, which a news story gives the most weight."""
_FADING = 0.85 ** np.arange(_MOST_MENTIONS)


class TargetModel:
    """Probabilities of what is said of each entity of a text or done to it."""

    def __init__(self, language: str) -> None:
        model = load_weights(f"targets_{language}")
        self._hashed, self._dense, self._acts = model["hashed"], model["dense"], model["acts"]
        self._bias, self._temperature = model["bias"], float(model["temperature"][()])
        self._forms = Forms(model)
        self._tones = self._hashed[tone_places()]

    def __call__(
        self, texts: Sequence[str], columns: Columns, entities: Sequence[Sequence[Entity]], events: Sequence[Sequence[Event]]
    ) -> list[list[Sentiment | None]]:
        """Sentiment towards each entity of each text over its first mentions; None without a mention."""
        every = [entity for own in entities for entity in own]
        text_of = np.repeat(np.arange(len(entities)), [len(own) for own in entities])
        of, number, starts, ends = _spans(columns, every, text_of)
        found: list[Sentiment | None] = [None] * len(every)
        if len(of):
            mentions = Mentions(columns, starts, ends)
            logits, pulls = self.read(mentions, [every[row].id for row in of.tolist()], events)
            weight = _FADING[number]
            shares = sums(of, weight[:, None] * probabilities(logits * self._temperature), len(every))
            shares /= np.maximum(np.bincount(of, weights=weight, minlength=len(every)), 1e-9)[:, None]
            why = _evidence(mentions, of, weight[mentions.of] * pulls, len(every))
            seen = np.bincount(of, minlength=len(every)) > 0
            for row, (share, given, spans) in enumerate(zip(rounded(shares), seen.tolist(), why, strict=True)):
                if given:
                    found[row] = sentiment_of(share, evidence(texts[text_of[row]], *spans))
        bounds = np.cumsum([0] + [len(own) for own in entities]).tolist()
        return [found[low:high] for low, high in pairwise(bounds)]

    def read(
        self, mentions: Mentions, entities: Sequence[str | None], events: Sequence[Sequence[Event]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Logits of the labels for every mention, uncalibrated, and how far each token of `around` pulls towards positive."""
        columns, size = mentions.columns, len(mentions)
        forms = self._forms.read(columns)
        places, whose = relations(mentions)
        count = PER_TOKEN * (mentions.left + mentions.right) + np.bincount(whose, minlength=size)
        scale = 1 / np.sqrt(np.maximum(1, count))
        by_token = forms.bucket(mentions.around, mentions.bucket) + self._tones[columns.tones[mentions.around], mentions.bucket]
        by_token = by_token * scale[mentions.of][:, None]
        logits = sums(whose, self._hashed[places], size) * scale[:, None] + self._bias
        logits += _product(dense(mentions), self._dense)
        if any(events):
            logits += _product(acts(mentions, entities, events), self._acts)
        by_token += self._spelled(mentions, forms, logits)
        by_token += self._by_vectors(mentions, forms, logits)
        logits += mentions.sums(by_token)
        return logits, by_token[:, 2] - by_token[:, 0]

    def _spelled(self, mentions: Mentions, forms: FormColumns, logits: np.ndarray) -> np.ndarray:
        """What the spelling of each token of `around` says; what that of the mention says is added to its logits."""
        on_side, beside, own = spelling.shares(mentions, forms.parts)
        logits += sums(mentions.named_of, forms.spelling(mentions.named, spelling.WITHIN) * own[:, None], len(mentions))
        by_side = forms.spelling(mentions.around, np.where(mentions.behind, spelling.AFTER, spelling.BEFORE))
        return np.asarray(by_side * on_side[:, None] + forms.spelling(mentions.around, spelling.BESIDE) * beside[:, None])

    def _by_vectors(self, mentions: Mentions, forms: FormColumns, logits: np.ndarray) -> np.ndarray:
        """What the company says that each token of `around` keeps; what that of the governor and its kin says is added."""
        places = vectors.places(mentions, forms.rarity)
        logits += sums(places.kin_of, forms.vector(places.kin, vectors.KIN) * places.kin_share[:, None], len(mentions))
        logits += forms.vector(places.governor, vectors.GOVERNOR) + forms.vector(places.above, vectors.ABOVE)
        around = mentions.around
        side = forms.vector(around, np.where(mentions.behind, vectors.AFTER, vectors.BEFORE)) * places.on_side[:, None]
        near = forms.vector(around, np.where(mentions.behind, vectors.NEAR_AFTER, vectors.NEAR_BEFORE)) * places.near[:, None]
        return np.asarray(side + near + forms.vector(around, vectors.BESIDE) * places.beside[:, None])


def _product(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """A product of matrices whose every row is added up in the same order, whatever other rows there are."""
    return np.asarray((rows[:, :, None] * weights[None]).sum(axis=1))


def _spans(
    columns: Columns, entities: Sequence[Entity], text_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The first mentions of all entities: the entity, the number among its own, the tokens from and to (exclusive)."""
    first = [entity.mentions[:_MOST_MENTIONS] for entity in entities]
    of, number = spread(np.array([len(own) for own in first], dtype=np.int64))
    chars = np.array([(mention.start, mention.end) for own in first for mention in own], dtype=np.int64).reshape(-1, 2)
    docs = text_of[of]
    low = columns.first[docs]
    starts = np.maximum(low, columns.token_at(docs, chars[:, 0], side="right") - 1)
    ends = np.maximum(starts + 1, columns.token_at(docs, chars[:, 1]))
    kept = starts < low + columns.sizes[docs]
    return of[kept], number[kept], starts[kept], ends[kept]


def _evidence(
    mentions: Mentions, entity_of: np.ndarray, pulls: np.ndarray, entities: int
) -> list[tuple[list[tuple[int, int, float]], float]]:
    """For each entity the content words beside its mentions that pull most, and all that pulled."""
    columns = mentions.columns
    entity = entity_of[mentions.of]
    moved = np.bincount(entity, weights=np.abs(pulls), minlength=entities)
    content = columns.content[mentions.around]
    keys, inverse = np.unique(entity[content] * len(columns.form) + mentions.around[content], return_inverse=True)
    pull = np.bincount(inverse, weights=pulls[content], minlength=len(keys))
    entity, token = np.divmod(keys, len(columns.form))
    return list(zip(strongest_rows(columns, entity, token, pull, entities), moved.tolist(), strict=True))
