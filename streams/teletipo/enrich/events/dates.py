"""When: the dates of a sentence for the tense of an act (coding.md, 15), and their record."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from teletipo.enrich.events.date_grammar import DateGrammar, DateMatch
from teletipo.records import EventDate


@cache
def _grammar(language: str) -> DateGrammar:
    return DateGrammar(language)


def find(text: str, language: str, anchor: date, future: bool, offset: int = 0) -> list[DateMatch]:
    """All dates of a text that stands at `offset`, seen from `anchor`; `future`: the act is still to come."""
    return [
        DateMatch(m.start + offset, m.end + offset, m.text, m.first, m.last, m.resolution)
        for m in _found(text, language, anchor, future)
    ]


@lru_cache(maxsize=64)
def _found(text: str, language: str, anchor: date, future: bool) -> tuple[DateMatch, ...]:
    """The dates of a sentence, which all its acts ask for."""
    return tuple(_grammar(language).find(text, anchor, past=not future))


def record(match: DateMatch) -> EventDate:
    """The record of a date."""
    return {
        "from": match.first.isoformat(),
        "to": match.last.isoformat(),
        "text": match.text,
        "start": match.start,
        "end": match.end,
        "resolution": match.resolution,
    }
