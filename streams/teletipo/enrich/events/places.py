"""Where it happened: the place that the act's own sentence names; never the dateline."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from teletipo.enrich.events.arguments import is_temporal
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast
from teletipo.enrich.events.view import VERBAL, View, preposition
from teletipo.enrich.events.where import Phrases, where
from teletipo.gazetteer import Place as GazetteerPlace
from teletipo.records import Entity, Place

_SPOKEN = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE", "SANCTION", "AID"})
"""Acts of speech: a place in what is said is not where it was said."""
_DONE_TO = frozenset({"ASSAULT", "COERCE", "RETREAT", "CONCEDE"})
"""Acts whose object may be the place."""
_SUFFERED = frozenset({"ASSAULT", "COERCE", "AID"})
"""Acts done where those are to whom they are done."""


@dataclass(slots=True)
class Spot:
    """A place mention with its country."""

    place: Place
    head: int
    distance: int


class Places:
    """Finds the places of one article's acts."""

    def __init__(self, view: View, cast: Cast, countries: dict[str, float], home: str | None = None) -> None:
        self.home = home
        self.view = view
        self.cast = cast
        self.countries = countries
        self.words = where(view.grammar.language)
        self._places: dict[tuple[int, int, str], Place | None] = {}

    def of(self, match: Match, kind: str, visit: bool, sides: set[int]) -> Place | None:
        """The place of an act in its sentence, `sides` being the tokens of its participants; None where none is said."""
        number = self.view.sentence_of[match.predicate.token]
        spots = self._spots(number, match, kind, visit, sides)
        spots = [s for s in spots if not self._nested(s, spots)]
        return min(spots, key=lambda s: s.distance).place if spots else None

    def _nested(self, spot: Spot, spots: list[Spot]) -> bool:
        """The larger place right behind a smaller one ("Tibú, Norte de Santander") is not the place of the act."""
        return any(
            0 < spot.place.start - other.place.end <= 24 and not self._verb_between(other.head, spot.head) for other in spots
        )

    def _verb_between(self, low: int, high: int) -> bool:
        return any(self.view.pos[i] in VERBAL for i in range(low + 1, high))

    def _spots(self, number: int, match: Match, kind: str, visit: bool, sides: set[int]) -> list[Spot]:
        view = self.view
        first, last = view.sentences[number]
        out, t = [], first
        while t < last:
            if view.lemma[t] in self.words.unnamed and (spot := self._site(t, match, kind)) is not None:
                out.append(spot)
            found = self.cast.mention(t) if view.pos[t] in ("PROPN", "NOUN", "X", "ADJ") else None
            if view.pos[t] == "PROPN" and (found is None or found[3] == "PER"):
                found = self._unseen(t) or found
            if found is None or found[3] not in ("LOC", "ORG"):
                t += 1
                continue
            either = visit or kind == "PROTEST"  # "frente al Congreso": where, and against whom
            if (either or t not in sides) and (spot := self._spot(t, found, match, kind, visit)) is not None:
                out.append(spot)
            while t < last and view.start[t] < found[1]:
                t += 1
        return out

    def _unseen(self, t: int) -> tuple[int, int, Entity | None, str] | None:
        """ "in Nouméa", "near Jericho": a place on the map right behind a preposition that is not known as a name of the text."""
        view, last = self.view, t
        if t == 0 or view.lower[t - 1] not in self.words.at or view.pos[t - 1] not in ("ADP", "SCONJ") or is_temporal(view, t):
            return None
        while last + 1 < len(view.pos) and view.pos[last + 1] == "PROPN" and view.sentence_of[last + 1] == view.sentence_of[t]:
            last += 1
        start, end = view.start[t], view.end[last]
        key = (start, end, "LOC")
        if key not in self._places:
            known = view.text[start].isupper() and self.cast.gazetteer.place(
                view.text[start:end], self.countries, view.grammar.language
            )
            self._places[key] = self._place(start, end, "LOC") if known else None
        return (start, end, None, "LOC") if self._places[key] is not None else None

    def _spot(self, t: int, found: tuple[int, int, Entity | None, str], match: Match, kind: str, visit: bool) -> Spot | None:
        """A named place as the place of an act, if a preposition or the act's own object makes it one."""
        view, words = self.view, self.words
        start, end, _, label = found
        case, before = self._case(t)
        cost = self._cost(t, before, match, kind)
        if cost is None or (label == "ORG" and not self._building(start, end)):
            return None
        if self._whole(start, end) and self._mission(t):
            return None
        if case in words.at:
            if case == "on" and self._whole(start, end):
                return None
            return self._make(t, start, end, label, cost)
        if case in words.between and not self._whole(start, end):
            return self._make(t, start, end, label, cost + 6)
        if case in words.spoken_from and kind in _SPOKEN:
            return self._make(t, start, end, label, cost)
        if case in words.into.get("visit" if visit else kind, ()) or (visit and case is None and view.dep[t] == "obj"):
            return self._make(t, start, end, label, cost + 4)
        if kind in _DONE_TO and label == "LOC" and not self._sent_to(match, case) and self._thing(t, match.predicate.token):
            return self._make(t, start, end, label, cost + 12)
        return None

    def _site(self, t: int, match: Match, kind: str) -> Spot | None:
        """ "en la capital", "en la frontera con Bielorrusia": a place that has no name of its own."""
        view = self.view
        case, before = self._case(t)
        cost = self._cost(t, before, match, kind)
        if (
            cost is None
            or self.cast.mention(t) is not None
            or not (case in self.words.at or case in self.words.into.get(kind, ()))
        ):
            return None
        low, high = self.cast.span(t)
        while low < t and view.pos[low] in ("DET", "ADP"):
            low += 1
        start, end = view.start[low], view.end[high - 1]
        named = self.cast.evidence(start, end)
        if view.lemma[t] in self.words.borders:
            return Spot(Place(view.text[start:end], None, None, None, None, start, end), t, cost)
        country = named[0] if named else self.home
        place = self._seat(country) if country else None
        if place is None:
            return None
        return Spot(Place(view.text[start:end], country, place.latitude, place.longitude, place.geonames_id, start, end), t, cost)

    def _seat(self, country: str) -> GazetteerPlace | None:
        gazetteer = self.cast.gazetteer
        return gazetteer.place(gazetteer.country_place(country).capital, (country,), self.view.grammar.language)

    @staticmethod
    def _sent_to(match: Match, case: str | None) -> bool:
        """ "deportados a Nicaragua": where somebody is brought is not where it was done."""
        return match.entry.mode == "deport" and case in ("a", "to")

    def _make(self, t: int, start: int, end: int, label: str, cost: int) -> Spot | None:
        whole = self.view.text[start:end]
        within = self._within(end)
        if within is not None:
            start, end, label = within
        if (start, end, label) not in self._places:
            self._places[start, end, label] = self._place(start, end, label)
        place = self._places[start, end, label]
        place = place and replace(place)  # each act has its own
        if place is not None and within is not None and place.country is None:
            place = replace(place, country=self.cast.country_of(whole))
        return Spot(place, t, cost) if place is not None else None

    def _within(self, end: int) -> tuple[int, int, str] | None:
        """ "Somalia's Lower Shabelle region": the smaller place that a larger one has."""
        view = self.view
        if view.text[end : end + 2] not in ("'s", "’s"):
            return None
        t = bisect_left(view.start, end + 2)
        for i in range(t, min(t + 4, len(view.lower))):
            found = self.cast.mention(i) if view.pos[i] == "PROPN" else None
            if found is not None and found[3] == "LOC" and found[0] >= end:
                return found[0], found[1], found[3]
            if view.lemma[i] in self.words.divisions and i > t:
                return view.start[t], view.end[i - 1], "LOC"
            if view.pos[i] not in ("ADJ", "NOUN", "PROPN"):
                return None
        return None

    def _mission(self, t: int) -> bool:
        """ "la embajada de Venezuela", "Iran's embassy": the state that it is of."""
        view = self.view
        return view.lemma[view.head[t]] in self.words.missions and view.head[t] != t

    def _whole(self, start: int, end: int) -> bool:
        """Whether a name is that of a state."""
        reading = self.cast.gazetteer.reading(self.view.text[start:end], self.view.grammar.language)
        return reading is not None and reading.kind == "name"

    def _building(self, start: int, end: int) -> bool:
        """An organisation that one can be in: "en el Congreso de los Diputados", not "en la OTAN"."""
        name, gazetteer = self.view.text[start:end], self.cast.gazetteer
        if any(word in self.words.standing for word in name.casefold().replace("'s", "").split()):
            return True
        if gazetteer.organisation(name, self.view.grammar.language) is not None or name.isupper():
            return False
        return gazetteer.place(name, self.cast.states_named, self.view.grammar.language) is not None

    def _thing(self, t: int, token: int) -> bool:
        """A place in or as what the act is done to, behind it: "bombardeó Járkov", "el palacio del gobernador de Marib"."""
        if t < token or t - token > 12:
            return False
        return not self._verb_between(token, t)

    def _cost(self, t: int, before: int, match: Match, kind: str) -> int | None:
        """How far a place is from the act; None where it stands in another clause."""
        view, token = self.view, match.predicate.token
        carrier = match.predicate.carrier if match.predicate.nominal else token
        low, high = min(t, token), max(t, token)
        distance = abs(t - token)
        if any(view.lower[i] == ";" for i in range(low, high)):
            return None
        chain = set(view.ancestors(t))
        mine = token in chain or (carrier is not None and carrier in chain)
        verb = view.clause_verb(view.head[t]) if view.head[t] != t else None
        between = [
            i
            for i in range(low + 1, high)
            if view.pos[i] in VERBAL and not view.dep[i].startswith(("aux", "cop")) and i != carrier
        ]
        if t > token and any(self._clause_of_its_own(i, match, kind) for i in between):
            return None
        if verb is not None and verb > token and view.dep[verb] != "conj" and view.lemma[verb] in view.grammar["claim_verbs"]:
            return None  # "…, the bishop said from exile in Costa Rica"
        if (
            verb is not None
            and verb not in (token, carrier)
            and verb not in set(view.ancestors(token))
            and not mine
            and t > token
        ):
            if between:
                return None
            distance += 25
        distance += 12 * len(between)
        if not mine:
            distance += 8
        if t < token:
            distance += 3
        if (
            kind in _SPOKEN
            and match.entry.cameo not in ("057", "116")
            and not match.predicate.nominal
            and self._in_what_is_said(t, match)
        ):
            return None
        if kind in _SPOKEN and ((not mine and before > 0 and between) or (t > token and distance > 14)):
            return None
        return distance

    def _in_what_is_said(self, t: int, match: Match) -> bool:
        """A place that belongs to a noun of what is said ("condenó la represión en Tiflis", "las partes en Sudán")."""
        view = self.view
        top = t
        while view.dep[top].startswith(("flat", "compound", "appos")) or view.case(top) in view.grammar["genitive"]:
            if view.head[top] == top:
                break
            top = view.head[top]
        up = view.head[top]
        own = {*range(match.first, match.last + 1), *match.required, match.predicate.token, match.predicate.carrier}
        return (
            t > match.predicate.token
            and up != top
            and up not in own
            and view.pos[up] in ("NOUN", "PROPN")
            and not is_temporal(view, up)
        )

    def _clause_of_its_own(self, verb: int, match: Match, kind: str) -> bool:
        """Whether a verb between an act and a place has the place to itself: not where it tells more of the act's own noun, or
        what its victims were doing ("dispersó a los estudiantes que se manifestaban en Quito")."""
        view = self.view
        if not (view.dep[verb].startswith("acl") or view.morph(verb, "VerbForm") == "Part"):
            return False
        if kind in _SUFFERED and view.morph(verb, "Tense") == "Imp":
            return False
        noun = view.head[verb]
        own = noun in match.required or match.first <= noun <= match.last
        return not (own and view.pos[noun] == "NOUN" and self.cast.side(noun) is None)

    def _case(self, t: int) -> tuple[str | None, int]:
        """The preposition before a place, over "la ciudad de", "el sur de la Franja de"."""
        view, s = self.view, t - 1
        first = view.sentences[view.sentence_of[t]][0]
        skipped = 0
        while s >= first and skipped < 9:
            pos = view.pos[s]
            if pos in ("ADP", "ADV", "NOUN") and self._covered(s, self.words.sides):
                return None, s
            if pos in ("ADP", "ADV") and self._covered(s, self.words.long):
                return self.words.plain, s
            if pos == "ADV" and view.lower[s] in self.words.at:
                return view.lower[s], s
            if pos == "ADP" and view.lower[s] not in ("de", "del", "of"):
                return ("a" if view.lower[s] == "al" else view.lower[s]), s
            if (
                pos in VERBAL
                or view.lower[s] in (";", ":", "(")
                or (view.lower[s] == "," and skipped > 4)
                or pos in ("CCONJ", "SCONJ")
            ):
                return None, s
            if (
                pos == "NOUN"
                and view.lower[s + 1] not in ("de", "del", "of", ",")
                and s + 1 != t
                and view.pos[s + 1] not in ("ADJ", "ADP", "PROPN", "NOUN", "DET")
            ):
                return None, s
            if pos in ("NOUN", "PROPN") and s == t - 2 and view.lower[t - 1] in ("de", "del", "of") and self._office(s):
                return None, s
            s -= 1
            skipped += 1
        return None, max(s, first)

    def _covered(self, s: int, phrases: Phrases) -> bool:
        """Whether a preposition of several words covers a token ("frente al", "a la altura de": as good as "en")."""
        lower = self.view.lower
        for place, phrase in phrases.get(preposition(lower[s]), ()):
            first = s - place
            if first >= 0 and tuple(map(preposition, lower[first : first + len(phrase)])) == phrase:
                return True
        return False

    def _office(self, s: int) -> bool:
        """A person's role: the place behind it belongs to the title ("presidente de Togo")."""
        return self.cast.sector_at(s) in ("GOV", "ELI", "OPP", "PTY", "IGO") and not self.view.lower[s].startswith(
            ("palacio", "alcald", "base", "capital", "embajada", "embassy")
        )

    def _place(self, start: int, end: int, label: str) -> Place | None:
        name = self.view.text[start:end]
        known = self.cast.gazetteer.place(name, self.countries, self.view.grammar.language)
        organisation = self.cast.gazetteer.organisation(name, self.view.grammar.language)
        if known is None and label != "LOC" and organisation is None and len(name.split()) < 2:
            return None
        nested = self._around(end, stated=known is not None)
        if known is not None and known.kind != "country" and nested is not None and nested.country not in (None, known.country):
            known = self.cast.gazetteer.place(name, (nested.country,), self.view.grammar.language)
            known = known if known is not None and known.country == nested.country else None
        country = known.country if known else nested.country if nested else None
        if known is None and nested is None and label == "ORG":
            country = self.cast.country_of(name)  # "el Congreso de Argentina"
        return Place(
            name=name,
            country=country,
            latitude=known.latitude if known else nested.latitude if nested else None,
            longitude=known.longitude if known else nested.longitude if nested else None,
            geonames_id=known.geonames_id if known else None,
            start=start,
            end=end,
        )

    def _in_another(self, following: str) -> bool:
        words = following.replace(",", " ").split(None, 1)
        return bool(words) and words[0].lower() in self.words.within

    def _around(self, end: int, stated: bool) -> Place | None:
        """The larger place named right behind ("la plaza Taksim de Estambul", "Tibú, Norte de Santander").

        `stated`: only where a preposition says that the one is in the other, for a place that is known without it.
        """
        following = self.view.text[end : end + 60]
        if stated and not self._in_another(following):
            return None
        for hit in self.cast.gazetteer.scan(following, self.view.grammar.language):
            between = following[: hit.start]
            if hit.start > 25 or any(mark in between for mark in ".;:!?\n"):
                return None
            if stated and not self._in_another(between):
                return None
            known = self.cast.gazetteer.place(hit.text, self.countries, self.view.grammar.language)
            if known is not None:
                return Place(known.name, known.country, known.latitude, known.longitude, known.geonames_id, 0, 0)
        return None
