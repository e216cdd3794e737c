"""Where it happened: the place that the act's own sentence names; never the dateline."""

from __future__ import annotations

from dataclasses import dataclass

from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast
from teletipo.enrich.events.view import VERBAL, View
from teletipo.records import Place

_AT = {
    "es": frozenset({"en", "cerca", "frente", "ante"}),
    "en": frozenset({"in", "at", "near", "outside", "across", "on", "off", "inside"}),
}
_INTO: dict[str, dict[str, frozenset[str]]] = {
    "es": {
        "visit": frozenset({"a", "hacia", "por"}),
        "ASSAULT": frozenset({"sobre", "contra", "hacia"}),
        "PROTEST": frozenset({"a", "hacia", "por", "contra"}),
        "RETREAT": frozenset({"de", "por", "a"}),
        "CONCEDE": frozenset({"de"}),
        "MOBILIZE": frozenset({"hacia", "sobre", "por", "a"}),
        "COERCE": frozenset({"sobre"}),
        "AGREE": frozenset({"a"}),
    },
    "en": {
        "visit": frozenset({"to", "into", "through"}),
        "ASSAULT": frozenset({"on", "into", "over", "against"}),
        "PROTEST": frozenset({"to", "through", "into"}),
        "RETREAT": frozenset({"from", "into", "through", "to"}),
        "CONCEDE": frozenset({"from"}),
        "MOBILIZE": frozenset({"over", "towards", "into", "to", "through", "near"}),
        "COERCE": frozenset({"over"}),
        "AGREE": frozenset({"to"}),
    },
}
_SPOKEN = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE", "SANCTION", "AID"})
"""Acts of speech: a place in what is said is not where it was said."""


@dataclass(slots=True)
class Spot:
    """A place mention with its country."""

    place: Place
    head: int
    distance: int


class Places:
    """Finds the places of one article's acts."""

    def __init__(self, view: View, cast: Cast, countries: dict[str, float]) -> None:
        self.view = view
        self.cast = cast
        self.countries = countries
        language = view.grammar.language
        self.at, self.into = _AT[language], _INTO[language]

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
        view, token = self.view, match.predicate.token
        first, last = view.sentences[number]
        into = self.into.get("visit" if visit else kind, frozenset())
        out, t = [], first
        while t < last:
            found = self.cast.mention(t) if view.pos[t] in ("PROPN", "NOUN", "X", "ADJ") else None
            if found is None or found[3] not in ("LOC", "ORG"):
                t += 1
                continue
            start, end = found[0], found[1]
            case, before = self._case(t)
            object_ = kind in ("ASSAULT", "COERCE", "RETREAT", "CONCEDE") and self._thing(t, token)
            cost = self._cost(t, before, match, kind)
            if cost is not None and (visit or t not in sides):
                place = None
                if case in self.at:
                    place = self._place(start, end, found[3])
                elif case in into or (visit and case is None and view.dep[t] == "obj"):
                    place, cost = self._place(start, end, found[3]), cost + 4
                elif object_ and found[3] == "LOC":
                    place, cost = self._place(start, end, found[3]), cost + 12
                if place is not None:
                    out.append(Spot(place, t, cost))
            while t < last and view.start[t] < end:
                t += 1
        return out

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
        if t > token and any(view.dep[i].startswith("acl") or view.morph(i, "VerbForm") == "Part" for i in between):
            return None
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
        if kind in _SPOKEN and ((not mine and before > 0 and between) or (t > token and distance > 14)):
            return None
        return distance

    def _case(self, t: int) -> tuple[str | None, int]:
        """The preposition before a place, over "la ciudad de", "el sur de la Franja de"."""
        view, s = self.view, t - 1
        first = view.sentences[view.sentence_of[t]][0]
        skipped = 0
        while s >= first and skipped < 9:
            pos = view.pos[s]
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
        nested = None
        if known is None:
            nested = self._around(end)
        return Place(
            name=name,
            country=known.country if known else nested.country if nested else None,
            latitude=known.latitude if known else nested.latitude if nested else None,
            longitude=known.longitude if known else nested.longitude if nested else None,
            geonames_id=known.geonames_id if known else None,
            start=start,
            end=end,
        )

    def _around(self, end: int) -> Place | None:
        """The larger place named right behind ("la plaza Taksim de Estambul", "Tibú, Norte de Santander")."""
        following = self.view.text[end : end + 60]
        for hit in self.cast.gazetteer.scan(following, self.view.grammar.language):
            if hit.start > 25:
                return None
            known = self.cast.gazetteer.place(hit.text, self.countries, self.view.grammar.language)
            if known is not None:
                return Place(known.name, known.country, known.latitude, known.longitude, known.geonames_id, 0, 0)
        return None
