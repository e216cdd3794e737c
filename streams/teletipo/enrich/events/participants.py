"""From a noun phrase to a Participant: the name nearest by, state, sector, linked entity (coding.md, 14)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from teletipo import languages
from teletipo.enrich.events.affiliations import sector_within, seeming_states, state_of_movement
from teletipo.enrich.events.appositions import stretched
from teletipo.enrich.events.coordination import coordinated, share_state
from teletipo.enrich.events.names import Names
from teletipo.enrich.events.naming import name_in
from teletipo.enrich.events.roles import STATELESS, roles, sector_at
from teletipo.enrich.events.titles import titled
from teletipo.enrich.events.view import VERBAL, View
from teletipo.gazetteer import Gazetteer, Place
from teletipo.records import Entity, Participant

_INNER = frozenset(
    {
        "det",
        "amod",
        "nmod",
        "flat",
        "compound",
        "nummod",
        "case",
        "fixed",
        "nmod:poss",
        "flat:name",
        "nmod:desc",
        "det:poss",
        "name",
    }
)
_COUNTED = frozenset({"nmod", "obl", "acl", "appos", "dep"})
_QUOTES = frozenset('"«“‘')
_NAME = frozenset({"flat", "compound", "fixed", "flat:name", "name"})


@dataclass(slots=True)
class Side:
    """A participant with what the coder needs beside the record: its head token, its kind, whether its state was said."""

    head: int
    participant: Participant
    kind: str
    sector: str | None
    said: bool
    place_only: bool = False

    def key(self) -> str:
        """What makes two mentions the same participant within an event."""
        p = self.participant
        return p.entity or f"{p.country}/{p.sector}/{p.name.casefold()}"


def fold(text: str) -> str:
    """Case-folded text without accents, for keys."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


class Cast(Names):
    """Finds the participants of one article."""

    def __init__(self, view: View, entities: list[Entity], gazetteer: Gazetteer) -> None:
        super().__init__(view, entities, gazetteer)
        self.roles = roles(self.language)
        self._cache: dict[int, list[Side]] = {}
        self._single: dict[int, Side | None] = {}
        self._sectors: dict[int, str | None] = {}

    def sector_at(self, i: int) -> str | None:
        """Sector of a role noun at a token."""
        if i not in self._sectors:
            view = self.view
            beside = view.pos[i] == "ADJ" and view.dep[i] == "amod" and view.head[i] == i - 1  # "llamada telefónica"
            self._sectors[i] = None if beside else sector_at(view, i, self.roles) or self._sector_before(i)
        return self._sectors[i]

    def span(self, head: int) -> tuple[int, int]:
        """Token range of a noun phrase without its appositions and clauses."""
        view = self.view
        low, high, stack = head, head, [head]
        sentence = view.sentence_of[head]
        while stack:
            node = stack.pop()
            for c in view.children[node]:
                if view.dep[c] in _INNER and view.sentence_of[c] == sentence and abs(c - head) < 25:
                    low, high = min(low, c), max(high, c)
                    stack.append(c)
        for i in range(low, high):
            if i > head and view.lower[i] in (",", ";", ":"):
                high = i - 1
                break
        for i in range(head - 1, low - 1, -1):
            if view.lower[i] in (",", ";", ":"):
                low = i + 1
                break
        return low, high + 1

    def _sector_before(self, i: int) -> str | None:
        """ "rebeldes tuaregs": the role that the tagger took for an adjective of the noun behind it."""
        view = self.view
        if i == 0 or view.pos[i] != "NOUN" or view.pos[i - 1] != "ADJ" or view.head[i - 1] != i:
            return None
        return sector_at(view, i - 1, self.roles) if view.morph(i - 1, "Number") == view.morph(i, "Number") else None

    def sides(self, head: int) -> list[Side]:
        """The participants of a noun phrase with those coordinated to it; empty where nobody is named."""
        if head not in self._cache:
            found: list[Side] = []
            for h in coordinated(self.view, head):
                sides: list[Side | None] = [*titled(self, h)] or [self.side(h)]
                for side in sides:
                    if side is not None and all(side.key() != other.key() for other in found):
                        found.append(side)
            self._cache[head] = share_state(self.view, found) if len(found) > 1 else found
        return self._cache[head]

    def doers(self, head: int) -> list[Side]:
        """The participants of a subject; of an event noun, those who do it ("la visita de Putin se produce …")."""
        if sides := self.sides(head):
            return sides
        found: list[Side] = []
        view = self.view
        for c in view.children[head]:
            case = view.case(c)
            owns = case in view.grammar["genitive"]
            acts = c > head and case in view.grammar["agent"]
            if owns or acts:
                found += [s for s in self.sides(c) if (owns and s.kind in ("person", "state")) or (acts and not s.place_only)]
        return found

    def side(self, head: int) -> Side | None:
        """The participant that a noun phrase names, without those coordinated to it."""
        if head not in self._single:
            self._single[head] = self._side(head)
        return self._single[head]

    def know(self, head: int, side: Side) -> None:
        """Keep what other words said of a phrase, for whoever asks after it later."""
        self._single[head] = side

    def _side(self, head: int) -> Side | None:
        view = self.view
        if view.pos[head] == "PRON" or any(True for _ in view.phrases_at(head, "nobody")):
            return None
        low, high = self.span(head)
        start, end = view.start[low], view.end[high - 1]
        countries = self.evidence(start, end)
        if view.lemma[head] in view.grammar["counterparts"]:
            wide = stretched(self.view, high)
            countries = countries or self.evidence(start, view.end[wide - 1])
            high = high if countries and name_in(self, head, wide) is None else wide
        named = name_in(self, head, high)
        sector = self.sector_at(head)
        if named is not None:
            titles = (c for c in view.children[head] if c < head and view.dep[c] in ("compound", "nmod:desc"))
            sector = sector or next((s for c in titles if (s := self.sector_at(c))), None)  # "Kenyan President William Ruto"
            return self.from_name(head, named, sector, countries)
        if sector is None and countries and view.pos[head] in ("PROPN", "ADJ", "NOUN", "X") and self._whole_state(head):
            return self._make(
                head,
                view.start[head],
                view.end[head],
                view.text[view.start[head] : view.end[head]],
                None,
                countries[0],
                None,
                "state",
            )
        if sector is None:
            return self._through_quantity(head) or self._through_owner(head)
        text_start, text_end = self._core(head, high)
        entity = self.described(text_start, text_end)
        country = self._own_country(countries, head, high) or (entity.country if entity and entity.type != "LOC" else None)
        sector = sector_within(self, head, high, sector)
        if sector in STATELESS:
            country = None
        elif country is None:
            country = state_of_movement(self.view, head)
        if country is None and view.lemma[head] in view.grammar["weapons"]:
            return None
        if entity is not None and entity.type == "LOC":
            entity = None
        return self._make(
            head, text_start, text_end, entity.name if entity else view.text[text_start:text_end], entity, country, sector, "role"
        )

    def camps(self, head: int) -> Side:
        """ "las partes en Sudán": those at odds, whom nothing names, of the state that the phrase says."""
        view = self.view
        within = view.subtree(head, 12)
        countries = self.evidence(view.start[head], view.end[within[-1]])
        text = view.text[view.start[head] : view.end[head]]
        return self._make(head, view.start[head], view.end[head], text, None, countries[0] if countries else None, None, "role")

    def _whole_state(self, head: int) -> bool:
        return self.gazetteer.country(self.view.doc[head].text, self.language) is not None

    def _own_country(self, countries: list[str], head: int, high: int) -> str | None:
        """The state of a role: the one nearest after the role noun, else one before it."""
        if not countries:
            return None
        after = self.evidence(self.view.start[head], self.view.end[high - 1])
        before_first = self.view.grammar["owner_relations"] and len(countries) > len(after)  # "Russian ambassador to Turkey"
        return after[0] if after and not before_first else countries[0]

    def _through_quantity(self, head: int) -> Side | None:
        """ "miles de docentes", "un grupo de militares": the people behind the measure."""
        view = self.view
        if view.lemma[head] in _measures(self.language) or view.pos[head] == "NUM":
            for c in view.children[head]:
                if c > head and view.dep[c] in _COUNTED and view.case(c) in view.grammar["genitive"]:
                    return self._side(c)
        return None

    def _through_owner(self, head: int) -> Side | None:
        """ "Abbas's office", "Taliban members", "Georgian cargo plane": whose a thing is, by the relations the grammar lists."""
        view = self.view
        for c in view.children[head]:
            if c > head or view.dep[c] not in view.grammar["owner_relations"] or view.pos[c] in ("PRON", "DET"):
                continue
            side = self._of_state(head, c) if view.dep[c] == "amod" else self.side(c)
            if side is not None and not side.place_only:
                return side
        if view.grammar["owner_relations"]:
            for c in view.children[head]:
                if c > head and view.dep[c] == "nmod" and view.case(c) in view.grammar["genitive"]:
                    side = self.side(c)
                    return None if side is None or side.place_only else side
        return None

    def _of_state(self, head: int, adjective: int) -> Side | None:
        """ "Filipino crew": people or a thing of a state, but not the state itself."""
        state = self.demonym(adjective)
        if state is None:
            return None
        start, end = self.view.start[adjective], self.view.end[head]
        return self._make(head, start, end, self.view.text[start:end], None, state.participant.country, None, "thing")

    def _core(self, head: int, high: int) -> tuple[int, int]:
        """The words of a role without article and number: "Gobierno de Colombia", "soldados franceses"."""
        view = self.view
        first = head
        for c in view.children[head]:
            if c < first and view.dep[c] in ("amod", "compound", "nmod:poss") and view.pos[c] != "NUM" and head - c <= 3:
                first = c
        last = min(high - 1, head + 6)
        for t in range(head + 1, last + 1):
            ends = view.dep[t] == "cc" or view.lower[t] in view.grammar["not_of"] or view.lower[t] in _QUOTES
            if ends or (view.pos[t] in VERBAL and t > head + 1):
                last = t - 1
                break
        while last > head and (view.pos[last] in ("ADP", "DET", "PUNCT", "CCONJ")):
            last -= 1
        return view.start[first], view.end[last]

    def from_name(
        self, head: int, named: tuple[int, int, Entity | None, str], sector: str | None, countries: list[str]
    ) -> Side | None:
        """The participant that a named mention is, with the sector and the states that its phrase says."""
        start, end, entity, label = named
        text = self.view.text[start:end]
        if label != "PER" and self._treaty(text):
            return None
        name = entity.name if entity else text
        organisation = (self.gazetteer.organisation(name, self.language) if name != text else None) or (
            self.gazetteer.organisation(text, self.language)
        )
        state = self.gazetteer.country(text, self.language)
        if organisation is not None and label != "PER":
            country = None if organisation.sector in STATELESS else organisation.country or (countries[0] if countries else None)
            if country is not None and country not in self.states_named and self.sector_at(head) is not None:
                country = None  # "Tribunal Supremo" is the name of one state's court and of many others'
            if organisation.sector not in STATELESS:
                country = state_of_movement(self.view, head) or country
            return self._make(head, start, end, name, entity, country, organisation.sector or sector, "org")
        reading = self.gazetteer.reading(text, self.language) if state is not None else None
        if reading is not None and reading.kind in ("region", "regional"):
            state = None
        if state is not None and label != "PER" and (sector is None or label == "LOC"):
            return self._make(head, start, end, name, entity, state, None if sector is None else sector, "state")
        if label == "LOC":
            if sector is not None:
                _low, high = self.span(head)
                core = self._core(head, high)
                return self._make(
                    head, *core, self.view.text[core[0] : core[1]], None, countries[0] if countries else None, sector, "role"
                )
            if self.gazetteer.stands_for(text, self.language):
                return self._make(head, start, end, name, entity, None, "IGO", "org")
            country = entity.country if entity else None
            place = self.gazetteer.place(text, self.states_named, self.language)
            if place is not None and place.country and self._is_seat(place):
                return self._make(head, start, end, name, entity, place.country, sector, "state")
            if country is None:
                country = place.country if place else None
            side = self._make(head, start, end, name, entity, country, None, "place")
            side.place_only = True
            return side
        if label == "MISC" and sector is None and state is None:
            return None
        seeming = seeming_states(self, start, end) if label == "ORG" else frozenset()
        countries = [c for c in countries if c not in seeming]
        known = self.gazetteer.known(name, label, self.language) if label in ("PER", "ORG") else None
        country = (
            (countries[0] if countries else None) or (entity.country if entity else None) or (known.country if known else None)
        )
        if country in seeming:
            country = None
        sector = sector or (known.sector if known else None) or self._description_sector(entity)
        country = country or self._description_country(entity)
        if sector in STATELESS:
            country = None
        return self._make(head, start, end, name, entity, country, sector, "person" if label == "PER" else "org")

    def _treaty(self, name: str) -> bool:
        """ "el Tratado de Lisboa", "the Minsk agreements": what was agreed acts no more than the town where it was."""
        words, treaties = name.casefold().split(), self.view.grammar["treaties"]
        return bool(words) and (words[0] in treaties or words[-1] in treaties)

    def _is_seat(self, place: Place) -> bool:
        """A capital whose name other places have too ("Santiago"), of a state that the article speaks of."""
        if place.country is None or place.country not in self.states_named or place.kind != "city":
            return False
        capital = self.gazetteer.place(self.gazetteer.country_place(place.country).capital, (place.country,), self.language)
        return capital is not None and capital.geonames_id == place.geonames_id

    def _description_sector(self, entity: Entity | None) -> str | None:
        """Sector by how the article describes a person elsewhere ("el presidente ruso")."""
        if entity is None or entity.type != "PER":
            return None
        for mention in entity.mentions:
            for word in mention.text.lower().split():
                if word in self.roles.single:
                    return self.roles.single[word]
        return None

    def _description_country(self, entity: Entity | None) -> str | None:
        if entity is None or entity.type != "PER":
            return None
        for mention in entity.mentions:
            if found := self.gazetteer.evidence(mention.text, self.language):
                return found[0].country
        return None

    def _make(
        self,
        head: int,
        start: int,
        end: int,
        name: str,
        entity: Entity | None,
        country: str | None,
        sector: str | None,
        kind: str,
    ) -> Side:
        participant = Participant(
            start=start,
            end=end,
            text=self.view.text[start:end],
            name=name,
            entity=entity.id if entity else None,
            country=country,
            sector=sector,  # type: ignore[arg-type]
            wikidata=entity.wikidata if entity else None,
        )
        return Side(head, participant, kind, sector, country is not None)

    def demonym(self, i: int) -> Side | None:
        """A state named by an adjective beside a noun ("bombardeo israelí", "Russian strike")."""
        text = self.view.text[self.view.start[i] : self.view.end[i]]
        country = self.gazetteer.country(text, self.language)
        if country is None:
            return None
        return self._make(i, self.view.start[i], self.view.end[i], text, None, country, None, "state")


@cache
def _measures(language: str) -> frozenset[str]:
    table: dict[str, Any] = languages.load(language, "syntax")
    return frozenset(table["measures"])
