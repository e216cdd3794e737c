"""Two names in one stretch: "senador del PAN Ricardo Anaya", "exgobernador de Córdoba Hernán Ruiz"."""

from __future__ import annotations

import re
from bisect import bisect_right

from teletipo.enrich.entities.joining import Span
from teletipo.enrich.entities.lexicon import Offices, Title
from teletipo.enrich.entities.trimming import PERSON
from teletipo.gazetteer import Gazetteer

_OF = re.compile(r"\b(?:de|del|of)\s$")
_OF_BODY = re.compile(r" (?:del|de la|de los|de las|of the|of) (?=([^\W\d_a-zß-öø-ÿ][\w-]+))")


class Splitter:
    """Splits names of texts in one language."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Offices, language: str) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._language = language

    def split(self, span: Span, text: str, titles: list[Title], ends: list[int]) -> list[Span]:
        """ "senador del PAN Ricardo Anaya": the party's name and the person's."""
        if (pieces := self._split_place(span, text, titles, ends)) is not None:
            return pieces
        if (pieces := self._split_body(span)) is not None:
            return pieces
        portfolio = self._lexicon.portfolios.match(f" de {span.text}")
        person = span.text[portfolio.end() - 3 :] if portfolio is not None else ""
        if " " in person and PERSON.fullmatch(person) and _OF.search(text[max(0, span.start - 5) : span.start]):
            middle = span.end - len(person)
            return [Span(middle, span.end, person, "PER", titled=True, recognised=True, cut=True)]
        first, link, rest = span.text.partition(" ")
        if first.isupper() and rest.startswith("de "):
            link, rest = " de ", rest.removeprefix("de ")
        if " " not in rest or PERSON.fullmatch(rest) is None:
            return [span]
        if first in self._lexicon.no_acronyms:
            return [Span(span.start + len(first) + 1, span.end, rest, "ORG", recognised=True)]  # "ONG Foro Penal"
        if self._gazetteer.organisation(first, self._language) is None and not (first.isupper() and len(first) <= 6):
            return [span]
        if not first.isupper() and not _OF.search(text[max(0, span.start - 5) : span.start]):
            return [span]
        middle = span.start + len(first)
        if first.endswith(".") and len(first) == 2:
            return [Span(middle + 1, span.end, rest, "PER", recognised=True)]
        return [
            Span(span.start, middle, first, "ORG", recognised=True),
            Span(middle + len(link), span.end, rest, "PER", titled=True, recognised=True),
        ]

    def _split_body(self, span: Span) -> list[Span] | None:
        """ "Ana Ruiz del Partido Azul", "Ana Ruiz of Lyon": the person, and whose or from where she is."""
        for link in _OF_BODY.finditer(span.text) if span.type == "PER" else ():
            person, rest = span.text[: link.start()], span.text[link.end() :]
            kind = self._whose(link[1], rest)
            if kind is not None and " " in person and PERSON.fullmatch(person):
                middle = span.start + len(person)
                return [
                    Span(span.start, middle, person, "PER", recognised=True, cut=span.cut, titled=span.titled),
                    Span(span.start + link.end(), span.end, rest, kind, recognised=True),
                ]
        return None

    def _whose(self, head: str, name: str) -> str | None:
        """The type of what stands behind a person's name and "of"; in English a town may, in Spanish that is a surname."""
        if not self._lexicon.modifiers_before:
            return "ORG" if head in self._lexicon.org_heads else None
        if self._gazetteer.place(name, (), self._language) is not None:
            return "LOC"
        return self._lexicon.type_of_name(name)

    def holder(self, span: Span, people: dict[str, set[str]]) -> list[Span]:
        """ "Tribunal Supremo Ana Ruiz" of "el juez del Tribunal Supremo Ana Ruiz", where the text has Ana Ruiz elsewhere.

        `people` are the people's names of the text by their last words.
        """
        words = span.text.split(" ")
        if span.type == "PER" or len(words) < 2 or words[0] in self._lexicon.named_after:
            return [span]
        named = people.get(words[-1])
        if not named:
            return [span]
        known = self._gazetteer.known(span.text, None, self._language) is not None
        placed = any(self._gazetteer.reading(" ".join(words[at:]), self._language) for at in range(1, len(words)))
        if known or placed:
            return [span]
        cuts = [(" ".join(words[:count]), " ".join(words[count:])) for count in range(len(words) - 1, 0, -1)]
        cuts = [(name, person) for name, person in cuts if PERSON.fullmatch(person) and self._is_organisation(name)]
        cuts = [(name, person) for name, person in cuts if not name.split(" ")[-1].islower()]
        # A name in full elsewhere, else first name and surname, else the surname alone.
        whole = [cut for cut in cuts if " " in cut[1] and cut[1] in named]
        two = [cut for cut in cuts if cut[1].count(" ") == 1]
        if not cuts:
            return [span]
        name, person = (whole or two or cuts)[0]
        middle = span.start + len(name)
        return [
            Span(span.start, middle, name, "ORG", recognised=True),
            Span(middle + 1, span.end, person, "PER", recognised=True),
        ]

    def _is_organisation(self, name: str) -> bool:
        if name.isupper() or self._lexicon.type_of_name(name) == "ORG":
            return True
        if self._gazetteer.organisation(name, self._language) is not None:
            return True
        return self._lexicon.portfolios.fullmatch(f" de {name}") is not None

    def _split_place(self, span: Span, text: str, titles: list[Title], ends: list[int]) -> list[Span] | None:
        """ "Exgobernador de Córdoba Hernán Ruiz", "Ohio Treasurer Dale Ruiz": the place's name and the person's."""
        words = span.text.split(" ")
        if span.type != "PER" or len(words) < 3 or self._lexicon.modifiers_before:
            return None
        at = bisect_right(ends, span.start)
        if not at or not re.fullmatch(r" (?:de|del|de la) ", text[ends[at - 1] : span.start]):
            return None
        for count in range(min(3, len(words) - 2), 0, -1):
            name, person = " ".join(words[:count]), " ".join(words[count:])
            if self._gazetteer.organisation(name, self._language) is not None:
                return None
            if self._gazetteer.place(name, (), self._language) is not None and PERSON.fullmatch(person):
                middle = span.start + len(name)
                return [
                    Span(span.start, middle, name, "LOC", recognised=True),
                    Span(middle + 1, span.end, person, "PER", titled=True, recognised=True),
                ]
        return None
