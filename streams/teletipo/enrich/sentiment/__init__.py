"""The stage that rates the tone of an article and what is said of each entity or done to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from spacy.tokens import Doc

from teletipo.enrich.model import Draft
from teletipo.enrich.sentiment.columns import Columns, WordTable
from teletipo.enrich.sentiment.lexicon import load_lexicon
from teletipo.enrich.sentiment.targets import TargetModel
from teletipo.enrich.sentiment.tone import ToneModel
from teletipo.settings import Settings

LANGUAGES = ("es", "en")
_TOKENS = 20_000
"""Articles are rated together up to this many tokens, which bounds the memory."""


class SentimentScorer:
    """Fills `draft.sentiment` and the `sentiment` of every entity. Needs `draft.doc` with sentences and heads, uses events.

    Raises LexiconError in the constructor if a shipped table or weight file is wrong.
    """

    name = "sentiment"

    def __init__(self, settings: Settings) -> None:
        self._lexicons = {language: load_lexicon(language) for language in LANGUAGES}
        self._tables = {language: WordTable(lexicon) for language, lexicon in self._lexicons.items()}
        self._tone = ToneModel()
        self._targets = {language: TargetModel(language) for language in LANGUAGES}

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Rate every draft that has an annotated text in a language with a model; the others keep None."""
        of_language: dict[str, list[tuple[Draft, Doc]]] = defaultdict(list)
        for draft in drafts:
            if draft.doc is not None and len(draft.doc) and draft.language in self._tables:
                of_language[draft.language].append((draft, draft.doc))
        for language, pairs in of_language.items():
            for together in _parts(pairs):
                self._rate(together, language)

    def _rate(self, pairs: Sequence[tuple[Draft, Doc]], language: str) -> None:
        drafts = [draft for draft, _ in pairs]
        columns = Columns([doc for _, doc in pairs], self._tables[language], self._lexicons[language].reach)
        texts = [draft.text for draft in drafts]
        entities = [draft.entities for draft in drafts]
        events = [draft.events for draft in drafts]
        for own, found in zip(entities, self._targets[language](texts, columns, entities, events), strict=True):
            for entity, sentiment in zip(own, found, strict=True):
                entity.sentiment = sentiment or entity.sentiment
        bodies = columns.token_at(np.arange(len(drafts)), np.array([draft.body_start for draft in drafts]))
        for draft, tone in zip(drafts, self._tone(texts, columns, bodies, events), strict=True):
            draft.sentiment = tone


def _parts(pairs: list[tuple[Draft, Doc]]) -> Iterator[list[tuple[Draft, Doc]]]:
    """The drafts in stretches that share a vocabulary and are not too long together."""
    part: list[tuple[Draft, Doc]] = []
    size = 0
    for draft, doc in pairs:
        if part and (size + len(doc) > _TOKENS or doc.vocab is not part[0][1].vocab):
            yield part
            part, size = [], 0
        part.append((draft, doc))
        size += len(doc)
    yield part
