"""Names that the recogniser missed: people after an office, cities after a preposition of place, acronyms, institutions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from teletipo.enrich.entities.joining import Span
from teletipo.enrich.entities.lexicon import Offices, Title, initials
from teletipo.enrich.entities.surface import lies_in, matches_at
from teletipo.enrich.entities.trimming import PERSON, WORD
from teletipo.gazetteer import Gazetteer

_LARGE_CITY = 100_000
_ACRONYM = re.compile(r"(?<![\w.'’-])(?<![A-ZÁÉÍÓÚÑ] )[A-ZÁÉÍÓÚÑ]{3,7}(?![\w'-])(?! [A-ZÁÉÍÓÚÑ]{2})")
_ACRONYM_LENGTHS = range(3, 8)
_ROMAN = re.compile(r"[IVXLC]+")
_BRACKETED = re.compile(
    r"((?:[^\W\d_a-zß-öø-ÿ][\w'’-]+\s(?:(?:of|the|and|for|de|del|la|las|los|y)\s){0,3}){1,8})\(([A-ZÁÉÍÓÚÑ]{2})\)"
)
_IN_BRACKETS = re.compile(r"\([A-ZÁÉÍÓÚÑ]{2}\)")
"""The end of _BRACKETED, which most texts do not have."""


class Missed:
    """Looks for such names in texts in one language."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Offices, language: str) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._language = language

    def people(self, text: str, titles: list[Title], known: dict[int, str]) -> list[Span]:
        """People whom the recogniser missed: two capitalised words or more after an office, one demonym between at most.

        A name between commas ("its founder, Ren Ruiz, spoke") counts where the recogniser sees nothing.
        """
        spans = []
        for title in titles:
            if "family" in title.classes:
                continue
            apart = text.startswith(", ", title.end)
            start = title.end + (2 if apart else 1)
            if not apart and text[title.end : start] != " ":
                continue
            word = WORD.match(text, start)
            if (
                word
                and not self._lexicon.modifiers_before
                and word[0].islower()
                and self._gazetteer.demonym(word[0], self._language)
            ):
                start = word.end() + (2 if text[word.end() : word.end() + 2] == ", " else 1)
            person = PERSON.match(text, start)
            if person is None or known.get(start) == "PER" or " " not in person[0]:
                continue
            if apart and (start in known or text[person.end() : person.end() + 1] != ","):
                continue
            if self._gazetteer.reading(person[0], self._language) or self._lexicon.type_of_name(person[0]):
                continue
            spans.append(Span(start, person.end(), person[0], "PER", titled=True, recognised=True))
        return spans

    def cities(self, text: str, capitals: Sequence[tuple[int, str]], known: set[int]) -> list[Span]:
        """Cities that the recogniser missed: a large one's name after a preposition of place."""
        spans = []
        ends = self._lexicon.located_after
        starts = (start for start, _ in capitals if text[start - 2 : start] in ends)
        for found in matches_at(self._lexicon.located, text, starts):
            if found.start(1) in known:
                continue
            place = self._gazetteer.place(found[1], (), self._language)
            if place is not None and place.kind == "city" and place.population >= _LARGE_CITY:
                spans.append(Span(found.start(1), found.end(1), found[1], "LOC", recognised=True))
        return spans

    def organisations(
        self,
        text: str,
        capitals: Sequence[tuple[int, str]],
        shouted: list[tuple[int, int]],
        titles: list[Title],
        known: set[int],
    ) -> list[Span]:
        """Acronyms and institutions that the recogniser missed ("SRE", "el Ejército", "Bank of Japan")."""
        known |= {offset for title in titles for offset in range(title.start, title.end)}
        institutions = [
            Span(found.start(1), found.end(1), found[1], "ORG", recognised=True)
            for found in self._lexicon.institutions_in(text, capitals)
            if found.start(1) not in known and not lies_in(shouted, found.start())
        ]
        institutions += [
            Span(found.start(2), found.end(2), found[2], "ORG", recognised=True)
            for found in (_BRACKETED.finditer(text) if _IN_BRACKETS.search(text) else ())
            if initials(found[1]).endswith(found[2]) and not lies_in(shouted, found.start())
        ]
        acronyms = (start for start, word in capitals if len(word) in _ACRONYM_LENGTHS and word.isupper())
        return institutions + [
            Span(found.start(), found.end(), found[0], "ORG", recognised=True)
            for found in matches_at(_ACRONYM, text, acronyms)
            if found.start() not in known
            and found[0] not in self._lexicon.no_acronyms
            and not _ROMAN.fullmatch(found[0])
            and not lies_in(shouted, found.start())
        ]
