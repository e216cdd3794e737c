"""Where it happened: the place of the sentence, or of the one before; never the dateline."""

from __future__ import annotations

from dataclasses import dataclass

from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast
from teletipo.enrich.events.view import VERBAL, View
from teletipo.records import Place

_AT = {
    "es": frozenset({"en", "desde", "cerca", "frente", "ante"}),
    "en": frozenset({"in", "at", "near", "outside", "across", "from", "off", "on"}),
}
_INTO = {
    "es": frozenset({"a", "hacia", "sobre", "contra", "en", "por"}),
    "en": frozenset({"to", "into", "on", "over", "against", "towards", "through"}),
}


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

    def of(self, match: Match, kind: str) -> Place | None:
        """The place of an act: behind its own words, else in its sentence, else in the sentence before."""
        view, token = self.view, match.predicate.token
        number = view.sentence_of[token]
        spots = self._spots(number, token, match, kind)
        if spots:
            return min(spots, key=lambda s: s.distance).place
        return None

    def _spots(self, number: int, token: int, match: Match, kind: str) -> list[Spot]:
        view = self.view
        first, last = view.sentences[number]
        out, t = [], first
        into = kind in ("visit", "ASSAULT", "RETREAT", "COERCE", "AID", "arrive", "MOBILIZE", "PROTEST")
        while t < last:
            found = self.cast.mention(t) if view.pos[t] in ("PROPN", "NOUN", "X", "ADJ") else None
            if found is None or found[3] not in ("LOC", "ORG", "MISC"):
                t += 1
                continue
            start, end = found[0], found[1]
            case, before = self._case(t)
            good = case in self.at or (into and case in self.into) or (kind == "ASSAULT" and view.dep[t] in ("obj", "nsubj:pass"))
            if good:
                place = self._place(start, end, case in self.at or found[3] == "LOC", found[3])
                if place is not None:
                    out.append(Spot(place, t, self._distance(t, before, token, match, case)))
            while t < last and view.start[t] < end:
                t += 1
        return out

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
            if pos in ("NOUN", "PROPN") and self.cast.sector_at(s):
                return None, s
            s -= 1
            skipped += 1
        return None, max(s, first)

    def _distance(self, t: int, before: int, token: int, match: Match, case: str | None) -> int:
        view = self.view
        distance = abs(t - token)
        low, high = min(t, token), max(t, token)
        distance += 25 * sum(1 for i in range(low + 1, high) if view.pos[i] == "VERB" and view.morph(i, "VerbForm") == "Fin")
        carrier = match.predicate.carrier
        above = {token, carrier}
        if t not in above and not ({token, carrier} & set(view.ancestors(t))):
            distance += 10
        if t < token:
            distance += 6
        if case not in self.at:
            distance += 4
        return distance

    def _place(self, start: int, end: int, strict: bool, label: str) -> Place | None:
        name = self.view.text[start:end]
        known = self.cast.gazetteer.place(name, self.countries, self.view.grammar.language)
        if known is None and label != "LOC":
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
