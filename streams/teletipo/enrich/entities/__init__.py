"""Entities: one entry for each thing that an article talks about, with all its mentions, linked from data with sources.

Names come from the pipeline's recogniser and the gazetteer (spans), are gathered into things (things), told apart and
described by titles (descriptions), searched for where the recogniser missed them, and linked (this module).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, cast

from teletipo.enrich.entities.bodies import by_state
from teletipo.enrich.entities.descriptions import Describer, main_country
from teletipo.enrich.entities.joining import is_title_case
from teletipo.enrich.entities.lexicon import Offices, offices
from teletipo.enrich.entities.neighbours import stated_places
from teletipo.enrich.entities.occurrences import occurrences
from teletipo.enrich.entities.spans import SpanFinder
from teletipo.enrich.entities.things import Span, Thing, gather, nearest, surname
from teletipo.enrich.model import Draft
from teletipo.gazetteer import Gazetteer, Known, Place, fold
from teletipo.records import Entity, Mention
from teletipo.records.article import EntityType
from teletipo.settings import Settings

__all__ = ["EntityLinker"]

_CAPITAL_AFTER = re.compile(r" ([^\W\d_a-zß-öø-ÿ]\w+)")
_CAPITAL_BEFORE = re.compile(r"(?<![\w'’.-])([^\W\d_a-zß-öø-ÿ][\w-]+) $")
_WORD_BEFORE = re.compile(r"(?<!\w)(\w+) $")
_SPOKEN_OF = 0.3
"""Weight in the text from which a state's cities are looked for among names that might be people's."""
_TELLING_TOWN = 40_000
"""Inhabitants from which a town of a name that no other state has speaks for its state without any other evidence."""
_KNOWN_CITY = 100_000
"""Inhabitants from which a city is taken for the one meant though the text does not speak of its country."""


class _Tools(NamedTuple):
    lexicon: Offices
    finder: SpanFinder
    describer: Describer


class EntityLinker:
    """Stage: fills `entities` of drafts that have a `doc`."""

    name = "entities"

    def __init__(self, settings: Settings) -> None:
        self._gazetteer = Gazetteer.load(settings)
        self._languages: dict[str, _Tools] = {}

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Link every draft that was annotated; others keep an empty list."""
        for draft in drafts:
            if draft.doc is not None and draft.language is not None and draft.text:
                draft.entities = self._link(draft, draft.language)

    def _tools(self, language: str) -> _Tools:
        if language not in self._languages:
            lexicon = offices(language)
            finder = SpanFinder(self._gazetteer, lexicon, language)
            self._languages[language] = _Tools(lexicon, finder, Describer(self._gazetteer, lexicon, language))
        return self._languages[language]

    def _link(self, draft: Draft, language: str) -> list[Entity]:
        doc = draft.doc
        assert doc is not None
        tools = self._tools(language)
        text = draft.text
        titles = tools.lexicon.titles(doc, text)
        spans = tools.finder.find(doc, text, titles, max(0, draft.body_start - 2))
        things = gather(spans, text, self._gazetteer, tools.lexicon, language)
        things = by_state(things, spans, text, self._gazetteer, tools.lexicon, language)
        title_case = draft.body_start if is_title_case(draft.headline or "") else 0
        _add_missed(text, things, spans, tools.lexicon, title_case)
        tools.describer.describe(titles, text, things)
        context = self._context(things, draft, language)
        stated = {(span.start, span.end): country for span, country in stated_places(spans, text)}
        for thing in things:
            if self._is_city(thing, text, context, tools.lexicon):
                thing.type = "LOC"
        for thing in sorted(things, key=lambda thing: thing.type == "PER"):
            self._locate(thing, context, language, _stated(thing, stated))
        _countries_by_organisation(things)
        return _entities(things, text, draft.body_start)

    def _context(self, things: list[Thing], draft: Draft, language: str) -> dict[str, float]:
        """How much the text speaks of each state, the most spoken of as 1."""
        weights: Counter[str] = Counter()
        towns: Counter[str] = Counter()
        names: Counter[str] = Counter()
        for thing in things:
            if country := self._country_told(thing, language):
                (weights if self._tells(thing, country) else towns)[country] += len(thing.spans)
                names[country] += 1
            for country in {thing.country, *(span.hit.country for span in thing.spans if span.hit and not span.hit.weak)} - {
                None
            }:
                weights[cast(str, country)] += len(thing.spans) * (2 if thing.country else 1)
            weights.update(thing.countries)
        if draft.dateline:
            for reading in self._gazetteer.evidence(draft.dateline, language):
                if reading.country:
                    weights[reading.country] += 2
        for country, weight in towns.items():
            if (
                country in weights or names[country] > 1
            ):  # one small town alone speaks for no state: its name may be another place's
                weights[country] += weight
        most = max(weights.values(), default=1)
        return {country: weight / most for country, weight in weights.items()}

    def _is_city(self, thing: Thing, text: str, context: dict[str, float], lexicon: Offices) -> bool:
        """A lone name that the recogniser took for a person's: "flown to Pemba", in a text on Mozambique."""
        if thing.type != "PER" or " " in thing.name or thing.classes or any(span.titled or span.hit for span in thing.spans):
            return False
        before = [_WORD_BEFORE.search(text[max(0, span.start - 12) : span.start]) for span in thing.spans]
        if not all(word is not None and word[1].casefold() in lexicon.towards for word in before):
            return False
        country = self._gazetteer.only_country(thing.name)
        return country is not None and context.get(country, 0.0) >= _SPOKEN_OF

    def _country_told(self, thing: Thing, language: str) -> str | None:
        """The state that a name speaks of though it is no state's: "Corte Suprema de Justicia de Colombia", "Montería"."""
        if thing.type == "ORG" and thing.known is None and " " in thing.name:
            return self._gazetteer.country(thing.name, language)
        if thing.type == "LOC" and thing.country is None and not any(span.hit for span in thing.spans):
            return self._gazetteer.only_country(thing.name)
        return None

    def _tells(self, thing: Thing, country: str) -> bool:
        """Whether a name of no state speaks for one by itself: an organisation's does, and a large city's."""
        if thing.type != "LOC":
            return True
        place = self._gazetteer.city(thing.name, country)
        return place is not None and place.population >= _TELLING_TOWN

    def _locate(self, thing: Thing, context: dict[str, float], language: str, stated: str | None) -> None:
        if thing.type == "LOC" and thing.known is None:
            place = self._gazetteer.city(thing.name, stated) if stated else None
            thing.place = place or self._place(thing, context, language)
            if thing.place is not None:
                thing.country = thing.place.country
        elif thing.known is not None and thing.type in ("LOC", "MISC"):
            thing.country = thing.known.country
        elif thing.type in ("PER", "ORG"):
            thing.known = thing.known or self._known(thing, language, context)
            stated = main_country(thing.countries)
            thing.country = thing.country or (thing.known.country if thing.known else None) or stated
            if (
                thing.country is None
                and thing.type == "ORG"
                and (thing.known is None or thing.known.sector not in ("IGO", "NGO"))
            ):
                thing.country = self._country_in_name(thing.name, context, language)

    def _known(self, thing: Thing, language: str, context: dict[str, float]) -> Known | None:
        """The entry of a table that one of the thing's full forms names."""
        for form in sorted(thing.forms, key=len, reverse=True):
            if thing.type == "PER" and " " not in form:
                continue
            found = self._gazetteer.known(form, thing.type, language, {*thing.countries, *context}, careful=True)
            if found is not None:
                return found
        return None

    def _place(self, thing: Thing, context: dict[str, float], language: str) -> Place | None:
        name = thing.name
        reading = self._gazetteer.reading(name, language)
        if thing.country is not None and reading is not None and reading.kind == "name" and reading.country != thing.country:
            country = self._gazetteer.countries[thing.country]
            return Place(name, "country", thing.country, geonames_id=country.geonames_id, wikidata=country.wikidata)
        place = self._gazetteer.place(name, context, language)
        if place is None and " " in name and not thing.spans[0].hit:
            return None
        if place is None or place.kind != "city" or any(span.hit for span in thing.spans):
            return place
        return place if place.country in context or place.population >= _KNOWN_CITY else None

    def _country_in_name(self, name: str, context: dict[str, float], language: str) -> str | None:
        """ "Banco Central de Chile", "Universidad de Salamanca", "Bank of Japan"."""
        if " " not in name:
            return None
        country = self._gazetteer.country(name, language)
        if country is not None:
            return country
        tail = name.rpartition(" de ")[2] if language == "es" else name.rpartition(" of ")[2]
        if tail in ("", name):
            return None
        place = self._gazetteer.place(tail, context, language)
        return place.country if place is not None and (place.country in context or place.population >= _KNOWN_CITY) else None


def _stated(thing: Thing, stated: dict[tuple[int, int], str]) -> str | None:
    """The state that stands after one of a thing's mentions."""
    return (
        next((stated[span.start, span.end] for span in thing.spans if (span.start, span.end) in stated), None) if stated else None
    )


def _countries_by_organisation(things: list[Thing]) -> None:
    """A senator of a Mexican party is Mexican where the text says no other."""
    organisations = {name: thing for thing in things if thing.type == "ORG" for name in thing.forms}
    for thing in things:
        if thing.type == "PER" and thing.country is None:
            found = {organisations[name].country for name in thing.organisations if name in organisations} - {None}
            thing.country = found.pop() if len(found) == 1 else None


def _add_missed(text: str, things: list[Thing], spans: list[Span], lexicon: Offices, title_case: int) -> None:
    """Occurrences of a found name that the recogniser passed over; a person's also by the surname."""
    names: dict[str, list[Thing]] = {}
    for thing in things:
        forms = set(thing.forms)
        if thing.type == "PER" and " " in thing.name:
            first, last = thing.name.split()[0], surname(thing.name)
            forms |= {first} if first in lexicon.family_first else {last, last.removeprefix("al-")} if len(last) > 3 else set()
        for form in forms:
            names.setdefault(form, []).append(thing)
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    for start, end, name in occurrences(text, names):
        if taken.find(1, start, end) >= 0:
            continue
        if lexicon.is_in_phrase(text, start, end):
            continue
        if start >= title_case and _part_of_longer_name(text, start, end, lexicon):
            continue
        owner = nearest(start, names[name])
        if owner is not None:
            owner.add(Span(start, end, name, owner.type))


def _part_of_longer_name(text: str, start: int, end: int, lexicon: Offices) -> bool:
    """ "Putin" in "Ludmila Putin" or in "Putin Norte" is not the man of the article."""
    after = _CAPITAL_AFTER.match(text, end)
    if after is not None and after[1].casefold() not in lexicon.stop:
        return True
    before = _CAPITAL_BEFORE.search(text[max(0, start - 30) : start])
    if before is None or before[1].casefold() in lexicon.stop:
        return False
    return lexicon.title_at(before[1], 0, before[1].casefold()) is None


def _entities(things: list[Thing], text: str, body_start: int) -> list[Entity]:
    scores = [_weight(thing, text, body_start) for thing in things]
    most = max(scores, default=1.0)
    merged: dict[str, Entity] = {}
    for thing, score in zip(things, scores, strict=True):
        entity = _entity(thing, text)
        entity.salience = round(score / most, 3)
        twin = merged.get(entity.id)
        if twin is None:
            merged[entity.id] = entity
        else:
            twin.name = max(twin.name, entity.name, key=lambda name: (len(name.split()), len(name)))
            twin.mentions = sorted([*twin.mentions, *entity.mentions], key=lambda mention: mention.start)
            twin.salience = min(1.0, round(twin.salience + entity.salience, 3))
    return sorted(merged.values(), key=lambda entity: entity.mentions[0].start)


def _weight(thing: Thing, text: str, body_start: int) -> float:
    """A mention in the headline counts three, in the first paragraph two, any other one."""
    lead_end = text.find("\n", body_start)
    lead_end = len(text) if lead_end < 0 else lead_end
    starts = [span.start for span in thing.spans] + [start for start, _ in thing.descriptions]
    return float(sum(3 if start < body_start else 2 if start < lead_end else 1 for start in starts))


def _shown_name(thing: Thing) -> str:
    """The fullest form, or the usual one of a known thing that is written so ("Comisión Europea", "Ejecutivo comunitario")."""
    usual = thing.known.name if thing.known is not None else ""
    return usual if " " in usual and usual in thing.forms else thing.name


def _entity(thing: Thing, text: str) -> Entity:
    ranges = {(span.start, span.end) for span in thing.spans} | set(thing.descriptions)
    mentions = [Mention(start, end, text[start:end]) for start, end in sorted(ranges)]
    place, known = thing.place, thing.known
    wikidata = (known.wikidata if known else None) or (place.wikidata if place else None)
    canonical = known.name if known else thing.name
    return Entity(
        id=wikidata or f"{thing.type}:{fold(canonical)}",
        type=cast(EntityType, thing.type),
        name=_shown_name(thing),
        wikidata=wikidata,
        country=thing.country,
        latitude=known.latitude if known else place.latitude if place else None,
        longitude=known.longitude if known else place.longitude if place else None,
        geonames_id=known.geonames_id if known else place.geonames_id if place else None,
        mentions=mentions,
    )
