"""Datelines and bylines at the head of a story: "PYONGYANG, 19 jun (EFE).- …", "By Jane Roe"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from teletipo.gazetteer import Gazetteer
from teletipo.languages import available, load

_HEAD = 160
"""Characters at the start of a paragraph in which a dateline must end."""
_SENTENCE = 60
"""Characters from which what follows a lone city and a dash is a story."""
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline found: its text without the separator, and where the story begins in the paragraph."""

    text: str
    end: int


class HeadLines:
    """The patterns of all languages."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        tables = [load(language, "datelines") for language in available()]
        bylines = [load(language, "boilerplate")["byline"] for language in available()]
        months = _alternatives(month for table in tables for month in table["months"])
        particles = _alternatives(word for table in tables for word in table["particles"])
        agencies = _alternatives(name for table in tables for name in table["agencies"])
        self._agency = re.compile(rf"(?:{agencies})(?!\w)", re.IGNORECASE)
        place = rf"{_NAME}(?:[ -](?:(?:{particles})\s)*{_NAME}){{0,4}}"
        places = rf"{place}(?:\s?[/,]\s?{place}){{0,3}}"
        day = rf"(?:(?:\d{{1,2}}|1º|1°)(?:\s(?:de\s)?(?i:{months})\b\.?)?|(?i:{months})\b\.?\s\d{{1,2}})(?:,?\s(?:de\s)?\d{{4}})?"
        separator = r"(?:\s?\.\s?[-–—]{1,2}|\s?[-–—]{1,2}|\s_(?=\s)|\s?:)\s?(?=\S)"
        self._dateline = re.compile(
            rf"(?P<text>(?P<place>{places})(?:\s\({_NAME}(?:\s{_NAME})?\)(?=,\s))?(?P<day>,?\s{day})?(?P<agency>\s?\((?P<name>[^()\n]{{2,40}})\))?)(?P<separator>{separator}|\.\s(?=\S)|(?(agency)\s(?=[A-ZÀ-ÖØ-Þ¿¡«“\"])|(?!))|(?(agency)$|(?!)))"
        )
        self._day_of_agency = re.compile(rf"(?P<text>{day}\s?\((?:{agencies})\))\s?[-–—]{{1,2}}\s?(?=\S)")
        openers = _alternatives(phrase for table in bylines for phrase in table["openers"])
        roles = _alternatives(role for table in bylines for role in table["roles"])
        not_agency = rf"(?!(?:{agencies}|(?i:{roles}))\b)"
        self._person = (
            rf"{not_agency}(?:{_NAME}|[A-ZÀ-ÖØ-Þ]\.)(?:\s(?:(?:de|del|la|las|los|y|van|von|da|dos|di)\s)?{_NAME}){{1,4}}"
        )
        people = rf"{self._person}(?:(?:,\s|\s(?:y|e|and|&)\s){self._person}){{0,5}}"
        suffix = rf"(?:\s?[/|,(–—-]\s?(?:(?i:{roles})|{agencies}|{_NAME})[^.!?\n]{{0,60}}|\s(?i:{roles})[^.!?\n]{{0,60}})?"
        self._byline = re.compile(rf"(?:(?i:{openers}):?\s+)(?P<names>{people}){suffix}\.?")
        self._name_line = re.compile(rf"(?P<names>{people}){suffix}\.?")
        initials = r"[A-ZÀ-ÖØ-Þ]\.(?:\s?[A-ZÀ-ÖØ-Þ]\.){0,2}"
        self._signed = re.compile(rf"(?P<names>{initials}\s{_NAME}|{initials}(?<=\..\.))(?:\s?[/|]\s?{place})?")
        self._byline_alone = {phrase.casefold() for table in bylines for phrase in table["alone"]}

    def dateline(self, paragraph: str) -> Dateline | None:
        """The dateline that opens a paragraph of the story, if one does."""
        placeless = self._day_of_agency.match(paragraph[:_HEAD])
        if placeless is not None:
            return Dateline(placeless["text"], placeless.end())
        found = self._dateline.match(paragraph[: _HEAD + 40])
        if found is None or found.end("text") > _HEAD:
            return None
        if not self._is_dateline(found):
            return None
        return Dateline(found["text"].strip() if found["day"] else found["text"].rstrip(" ."), found.end())

    def _is_dateline(self, found: re.Match[str]) -> bool:
        """A dash or a full stop alone proves nothing: a date, an agency or a known place must stand before it."""
        separator = found["separator"].strip()
        dash = any(mark in separator for mark in "-–—_")  # AP's older wires have "_" for a dash
        agency = found["name"] is not None and self._agency.match(found["name"]) is not None
        dated = found["day"] is not None and any(c.isalpha() for c in found["day"])
        if agency:
            return dash or dated or separator in (".", ":")
        if not dash:
            return False
        if dated:
            return True
        place = re.split(r"\s?[/,]\s?", found["place"])[0]
        stopped = separator.startswith(".") or place.endswith(".")
        place = place.rstrip(".")
        if not (stopped or place.isupper() or found["agency"]):
            return self._opens_story(found, place)
        return self._gazetteer.place(place.title() if place.isupper() else place) is not None

    def _opens_story(self, found: re.Match[str], place: str) -> bool:
        """ "Londres - Cada día crece …": a city, a dash between spaces, a sentence; not "París - Dakar", "Rusia - Ucrania"."""
        following = found.string[found.end() :]
        first = re.match(_NAME, following)
        if found["separator"] not in (" - ", " – ", " — ") or first is None or len(following) < _SENTENCE:
            return False
        known = self._gazetteer.place(place)
        return known is not None and known.kind == "city" and self._gazetteer.place(first[0].rstrip(".")) is None

    def is_of_agency(self, dateline: str) -> bool:
        """Whether an agency's name stands in a dateline: "Lima, 26 jul (EFE).-"."""
        named = re.search(r"\(([^()]+)\)[^()]*$", dateline)
        return named is not None and self._agency.match(named[1]) is not None

    def byline(self, paragraph: str) -> str | None:
        """Who wrote it, where the paragraph is a byline ("Por Ana Ruiz, enviada especial"): the names."""
        if len(paragraph) > 140:
            return None
        if paragraph.strip(" .").casefold() in self._byline_alone:
            return paragraph.strip(" .")
        found = self._byline.fullmatch(paragraph) or self._signed.fullmatch(paragraph)
        return found["names"] if found else None

    def is_place(self, paragraph: str) -> bool:
        """Whether a paragraph is nothing but a place's name, as papers write it under a byline."""
        name = paragraph.rstrip(" .")
        return len(name) <= 40 and name[:1].isupper() and self._gazetteer.place(name) is not None

    def name_line(self, paragraph: str) -> str | None:
        """The names where a paragraph is nothing but names; a byline only where a dateline follows or the item says so."""
        found = self._name_line.fullmatch(paragraph) if len(paragraph) <= 140 else None
        return found["names"] if found else None


def _alternatives(phrases: object) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)))  # type: ignore[call-overload]


@lru_cache(maxsize=1)
def head_lines() -> HeadLines:
    """The patterns, compiled once in a process. Raises LexiconError if a table is wrong."""
    return HeadLines(Gazetteer.load())
