"""Countries, cities and organisations by name: what a word in a text stands for, with identifiers from sources only.

>>> gazetteer = Gazetteer.load()
>>> gazetteer.country("el régimen norcoreano", "es")
'PRK'
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from teletipo.gazetteer.cities import Cities
from teletipo.gazetteer.countries import Country, CountryNames, read_countries, scannable
from teletipo.gazetteer.known import KnownNames, add_organisations, read_table
from teletipo.gazetteer.model import Hit, Known, Place, Reading
from teletipo.gazetteer.names import fold, without_article
from teletipo.gazetteer.scan import Scanner
from teletipo.languages import load as load_table
from teletipo.settings import Settings

__all__ = ["Country", "Gazetteer", "Hit", "Known", "Place", "Reading", "fold", "without_article"]

LANGUAGES = ("es", "en")


class Gazetteer:
    """The shipped tables and a user's. Read-only after loading; one serves a whole process."""

    def __init__(self, tables: Collection[Path] = ()) -> None:
        """Raises LexiconError if a table has a wrong entry."""
        self.countries = read_countries()
        self._names = {language: CountryNames(language, self.countries) for language in (*LANGUAGES, "pt")}
        self._cities = Cities()
        self._known = {language: KnownNames() for language in LANGUAGES}
        add_organisations(self._known)
        self._users = KnownNames()
        for path in tables:
            for entry in read_table(path):
                names = (entry.name, *entry.aliases)
                single = [name for name in names if " " not in name]
                self._users.add(entry, names, single, scanned=entry.type != "PER")
        self._exonyms = self._city_table("cities")
        self._elsewhere = self._city_table("elsewhere")
        self._scanners: dict[str, Scanner] = {}

    @staticmethod
    def load(settings: Settings | None = None) -> Gazetteer:
        """The gazetteer for these settings, made once in a process."""
        return _load(tuple(settings.gazetteers) if settings is not None else ())

    @staticmethod
    def _city_table(table: str) -> dict[str, dict[str, list[str]]]:
        return {
            language: {fold(name): target for name, target in load_table(language, "places").get(table, {}).items()}
            for language in LANGUAGES
        }

    def reading(self, text: str, language: str | None = None) -> Reading | None:
        """What `text` as a whole names: a country, capital, demonym, government seat or part of a state; else None."""
        if language in self._names:
            return self._names[language].exact(text)
        for names in self._names.values():
            reading = names.exact(text)
            if reading is not None:
                return reading
        return None

    def demonym(self, word: str, language: str | None = None) -> str | None:
        """The state of a demonym ("ruso"), None for any other word."""
        reading = self.reading(word, language)
        return reading.country if reading is not None and reading.kind == "demonym" else None

    def evidence(self, text: str, language: str) -> list[Reading]:
        """Every state named in a phrase, in order, with offsets into it ("el embajador ruso en Kiev": RUS, UKR)."""
        return list(self._languages(language)[0].evidence(text))

    def tells(self, language: str) -> Callable[[str], bool]:
        """Whether a word, as it is written, may begin the name of a state: a text without one has no `evidence`."""
        return self._languages(language)[0].tells.__getitem__

    def country(self, text: str, language: str | None = None) -> str | None:
        """The one state that `text` stands for, ISO alpha-3: by name, demonym, capital, government or seat.

        "Moscú", "el régimen norcoreano", "Casa Blanca", "South Korean"; None where it names none, several, or an
        organisation ("Bruselas" is the European Union).
        """
        reading = self.reading(text, language)
        if reading is not None:
            return reading.country
        for names in self._languages(language):
            found = {reading.country for reading in names.evidence(text)}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def place(
        self, name: str, countries: Collection[str] | Mapping[str, float] = (), language: str | None = None
    ) -> Place | None:
        """The country, city, region or area called `name`; of several cities the likeliest.

        `countries` are the states that the text speaks of, by weight if a mapping: "Córdoba" with {"ESP"} is the
        Spanish one, without context the one with more inhabitants.
        """
        bare = name.strip()
        for language_ in (language,) if language in LANGUAGES else LANGUAGES:
            place = self._place(bare, countries, language_)
            if place is not None:
                return place
        return self._cities.find(bare, countries)

    def _place(self, name: str, countries: Collection[str] | Mapping[str, float], language: str) -> Place | None:
        names = self._names[language]
        reading = names.exact(name)
        rival = names.rivals.get(fold(name))
        if reading is not None and reading.kind == "name" and not (rival in countries and reading.country not in countries):
            country = self.countries[reading.country or ""]
            return Place(name, "country", country.iso3, geonames_id=country.geonames_id, wikidata=country.wikidata)
        if rival is not None and rival in countries:
            return self._cities.find_in(name, rival) or Place(name, "region", rival)
        if fold(name) in names.supranational:
            return self._cities.find(name, ("BEL",)) or self._cities.find_in("Brussels", "BEL")
        exonym = self._exonyms[language].get(fold(name))
        if exonym is not None:
            return self._cities.find_in(exonym[0], exonym[1])
        elsewhere = self._elsewhere[language].get(fold(name))
        if elsewhere is not None and elsewhere[1] in countries:
            return self._cities.find_in(elsewhere[0], elsewhere[1])
        if reading is not None and reading.kind == "capital" and reading.country is not None:
            weaker = fold(name) in names.weak and countries and reading.country not in countries
            capital = None if weaker else self._capital(name, self.countries[reading.country])
            if capital is not None:
                return capital
        if reading is not None and reading.kind == "region" and not self._city_fits_better(name, countries, reading):
            return Place(name, "region", reading.country)
        if name in names.areas:
            return Place(name, "area")
        return None

    def city(self, name: str, country: str) -> Place | None:
        """The largest city of this name in one state (ISO alpha-3)."""
        return self._cities.find_in(name, country)

    def only_country(self, city: str) -> str | None:
        """The state of a city whose name GeoNames gives to cities of no other state; else None."""
        return self._cities.only_country(city)

    def _capital(self, name: str, country: Country) -> Place | None:
        return self._cities.find_in(name, country.iso3) or self._cities.find_in(country.capital, country.iso3)

    def _city_fits_better(self, name: str, countries: Collection[str] | Mapping[str, float], reading: Reading) -> bool:
        """ "Santa Fe" in an article on the United States is no Argentine province; "Gaza" is a city as well as a strip."""
        if reading.country in countries or fold(name) not in self._names["es"].weak:
            return False
        city = self._cities.find(name, countries)
        return city is not None and city.country in countries

    def country_place(self, iso3: str) -> Country:
        """The identifiers of a state. Raises KeyError for a code that ISO 3166-1 does not have."""
        return self.countries[iso3]

    def organisation(self, name: str, language: str | None = None, countries: Collection[str] = ()) -> Known | None:
        """The organisation of this name or acronym: `key` is one in all languages, `sector` a PLOVER code."""
        return self.known(name, "ORG", language, countries)

    def known(
        self,
        name: str,
        kind: str | None = None,
        language: str | None = None,
        countries: Collection[str] = (),
        careful: bool = False,
    ) -> Known | None:
        """The entry of the organisations' table or a user's table with this name, and this type if one is given.

        `careful`: a weak name of one state's organisation ("PAN") counts only where `countries` has that state.
        """
        tables = [self._known[code] for code in ((language,) if language in LANGUAGES else LANGUAGES)]
        for table in (self._users, *tables):
            found = table.find(name, kind, countries, careful)
            if found is not None:
                return found
        return None

    def is_weak(self, name: str, language: str) -> bool:
        """Whether a place's name is as often something else ("Victoria"), so that it needs other evidence."""
        return fold(name) in self._names[language].weak

    def stands_for(self, name: str, language: str) -> str | None:
        """The organisation that a city stands for: "Bruselas" gives "European Union", its key."""
        return self._names[language].supranational.get(fold(name))

    def scan(self, text: str, language: str) -> list[Hit]:
        """All names of countries, capitals, seats, regions, areas and organisations in a running text, longest first."""
        return self._scanner(language)(text)

    def names(self, language: str) -> dict[str, list[str]]:
        """Names by kind, as written, for features of a recogniser: LOC, ORG, DEMONYM, PER (surnames that stand alone)."""
        names = self._names[language]
        organisations = [name for name, _, _ in self._known[language].hits]
        people = load_table(language, "people")["names"]
        return {"LOC": [*names.hits, *self._exonyms[language]], "ORG": organisations, "DEMONYM": names.demonyms(), "PER": people}

    def _scanner(self, language: str) -> Scanner:
        if language not in self._scanners:
            self._scanners[language] = Scanner(self._hits(language))
        return self._scanners[language]

    def _hits(self, language: str) -> Iterator[Hit]:
        yield from scannable(self._names[language])
        for name, (_, country) in load_table(language, "places")["cities"].items():
            yield Hit(0, 0, name, "city", country)
        for name in load_table(language, "people")["names"]:
            yield Hit(0, 0, name, "person")
        for kind, table in (("organisation", self._known[language]), ("user", self._users)):
            for name, known, weak in table.hits:
                yield Hit(0, 0, name, kind, known.country, known, weak)  # type: ignore[arg-type]

    def _languages(self, language: str | None) -> tuple[CountryNames, ...]:
        if language is not None and language in self._names:
            return (self._names[language],)
        return tuple(self._names.values())


@lru_cache(maxsize=4)
def _load(tables: tuple[Path, ...]) -> Gazetteer:
    return Gazetteer(tables)
