"""From names to things: which spans of a text speak of one person, organisation or place."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from teletipo.enrich.entities.joining import Span
from teletipo.enrich.entities.lexicon import Offices, initials
from teletipo.gazetteer import Gazetteer, Known, Place, fold

_PARTICLES = frozenset(
    ["de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "von", "van", "der", "den", "di", "bin", "ben", "al", "el"]
)
_CANDIDATES = 100
"""People of one surname that a name is compared with; an article has two or three, a list of names thousands."""
_CAPITAL_PARTICLE = re.compile(r"(?<![\w'’-])((?:De|Del|Di|Da|Du|La|Le|Van|Von) (?:la |las |los |der )?)$")
_SURNAME = re.compile(r"(?:(?<=\s)(?:De|Del|Di|Da|Du|La|Le|Van|Von) (?:la |las |los |der )?)?\S+$")
_ARABIC_ARTICLE = re.compile(r"^(?:al|el)-(?=\w{3})")
_LAST_VOWELS = re.compile(r"(?:yy|iy|ij|yi|y|i)$")
_ARTICLE = re.compile(r"^(?:the|el|la|los|las)\s", re.IGNORECASE)
_COMPLEMENT = re.compile(r"\s(?:de|del|of)\s")
_EXPANDED = re.compile(r"\s?\(\s?$")


@dataclass(slots=True, eq=False)
class Thing:
    """One thing talked about: its type, its mentions' offsets, what the text says and the gazetteer knows of it."""

    type: str
    spans: list[Span] = field(default_factory=list)
    descriptions: list[tuple[int, int]] = field(default_factory=list)
    known: Known | None = None
    place: Place | None = None
    country: str | None = None
    """The state of a country's name or of a government's seat."""
    classes: set[str] = field(default_factory=set)
    """Classes of the offices that the text gives the person."""
    generic: set[str] = field(default_factory=set)
    """Classes that a word such as "líder" leaves open: they fit a description only together with a state."""
    gender: str | None = None
    """m or f, by the article of an office."""
    countries: Counter[str] = field(default_factory=Counter)
    organisations: set[str] = field(default_factory=set)

    name: str = ""
    """The fullest form in the text; of equally long ones the first, rather not in capitals."""
    starts: list[int] = field(default_factory=list)
    """Offsets of the mentions, sorted."""

    def add(self, *spans: Span) -> None:
        """Take mentions in."""
        for span in spans:
            self.spans.append(span)
            insort(self.starts, span.start)
            if span.text != self.name and (not self.name or _fullness(span.text) > _fullness(self.name)):
                self.name = span.text

    @property
    def forms(self) -> set[str]:
        """All spellings found."""
        return {span.text for span in self.spans}


def _fullness(name: str) -> tuple[int, int, bool]:
    return len(name.split()), len(name), not name.isupper()


def gather(spans: list[Span], text: str, gazetteer: Gazetteer, lexicon: Offices, language: str) -> list[Thing]:
    """All things of a text, each span in one."""
    people = _people([span for span in spans if span.type == "PER"], text)
    others = _others([span for span in spans if span.type != "PER"], text, gazetteer, language)
    _join_single_words(others, text, lexicon)
    full = [person for person in people if " " in person.name]
    rest = [person for person in people if " " not in person.name] + others
    by_initials = _by_initials(full)
    return full + [thing for thing in rest if not _is_joined_to_person(thing, by_initials)]


def _by_initials(things: list[Thing]) -> dict[str, list[Thing]]:
    table: dict[str, list[Thing]] = {}
    for thing in things:
        table.setdefault(initials(thing.name), []).append(thing)
    return table


def _is_joined_to_person(thing: Thing, people: dict[str, list[Thing]]) -> bool:
    """ "AMLO" is Andrés Manuel López Obrador where the text has him and no organisation of those letters."""
    name = thing.name
    if not (name.isupper() and 3 <= len(name) <= 5) or thing.known is not None or thing.country is not None:
        return False
    named = people.get(name, [])
    if len(named) == 1:
        named[0].add(*thing.spans)
    return len(named) == 1


def _people(spans: list[Span], text: str) -> list[Thing]:
    full: list[Thing] = []
    by_part: dict[str, list[Thing]] = {}
    longest_first = sorted(spans, key=lambda span: -len(_parts(span.text)))
    for span in longest_first:
        parts = _parts(span.text)
        if len(parts) < 2:
            break
        thing = next(
            (thing for thing in by_part.get(parts[0], [])[-_CANDIDATES:] if _same_person(parts, _parts(thing.name))), None
        )
        if thing is None:
            thing = Thing("PER")
            full.append(thing)
        thing.add(span)
        for part in parts:
            if thing not in (entries := by_part.setdefault(part, [])):
                entries.append(thing)
    return full + _short_names([span for span in spans if len(_parts(span.text)) < 2], by_part, text)


def _short_names(spans: list[Span], by_part: dict[str, list[Thing]], text: str) -> list[Thing]:
    """A surname alone is the person of that name spoken of last before it, else the next one; two stay two."""
    alone: dict[str, Thing] = {}
    for span in spans:
        parts = _parts(span.text)
        key = parts[0] if parts else fold(span.text)
        candidates = (by_part.get(key) or by_part.get(_surname_key(key)) or [])[-_CANDIDATES:]
        surname_of = [thing for thing in candidates if _is_surname(key, thing)]
        thing = nearest(span.start, surname_of or candidates)
        if thing is None:
            thing = alone.setdefault(key, Thing("PER"))
        _take_particle(span, thing, text)
        thing.add(span)
    return list(alone.values())


def _take_particle(span: Span, thing: Thing, text: str) -> None:
    """ "De" of "De Vido", where the full name has it."""
    particle = _CAPITAL_PARTICLE.search(text[max(0, span.start - 12) : span.start])
    if particle and f" {particle[1]}{span.text}" in thing.name:
        span.start -= len(particle[1])
        span.text = particle[1] + span.text


def surname(name: str) -> str:
    """The last word of a name, with the particles that are written with a capital: "De Vido"."""
    found = _SURNAME.search(name)
    return found[0] if found else name


def nearest(start: int, candidates: list[Thing]) -> Thing | None:
    """The thing spoken of last before an offset, else the first after it."""
    if len(candidates) < 2:
        return candidates[0] if candidates else None

    def distance(thing: Thing) -> tuple[int, int]:
        at = bisect_left(thing.starts, start)
        return (0, start - thing.starts[at - 1]) if at else (1, thing.starts[0] - start)

    return min(candidates, key=distance)


def _is_surname(part: str, thing: Thing) -> bool:
    """Whether a part is what a person is called by alone: any but the first name, or the first of "Kim Jong-un"."""
    parts = _parts(thing.name)
    return part in parts[1:] or _surname_key(part) in map(_surname_key, parts[1:]) or (part == parts[0] and "-" in parts[-1])


@lru_cache(maxsize=32_768)
def _parts(name: str) -> tuple[str, ...]:
    words = (_surname_key(_ARABIC_ARTICLE.sub("", word)) for word in fold(name).split())
    return tuple(part for part in words if part and part not in _PARTICLES)


def _surname_key(part: str) -> str:
    """Transliterations of one Russian or Ukrainian surname end alike: Zelenskyy, Zelensky, Zelenski, Zelenskiy."""
    return _LAST_VOWELS.sub("i", part) if len(part) > 4 else part


def _same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """One name has all parts of the other, and both begin alike ("Cristina Kirchner", "Cristina Fernández de Kirchner"), or the
    shorter one is the surnames ("Lacalle Pou")."""
    shorter, longer = sorted((one, other), key=len)
    if shorter[0] == longer[0]:
        return set(shorter) <= set(longer)
    return any(longer[at : at + len(shorter)] == shorter for at in range(1, len(longer) - len(shorter) + 1))


def _others(spans: list[Span], text: str, gazetteer: Gazetteer, language: str) -> list[Thing]:
    things: dict[tuple[str, str], Thing] = {}
    for span in spans:
        key = _key(span, gazetteer, language)
        thing = things.setdefault(key, Thing(span.type))
        thing.add(span)
        thing.known = thing.known or span.known
        if span.hit is not None and span.hit.kind in ("name", "seat"):
            thing.country = span.hit.country
        elif key[0] == "LOC" and key[1][1:] in gazetteer.countries:
            thing.country = key[1][1:]
    _join_acronyms(things, text)
    _join_short_forms(things)
    return list(things.values())


def _key(span: Span, gazetteer: Gazetteer, language: str) -> tuple[str, str]:
    if span.known is not None:
        return span.known.type, f"={span.known.key}"
    if span.hit is not None and span.hit.kind == "name":
        return "LOC", f"={span.hit.country}"
    if span.hit is not None and span.hit.kind == "capital":
        place = gazetteer.place(span.text, (span.hit.country or "",), language)
        return "LOC", f"={place.geonames_id}" if place and place.geonames_id else fold(span.text)
    if span.type == "LOC":
        reading = gazetteer.reading(span.text, language)
        if reading is not None and reading.kind == "name" and span.hit is None:
            return "LOC", f"={reading.country}"
    return span.type, fold(_ARTICLE.sub("", span.text))


def _join_acronyms(things: dict[tuple[str, str], Thing], text: str) -> None:
    """ "Banco Central Europeo (BCE)": by the bracket, else by the initials where only one name has them."""
    organisations = [thing for thing in things.values() if thing.type in ("ORG", "MISC")]
    long_names = [thing for thing in organisations if " " in thing.name]
    by_initials = _by_initials(long_names)
    ends = {span.end: thing for thing in long_names for span in thing.spans}
    for key, thing in list(things.items()):
        name = thing.name
        if " " in name or not 2 <= len(name) <= 12:
            continue
        if thing.known is not None and thing.known.country is None and thing.known.sector != "PTY" and thing.type != "ORG":
            continue
        full = _before_bracket(thing, ends, text)
        if full is not None and full.name[0] != name[0] and not name.isupper():
            full = None
        if full is None and name.isupper():
            matching = by_initials.get(name.replace(".", ""), [])
            full = matching[0] if len(matching) == 1 else None
        if full is not None and full is not thing:  # "RSF" in a text on the Rapid Support Forces is not Reporters Without Borders
            full.add(*thing.spans)
            full.known = full.known or (thing.known if full.known is None and _agrees(thing.known, full) else None)
            del things[key]


def _agrees(known: Known | None, thing: Thing) -> bool:
    return known is not None and fold(thing.name) in {fold(alias) for alias in known.aliases}


def _before_bracket(thing: Thing, ends: dict[int, Thing], text: str) -> Thing | None:
    for span in thing.spans:
        bracket = _EXPANDED.search(text[max(0, span.start - 3) : span.start])
        if bracket:
            end = max(0, span.start - 3) + bracket.start()
            if end in ends:
                return ends[end]
    return None


def _join_short_forms(things: dict[tuple[str, str], Thing]) -> None:
    """ "Banco Central" after "Banco Central de Chile", where only one longer name begins so."""
    longer: dict[str, list[Thing]] = {}
    for thing in things.values():
        words = fold(thing.name).split() if thing.type == "ORG" else []
        for count in range(2, min(len(words), 8)):
            longer.setdefault(" ".join(words[:count]), []).append(thing)
    for key, thing in list(things.items()):
        if thing.type != "ORG" or thing.known is not None:
            continue
        matching = longer.get(fold(thing.name), [])
        if len(matching) == 1:
            matching[0].add(*thing.spans)
            del things[key]


def _join_single_words(things: list[Thing], text: str, lexicon: Offices) -> None:
    """ "La Comisión" after "Comisión Europea", where only one longer name has that head and nothing else follows."""
    longer: dict[tuple[str, str], list[Thing]] = {}
    for thing in things:
        forms = [form.split() for form in thing.forms if " " in form]
        heads = {words[-1 if lexicon.modifiers_before else 0] for words in forms}
        for head in heads | {words[-1] for words in forms if words[-1] in lexicon.short_last}:
            longer.setdefault((thing.type, head), []).append(thing)
    lead_end = text.find("\n", text.find("\n\n") + 2) if "\n\n" in text else 0
    lead_end = len(text) if lead_end < 0 else lead_end
    short = {"ORG": lexicon.short_heads | lexicon.short_last, "LOC": lexicon.loc_heads}
    for thing in [thing for thing in things if thing.known is None and thing.name in short.get(thing.type, ())]:
        whole = longer.get((thing.type, thing.name), [])
        if len(whole) != 1 or (thing.type == "ORG" and not _is_introduced(whole[0], thing, lead_end)):
            continue
        if any(_COMPLEMENT.match(text, span.end) for span in thing.spans):
            continue
        whole[0].add(*thing.spans)
        things.remove(thing)


def _is_introduced(whole: Thing, thing: Thing, lead_end: int) -> bool:
    """Whether the full name stands before its short form, or in the lead under a headline that has the short one.

    Bodies that all the world knows need no introduction.
    """
    first = whole.starts[0]
    return first < thing.starts[0] or first < lead_end or (whole.known is not None and whole.known.sector == "IGO")
