"""What a text says people are: titles and appositions give them offices and states, and descriptions their mentions.

"El presidente ruso, Vladimir Putin" teaches that Putin is a president and Russian; a later "el mandatario ruso" is then his
mention if he alone fits, and nobody's if two do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from teletipo.enrich.entities.joining import Span
from teletipo.enrich.entities.lexicon import Offices, Title
from teletipo.enrich.entities.things import Thing
from teletipo.gazetteer import Gazetteer

_GENDERS = {"el": "m", "al": "m", "del": "m", "la": "f"}
_SPECIFIC = 2
"""An office of more classes than this is a word such as "mandatario" or "líder", which says little of who somebody is."""
_BEFORE = 48
_AFTER = 90
_WORDS_BEFORE = re.compile(r"(?<![\w.])((?:[\w.]+(?:[-'’][\w.]+)?\s){1,3})$")
_WORD_BEFORE = re.compile(r"(?<![\w.])([\w.]+(?:[-'’][\w.]+)?)\s$")
"""What may not stand before only spares the search a try at every letter of a word: the whole word is found in any case."""
_COMPLEMENT = re.compile(r"\s(?:de(?: la| los| las|l)?|of(?: the)?|for(?: the)?|to(?: the)?)\s")
_END_OF_PHRASE = re.compile(r"[,.;:)\]»”\"\n]|\s[-–—]")
_ARTICLE = re.compile(r"(?:^|[\s\"“«¿(—–-])(el|la|al|del|the)\s$", re.IGNORECASE)
_LOWER_WORD_AFTER = re.compile(r"\s([a-záéíóúüñ]+)\b")
_FURTHER = re.compile(r", (?:el|la|the|un|una|a|an) (?:[a-záéíóúüñ-]+ ){1,4}")
"""A second description between office and name: "el primer ministro, el liberal de centro Juan Ruiz"."""
_POSSESSIVE = re.compile(r"(?:'s|’s)$")
_FORMER = re.compile(r"\b((?:former|then|late|ex|entonces) )$", re.IGNORECASE)
_APPOSITION = re.compile(r",\s(?:the|a|an|el|la|un|una)\s((?:[\w'’-]+\s){0,3}[\w'’-]+)[,.;]")
_NAME_DESCRIBED_BEFORE = re.compile(r",\s(?:el |la |the |un |una |a |an )?$")


@dataclass(slots=True)
class Phrase:
    """A description found: what is the mention if it stands alone, its classes, states and organisations."""

    start: int
    end: int
    classes: frozenset[str]
    countries: list[str]
    organisations: set[str]
    has_article: bool
    gender: str | None
    open: bool
    """True where something follows that the phrase does not cover: "el presidente de la compañía"."""


class Describer:
    """Reads the titles of texts in one language."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Offices, language: str) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._language = language

    def describe(self, titles: list[Title], text: str, things: list[Thing]) -> None:
        """Give people offices and states, and attach descriptions that one of them alone fits."""
        owner = {span.start: (span, thing) for thing in things for span in thing.spans}
        starts = sorted(owner)
        ends = {span.end: thing for thing in things for span in thing.spans if thing.type == "PER"}
        pending: list[Phrase] = []
        described: Thing | None = None
        for title in titles:
            phrase = self._phrase(text, title, owner, starts)
            if phrase is None:
                continue
            thing = self._attach(phrase, text, owner, starts, ends)
            if thing is None:
                pending.append(phrase)
                continue
            if "counterpart" in phrase.classes and described is not None:
                thing.classes |= described.classes
                thing.generic |= described.generic
            described = thing
        self._demonyms_before(text, [thing for thing in things if thing.type != "LOC"], owner)
        people = [thing for thing in things if thing.type == "PER"]
        for phrase in pending:
            self._resolve(phrase, people)

    def _phrase(self, text: str, title: Title, owner: dict[int, tuple[Span, Thing]], starts: list[int]) -> Phrase | None:
        at = bisect_left(starts, title.start + 1) - 1
        if at >= 0 and owner[starts[at]][0].end > title.start:
            return None  # inside a name
        phrase = Phrase(title.start, title.end, title.classes, [], set(), False, None, False)
        self._read_before(phrase, text)
        self._read_after(phrase, text, owner, starts)
        return phrase

    def _read_before(self, phrase: Phrase, text: str) -> None:
        before = text[max(0, phrase.start - _BEFORE) : phrase.start]
        if self._lexicon.modifiers_before:
            words = _WORDS_BEFORE.search(before)
            for count in (3, 2, 1) if words else ():
                pieces = words[1].split()[-count:] if words else []
                if len(pieces) < count or pieces[0].casefold() in self._lexicon.articles:
                    continue
                piece = " ".join(pieces)
                bare = _POSSESSIVE.sub("", piece)
                reading = self._gazetteer.reading(bare, self._language) if bare[:1].isupper() else None
                organisation = self._gazetteer.organisation(bare, self._language) if bare[:1].isupper() else None
                if (reading is not None and reading.country) or organisation is not None:
                    phrase.start -= len(piece) + 1
                    if reading is not None and reading.country:
                        phrase.countries.append(reading.country)
                    elif organisation is not None:
                        phrase.organisations.add(organisation.key)
                        phrase.countries += [organisation.country] if organisation.country else []
                    phrase.has_article = piece != bare
                    break
            before = text[max(0, phrase.start - 16) : phrase.start]
        former = _FORMER.search(before)
        if former:
            phrase.start -= len(former[1])
            phrase.classes = frozenset(f"ex{name}" for name in phrase.classes)
            before = text[max(0, phrase.start - 8) : phrase.start]
        article = _ARTICLE.search(before)
        if article:
            phrase.has_article = True
            phrase.gender = _GENDERS.get(article[1].casefold())
            phrase.start -= 2 if article[1].casefold() in ("al", "del") else len(article[1]) + 1
            if article[1].casefold() in ("al", "del"):
                phrase.start += 2

    def _read_after(self, phrase: Phrase, text: str, owner: dict[int, tuple[Span, Thing]], starts: list[int]) -> None:
        """Demonym and complement after the office: "presidente ruso", "ministro de Defensa de Chile"."""
        limit = min(len(text), phrase.end + _AFTER)
        stop = _END_OF_PHRASE.search(text, phrase.end, limit)
        limit = stop.start() if stop else limit
        for at in range(bisect_left(starts, phrase.end), len(starts)):
            span, thing = owner[starts[at]]
            if span.start >= limit:
                break
            if thing.type == "PER":
                limit = span.start
                break
        done = phrase.end
        word = _LOWER_WORD_AFTER.match(text, done, limit)
        while word and word[1] in self._lexicon.adjectives:
            done = word.end()
            word = _LOWER_WORD_AFTER.match(text, done, limit)
        if word and not self._lexicon.modifiers_before and (country := self._gazetteer.demonym(word[1], self._language)):
            phrase.countries.append(country)
            done = word.end()
            portfolio = self._lexicon.portfolios.match(text, done, limit)
            done = portfolio.end() if portfolio else done
        while done < limit:
            complement = _COMPLEMENT.match(text, done, limit)
            if complement is None:
                break
            named = owner.get(complement.end())
            if named is None or named[0].end > limit:
                phrase.open = True
                break
            self._add_complement(phrase, named[1])
            done = named[0].end
            trailing = _LOWER_WORD_AFTER.match(text, done, limit)
            if trailing and (country := self._gazetteer.demonym(trailing[1], self._language)):
                phrase.countries.append(country)
                done = trailing.end()
        phrase.end = done

    def _add_complement(self, phrase: Phrase, thing: Thing) -> None:
        if thing.type == "LOC":
            found = next((span.hit.country for span in thing.spans if span.hit is not None), None)
            country = thing.country or found or self._gazetteer.country(thing.name, self._language)
            if country:
                phrase.countries.append(country)
            else:
                phrase.organisations.add(thing.name)
        else:
            phrase.organisations.add(thing.known.key if thing.known else thing.name)
            country = thing.country or (thing.known.country if thing.known else None)
            if country:
                phrase.countries.append(country)

    def _attach(
        self, phrase: Phrase, text: str, owner: dict[int, tuple[Span, Thing]], starts: list[int], ends: dict[int, Thing]
    ) -> Thing | None:
        """To the name right after ("el presidente ruso, Juan Ruiz") or right before ("Juan Ruiz, presidente de Chile")."""
        following = bisect_left(starts, phrase.end)
        if following < len(starts):
            span, thing = owner[starts[following]]
            gap = text[phrase.end : span.start]
            further = _FURTHER.fullmatch(gap)
            if thing.type == "PER" and (further is not None or gap in (" ", ", ", " (") or self._is_short_complement(gap)):
                if self._is_short_complement(gap):
                    self._learn_gap(phrase, gap)
                self._learn(phrase, thing)
                if (gap == ", " or further) and phrase.has_article and not phrase.open:
                    thing.descriptions.append((phrase.start, phrase.end))
                return thing
        comma = _NAME_DESCRIBED_BEFORE.search(text[max(0, phrase.start - 8) : phrase.start + 0])
        end = phrase.start - (len(comma[0]) if comma else 0)
        if (comma and end in ends and _END_OF_PHRASE.match(text, phrase.end)) or (
            comma and end in ends and phrase.end >= len(text)
        ):
            thing = ends[end]
            if not phrase.countries or not thing.countries or set(phrase.countries) & set(thing.countries):
                self._learn(phrase, thing)
                if phrase.has_article and not phrase.open:
                    thing.descriptions.append((phrase.start, phrase.end))
                return thing
        return None

    @staticmethod
    def _is_short_complement(gap: str) -> bool:
        """ " de Economía y Finanzas, " between office and name; no verb is that short of words and marks."""
        return bool(re.fullmatch(r"(?:\s(?:de|del|de la|para|of|for|general|adjunto|adjunta)\b[^,.;:()\n]{0,60}),?\s", gap))

    def _learn_gap(self, phrase: Phrase, gap: str) -> None:
        phrase.countries += [r.country for r in self._gazetteer.evidence(gap, self._language) if r.country][:1]
        phrase.open = True

    @staticmethod
    def _learn(phrase: Phrase, thing: Thing) -> None:
        if len(phrase.classes) > _SPECIFIC:
            thing.generic |= phrase.classes
        else:
            thing.classes |= phrase.classes
        thing.gender = thing.gender or phrase.gender
        thing.organisations |= phrase.organisations
        if phrase.countries:
            thing.countries[phrase.countries[0]] += 2

    def _demonyms_before(self, text: str, things: list[Thing], owner: dict[int, tuple[Span, Thing]]) -> None:
        """ "El ruso Dmitri Ruiz", "the Chinese company Alba", "Ukraine's Olena Prueba": the state of the name after it."""
        for thing in things:
            if thing.known is not None and (thing.known.country is not None or thing.known.sector not in ("BUS", "EDU")):
                continue
            for span in thing.spans[:8]:
                word = _WORD_BEFORE.search(text[max(0, span.start - 40) : span.start])
                last = word[1] if word else ""
                bare = _POSSESSIVE.sub("", last)
                reading = self._gazetteer.reading(bare, self._language) if bare else None
                if reading is not None and reading.country and (reading.kind in ("demonym", "regional") or bare != last):
                    thing.countries[reading.country] += 1
                if thing.type == "ORG" or span.titled:
                    self._state_after(text, span, thing, owner)
                apposition = _APPOSITION.match(text, span.end) if thing.type == "ORG" else None
                for described in apposition[1].split() if apposition else ():
                    if country := self._gazetteer.demonym(described, self._language):
                        thing.countries[country] += 1

    def _state_after(self, text: str, span: Span, thing: Thing, owner: dict[int, tuple[Span, Thing]]) -> None:
        """ "Gobierno español", "Ejército de Israel", "Army of Sudan"; "el rey Felipe VI de España" of a person with an office."""
        complement = _COMPLEMENT.match(text, span.end)
        named = owner.get(complement.end()) if complement else None
        if named is not None and named[1].type == "LOC" and named[1].country:
            thing.countries[named[1].country] += 1
            return
        following = _LOWER_WORD_AFTER.match(text, span.end)
        if (
            following
            and not self._lexicon.modifiers_before
            and (country := self._gazetteer.demonym(following[1], self._language))
        ):
            thing.countries[country] += 1

    def _resolve(self, phrase: Phrase, people: list[Thing]) -> None:
        """The one person whom a description fits; a bare one ("el mandatario") only by the classes that are used so."""
        if not phrase.has_article or phrase.open:
            return
        specific = bool(phrase.countries or phrase.organisations)
        if not specific and phrase.classes not in self._lexicon.plain:
            return
        fitting = [thing for thing in people if _fits(phrase, thing, specific)]
        if not fitting and phrase.countries:
            unknown = [thing for thing in people if not thing.classes and not thing.generic]
            fitting = [thing for thing in unknown if phrase.countries[0] in thing.countries]
        if not specific and len(fitting) == 1 and not any(span.start < phrase.start for span in fitting[0].spans):
            return
        if len(fitting) == 1:
            fitting[0].descriptions.append((phrase.start, phrase.end))


def _fits(phrase: Phrase, thing: Thing, specific: bool) -> bool:
    if not phrase.classes & (thing.classes | thing.generic if specific else thing.classes):
        return False
    if phrase.gender and thing.gender and phrase.gender != thing.gender:
        return False
    if phrase.countries:
        return phrase.countries[0] in thing.countries
    if phrase.organisations:
        return bool(phrase.organisations & thing.organisations)
    return True


def main_country(countries: Counter[str]) -> str | None:
    """The state that most of the evidence names; None where two have as much."""
    ranked = countries.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
