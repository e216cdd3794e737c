"""Which type each name has: the gazetteer's, its head's, that of a titled person, else the recogniser's majority."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from teletipo.enrich.entities.joining import Span
from teletipo.enrich.entities.lexicon import Offices
from teletipo.enrich.entities.neighbours import like_the_rest, lists, places_by_state, words_of_places
from teletipo.gazetteer import Gazetteer

_MOVED = re.compile(r"\s\([-+−–][\d.,]+\s?%\)")
"""What a share has done: only a company or an index has that after its name."""
_PREPOSITION = re.compile(r"(\w+)\s$")


def _goes_on(one: Span, other: Span, text: str) -> bool:
    """Whether a list goes on with a name that nothing is known of and that is no full name of a person."""
    listed = text[one.end : other.start] in (", ", " y ", " e ", " and ", ", and ")
    return listed and other.hit is None and not other.titled and (other.type != "PER" or " " not in other.text)


def _first(votes: Counter[str]) -> str:
    return votes.most_common(1)[0][0]


class Types:
    """Settles the types of names in texts in one language."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Offices, language: str) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._language = language

    def settle(self, spans: list[Span], text: str) -> None:
        """One type for one spelling: the gazetteer's, its head's, a titled person's, else the recogniser's majority."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for span in spans:
            if span.hit is not None:
                votes[span.text][span.type] += 100
            else:
                self._vote(span, text, votes[span.text])
        for first, second, third in zip(spans, spans[1:], spans[2:], strict=False):
            if text[first.end : second.start] == ", " and _goes_on(second, third, text):
                votes[third.text]["LOC"] += 2 * all(one.hit is not None and one.type == "LOC" for one in (first, second))
        self._ask_neighbours(spans, text, votes)
        full_people = [name for name, count in votes.items() if " " in name and count.most_common(1)[0][0] == "PER"]
        surnames = {part for name in full_people for part in name.split()[-2:]} | {name.split()[0] for name in full_people}
        surnames |= {" ".join(name.split()[-2:]) for name in full_people if name.count(" ") > 1}  # "Le Pen"
        for span in spans:
            if span.hit is None:
                count = votes[span.text]
                if span.text in surnames:
                    count["PER"] += 3
                span.type = count.most_common(1)[0][0]
                reading = self._gazetteer.reading(span.text, self._language)
                if reading is not None and reading.kind in ("name", "capital", "region") and not span.titled:
                    span.type = "LOC" if span.text not in surnames else span.type
                elif span.known is None and span.type != "PER":
                    span.known = self._gazetteer.known(span.text, span.type, self._language, (), True)

    def _vote(self, span: Span, text: str, votes: Counter[str]) -> None:
        """What the recogniser, the words around and the name itself say of a name that the gazetteer does not have."""
        lexicon = self._lexicon
        votes[span.type] += 4 if span.titled else 1
        if span.type != "LOC" and self._stands_as_place(span, text):
            votes["LOC"] += 2
        before = text[max(0, span.start - 40) : span.start]
        if not span.titled:
            for kind, cue in lexicon.cues.items() if lexicon.may_cue(before) else ():
                if cue.search(before):
                    votes[kind] += 4
            if lexicon.cues_after.match(text, span.end) or _MOVED.match(text, span.end):
                votes["ORG"] += 4
        if span.type == "LOC" and " " in span.text and self._follows_demonym(before):
            votes["PER"] += 4
        if " " in span.text and self._looks_like_person(span.text):
            votes["PER"] += 4
        head = lexicon.type_of_name(span.text) or (None if span.titled else self._of_company(span.text))
        if head is not None:
            votes[head] += 5

    def _ask_neighbours(self, spans: list[Span], text: str, votes: dict[str, Counter[str]]) -> None:
        for span in places_by_state(spans, text, self._lexicon):
            votes[span.text]["LOC"] += 3 if span.hit is None else 0
        words = words_of_places(spans, self._lexicon)
        for word in words & votes.keys():
            votes[word]["LOC"] += 3
        alone = {span.text for span in spans if span.hit is None and " " not in span.text and _first(votes[span.text]) == "PER"}
        for span in spans:
            last = span.text.rpartition(" ")[2]
            if last in alone and last != span.text and span.type == "ORG" and not self._is_body(span):
                votes[span.text]["PER"] += 2  # "Zofia Kowal", whom the text calls Kowal elsewhere
        for run in lists(spans, text):
            kind, others = like_the_rest(run, votes) or ("", [])
            for span in others:
                votes[span.text][kind] += 2

    def _is_body(self, span: Span) -> bool:
        return span.hit is not None or span.known is not None or self._lexicon.type_of_name(span.text) is not None

    def _of_company(self, name: str) -> str | None:
        """ "Google Store", "Toyota España": a company's name and a word more."""
        first, _, rest = name.partition(" ")
        known = self._gazetteer.organisation(first, self._language) if rest else None
        return "ORG" if known is not None and known.sector == "BUS" else None

    def _follows_demonym(self, before: str) -> bool:
        """ "La polaca Zofia Ruiz": a person, or a team that the recogniser calls a place."""
        words = before.split()
        articled = len(words) > 1 and words[-2].casefold() in self._lexicon.articles and before.endswith(" ")
        return articled and not self._lexicon.modifiers_before and self._gazetteer.demonym(words[-1], self._language) is not None

    def _looks_like_person(self, name: str) -> bool:
        """A known surname last, or a family name first with a hyphen after it ("Kim Yo-jong")."""
        first, _, last = name.partition(" ")
        return name.rpartition(" ")[2] in self._lexicon.surnames or (first in self._lexicon.family_first and "-" in last)

    def _stands_as_place(self, span: Span, text: str) -> bool:
        """ "En Medellín": a known city after a preposition of place."""
        before = _PREPOSITION.search(text[max(0, span.start - 12) : span.start])
        if before is None or before[1].casefold() not in self._lexicon.locatives:
            return False
        return self._gazetteer.place(span.text, (), self._language) is not None
