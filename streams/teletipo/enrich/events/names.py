"""Names in an article as its participants are read: mentions of entities, and the states that a stretch of text speaks of."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from teletipo.enrich.events.view import View
from teletipo.gazetteer import Gazetteer
from teletipo.records import Entity


class Names:
    """The named mentions and the states of one article."""

    def __init__(self, view: View, entities: list[Entity], gazetteer: Gazetteer) -> None:
        self.view = view
        self.gazetteer = gazetteer
        self.language = view.grammar.language
        self._owners = sorted(((m.start, m.end, e) for e in entities for m in e.mentions), key=lambda row: (row[0], -row[1]))
        self._starts = [row[0] for row in self._owners]
        self._ents = sorted((e.start_char, e.end_char, e.label_) for e in view.doc.ents)
        self._ent_starts = [e[0] for e in self._ents]
        self._countries: dict[str, str | None] = {}
        self._capitals: dict[tuple[int, int], bool] = {}
        self._sentence_starts = [view.start[a] for a, _ in view.sentences]
        self._tells = gazetteer.tells(self.language)
        self._mentions: dict[int, tuple[int, int, Entity | None, str] | None] = {}
        self._states_cache: dict[int, list[tuple[int, int, str]]] = {}

    def mention(self, i: int) -> tuple[int, int, Entity | None, str] | None:
        """The named mention that covers a token: offsets, its entity, its NER type."""
        if i not in self._mentions:
            self._mentions[i] = self._mention(i)
        return self._mentions[i]

    def _mention(self, i: int) -> tuple[int, int, Entity | None, str] | None:
        at = self.view.start[i]
        k = bisect_right(self._starts, at) - 1
        for row in self._owners[max(0, k - 3) : k + 1][::-1]:
            if row[0] <= at < row[1] and self._named(row[0], row[1]):
                return row[0], row[1], row[2], row[2].type
        k = bisect_right(self._ent_starts, at) - 1
        if k >= 0 and self._ents[k][0] <= at < self._ents[k][1]:
            start, end, label = self._ents[k]
            return start, end, None, label
        return None

    def _named(self, start: int, end: int) -> bool:
        """A description ("el presidente ruso") is a mention too, but no name."""
        found = self._capitals.get((start, end))
        if found is None:
            found = self._capitals[start, end] = any(c.isupper() for c in self.view.text[start:end])
        return found

    @cached_property
    def states_named(self) -> frozenset[str]:
        """The states that the article names."""
        return frozenset(self.evidence(0, len(self.view.text)))

    def described(self, start: int, end: int) -> Entity | None:
        """The entity one of whose mentions overlaps a range."""
        for s, e, entity in self._owners:
            if s < end and start < e:
                return entity
            if s >= end:
                break
        return None

    def country_of(self, text: str) -> str | None:
        """The one state that a phrase speaks of."""
        if text not in self._countries:
            found = self.gazetteer.country(text, self.language)
            if found is None:
                readings = self.gazetteer.evidence(text, self.language)
                seen = [r.country for r in readings if r.country]
                found = seen[0] if seen else None
            self._countries[text] = found
        return self._countries[text]

    def evidence(self, start: int, end: int) -> list[str]:
        """States named in a range of the text, in order; a sentence is read once."""
        found: list[str] = []
        if not self._sentence_starts:
            return found
        first, last = self._sentence_at(start), self._sentence_at(max(start, end - 1))
        for number in range(first, last + 1):
            found += [country for a, b, country in self._states(number) if start < b <= end]
        return found

    def _sentence_at(self, offset: int) -> int:
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def _states(self, number: int) -> list[tuple[int, int, str]]:
        if number not in self._states_cache:
            view = self.view
            a, b = view.sentences[number]
            self._states_cache[number] = []
            if any(map(self._tells, view.word[a:b])):  # as few sentences of a text
                low, high = view.start[a], view.end[b - 1]
                readings = self.gazetteer.evidence(view.text[low:high], self.language)
                self._states_cache[number] = [(r.start + low, r.end + low, r.country) for r in readings if r.country]
        return self._states_cache[number]
