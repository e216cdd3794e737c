"""Bodies that every state has: "el Gobierno de China" and "el Gobierno japonés" in one text are two things."""

from __future__ import annotations

import re

from teletipo.enrich.entities.joining import Span
from teletipo.enrich.entities.lexicon import Offices
from teletipo.enrich.entities.things import Thing
from teletipo.gazetteer import Gazetteer

_LOWER_WORD = re.compile(r"\s([a-záéíóúüñ]+)")
_OF = re.compile(r"\s(?:de(?: la| los| las|l)?|of(?: the)?)\s")


def by_state(
    things: list[Thing], spans: list[Span], text: str, gazetteer: Gazetteer, lexicon: Offices, language: str
) -> list[Thing]:
    """All things, a body of several states as one thing for each; a bare mention is of the state that was named last."""
    places = {span.start: span for span in spans if span.hit is not None and span.hit.kind in ("name", "capital")}

    def state(span: Span) -> tuple[str, int] | None:
        """Which state's the body is, and where the words that say so end."""
        word = _LOWER_WORD.match(text, span.end)
        if word is not None and not lexicon.modifiers_before and (country := gazetteer.demonym(word[1], language)):
            return country, word.end()
        of = _OF.match(text, span.end)
        place = places.get(of.end()) if of is not None else None
        return (place.hit.country, place.end) if place is not None and place.hit is not None and place.hit.country else None

    found: list[Thing] = []
    for thing in things:
        bare = thing.type == "ORG" and thing.known is None and len(thing.forms) == 1 and thing.name in lexicon.org_heads
        found += _split(thing, [state(span) for span in thing.spans], text) if bare else [thing]
    return found


def _split(thing: Thing, states: list[tuple[str, int] | None], text: str) -> list[Thing]:
    if len({told[0] for told in states if told is not None}) < 2:
        return [thing]
    parts: dict[str, Thing] = {}
    names: dict[str, str] = {}
    country = next(told[0] for told in states if told is not None)
    for span, told in sorted(zip(thing.spans, states, strict=True), key=lambda pair: pair[0].start):
        if told is not None:
            country = told[0]
            names.setdefault(country, text[span.start : told[1]])
        parts.setdefault(country, Thing(thing.type, country=country)).add(span)
    for country, part in parts.items():
        part.name = names[country]
    return list(parts.values())
