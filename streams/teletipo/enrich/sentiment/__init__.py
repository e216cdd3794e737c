"""The stage that rates the tone of an article and what is said of each entity or done to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.attrs import HEAD, LENGTH
from spacy.tokens import Doc

from teletipo.enrich.model import Draft
from teletipo.enrich.sentiment.columns import Columns, WordTable
from teletipo.enrich.sentiment.lexicon import load_lexicon
from teletipo.enrich.sentiment.targets import TargetModel
from teletipo.enrich.sentiment.tone import ToneModel
from teletipo.records import Entity, Sentiment
from teletipo.settings import Settings

LANGUAGES = ("es", "en")


class SentimentScorer:
    """Fills `draft.sentiment` and the `sentiment` of every entity. Needs `draft.doc` with sentences and heads.

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
        for draft in drafts:
            if draft.doc is not None and len(draft.doc) and draft.language in self._tables:
                draft.sentiment = self.rate(draft.doc, draft.text, draft.language, draft.body_start, draft.entities)

    def rate(self, doc: Doc, text: str, language: str, body_start: int, entities: list[Entity]) -> Sentiment:
        """The tone of the article; the entities' sentiment is set in place."""
        columns = Columns(doc, self._tables[language], self._lexicons[language].reach)
        raw = doc.to_array([HEAD, LENGTH]).astype(np.int64).reshape(-1, 2)
        heads = raw[:, 0] + np.arange(len(raw))
        ends = columns.chars + raw[:, 1]
        found = self._targets[language](text, columns, heads, ends, entities)
        for entity, sentiment in zip(entities, found, strict=True):
            entity.sentiment = sentiment or entity.sentiment
        return self._tone(text, columns, int(np.searchsorted(columns.chars, body_start)), ends)
