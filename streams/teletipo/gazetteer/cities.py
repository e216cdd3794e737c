"""Cities by name, from GeoNames through data/cities.tsv; one of several of a name by country and population."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from importlib import resources

from teletipo.gazetteer.model import Place
from teletipo.gazetteer.names import fold

_TELLING = 20_000
"""Inhabitants from which a city's name alone speaks for its state."""
_OTHER_NAME = 1.0
_IN_CONTEXT = 3.0
"""How much a mention of its country weighs for a city, in powers of ten of inhabitants: Córdoba in an article on Spain."""


class Cities:
    """The index: names folded, rows parsed when asked for."""

    def __init__(self) -> None:
        lines = (resources.files("teletipo.gazetteer") / "data" / "cities.tsv").read_text("utf-8").splitlines()
        self._rows = lines[1:]
        self._primary: dict[str, tuple[int, ...]] = {}
        self._others: dict[str, tuple[int, ...]] = {}
        for number, line in enumerate(self._rows):
            _, name, _, _, _, _, _, _, others = line.split("\t")
            folded = name.lower() if name.isascii() else fold(name)
            self._primary[folded] = (*self._primary.get(folded, ()), number)
            if others:
                for other in others.split("|"):
                    self._others[other] = (*self._others.get(other, ()), number)

    def find(self, name: str, countries: Collection[str] | Mapping[str, float] = ()) -> Place | None:
        """The most likely city called `name`; `countries` are the states that the text speaks of, with weights if a mapping."""
        folded = fold(name)
        candidates = [(number, 0.0) for number in self._primary.get(folded, ())]
        candidates += [
            (number, _OTHER_NAME) for number in self._others.get(folded, ()) if number not in self._primary.get(folded, ())
        ]
        if not candidates:
            return None
        places = [(self._place(number), penalty) for number, penalty in candidates]
        return max(places, key=lambda pair: _score(pair[0], countries) - pair[1])[0]

    def only_country(self, name: str) -> str | None:
        """The state of all cities that are called `name`; None where there are none, or two states have one."""
        places = [self._place(number) for number in self._primary.get(fold(name), ())]
        countries = {place.country for place in places}
        large = any(place.population >= _TELLING for place in places)
        return countries.pop() if len(countries) == 1 and large else None

    def find_in(self, name: str, country: str) -> Place | None:
        """The largest city called `name` in one country."""
        numbers = self._primary.get(fold(name), ()) + self._others.get(fold(name), ())
        places = [place for place in map(self._place, numbers) if place.country == country]
        return max(places, key=lambda place: place.population, default=None)

    def _place(self, number: int) -> Place:
        geonames_id, name, country, _, latitude, longitude, population, time_zone, _ = self._rows[number].split("\t")
        return Place(name, "city", country, float(latitude), float(longitude), int(geonames_id), None, int(population), time_zone)


def _score(place: Place, countries: Collection[str] | Mapping[str, float]) -> float:
    score = math.log10(place.population + 1)
    if place.country is not None and place.country in countries:
        weight = countries[place.country] if isinstance(countries, Mapping) else 1.0
        score += _IN_CONTEXT * weight
    return score
