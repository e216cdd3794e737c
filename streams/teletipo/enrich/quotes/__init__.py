"""The stage that finds direct and indirect speech, its speakers and its cues."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from teletipo.enrich.model import Draft
from teletipo.enrich.quotes.attribution import attribute
from teletipo.enrich.quotes.direct import direct_quotes
from teletipo.enrich.quotes.indirect import indirect_quotes
from teletipo.enrich.quotes.lexicon import load_lexicon
from teletipo.enrich.quotes.reading import Reading
from teletipo.records import Entity, Quote
from teletipo.settings import Settings


class QuoteFinder:
    """Fills `draft.quotes`. Needs `draft.doc`; links speakers to `draft.entities`, else takes the names of the pipeline.

    Raises LexiconError in the constructor if a shipped table of reporting words is wrong.
    """

    name = "quotes"

    def __init__(self, settings: Settings) -> None:
        self._lexicons = {language: load_lexicon(language) for language in ("es", "en")}

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Find the quotes of every draft that has an annotated text in a language with reporting words."""
        for draft in drafts:
            if draft.doc is not None and draft.language in self._lexicons:
                draft.quotes = self.find(draft.doc, draft.text, draft.language, draft.entities)

    def find(self, doc: Doc, text: str, language: str, entities: list[Entity]) -> list[Quote]:
        """All quotes of an annotated text (`doc.text == text`), by their start."""
        if not len(doc):
            return []
        reading = Reading(doc, text, entities, self._lexicons[language])
        direct = direct_quotes(reading)
        candidates = direct + indirect_quotes(reading, direct)
        return attribute(reading, sorted(candidates, key=lambda quote: (quote.start, -quote.end)))
