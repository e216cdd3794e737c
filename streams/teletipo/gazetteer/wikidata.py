"""Make a table for TELETIPO_GAZETTEERS out of a Wikidata dump: `python -m teletipo.gazetteer.wikidata DUMP TABLE.csv`.

The dump is Wikidata's `latest-all.json` as it is published (plain, .gz or .bz2; https://dumps.wikimedia.org/wikidatawiki/),
read once, line by line. Kept are people, places with a GeoNames id, and items of the organisations' classes asked for, if
enough Wikipedias have a page on them. Wikidata's data are CC0.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import click
import orjson

from teletipo.gazetteer.countries import read_countries
from teletipo.gazetteer.known import COLUMNS

HUMAN = "Q5"
INSTANCE_OF, CITIZENSHIP, COUNTRY, COORDINATES, GEONAMES = "P31", "P27", "P17", "P625", "P1566"
_LANGUAGES = ("es", "en", "mul")


class ItemReader:
    """Turns items of the dump into rows of a table."""

    def __init__(self, sitelinks: int, organisations: Iterable[str]) -> None:
        self._sitelinks = sitelinks
        self._organisations = frozenset(organisations)
        self._countries = {country.wikidata: iso3 for iso3, country in read_countries().items() if country.wikidata}

    def row(self, item: dict[str, Any]) -> dict[str, str] | None:
        """The row of one item; None for one that is not wanted."""
        if item.get("type") != "item" or _wikipedias(item) < self._sitelinks:
            return None
        names = list(_names(item))
        classes = {value.get("id") for value in _values(item, INSTANCE_OF)}
        geonames = next((value for value in _values(item, GEONAMES) if isinstance(value, str)), "")
        kind = self._type(classes, geonames)
        if kind is None or not names:
            return None
        row = dict.fromkeys(COLUMNS, "")
        row.update(name=names[0], type=kind, wikidata=item["id"], country=self._country(item, kind))
        row["aliases"] = "|".join(name for name in dict.fromkeys(names[1:]) if "|" not in name and name != names[0])
        if kind == "LOC":
            row["geonames_id"] = geonames
            point = next((value for value in _values(item, COORDINATES) if "latitude" in value), None)
            if point is not None:
                row["latitude"], row["longitude"] = str(point["latitude"]), str(point["longitude"])
        return row

    def _type(self, classes: set[str | None], geonames: str) -> str | None:
        if HUMAN in classes:
            return "PER"
        if classes & self._organisations:
            return "ORG"
        return "LOC" if geonames.isdecimal() else None

    def _country(self, item: dict[str, Any], kind: str) -> str:
        """ISO code where the item has one state; somebody of two states gets none."""
        values = _values(item, CITIZENSHIP if kind == "PER" else COUNTRY)
        found = {self._countries[value["id"]] for value in values if value.get("id") in self._countries}
        return found.pop() if len(found) == 1 else ""


def items(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The items of a dump: a JSON array with one item a line."""
    for line in file:
        text = line.strip().rstrip(b",")
        if text not in (b"", b"[", b"]"):
            yield orjson.loads(text)


def _wikipedias(item: dict[str, Any]) -> int:
    return sum(1 for site in item.get("sitelinks") or {} if site.endswith("wiki") and site not in ("commonswiki", "specieswiki"))


def _names(item: dict[str, Any]) -> Iterator[str]:
    labels, aliases = item.get("labels") or {}, item.get("aliases") or {}
    yield from (labels[language]["value"] for language in _LANGUAGES if language in labels)
    yield from (alias["value"] for language in _LANGUAGES for alias in aliases.get(language, ()))


def _values(item: dict[str, Any], name: str) -> list[Any]:
    """Values of the best statements of a property: the preferred ones, else the normal; none that has ended for countries."""
    statements = [s for s in (item.get("claims") or {}).get(name, ()) if s.get("rank") != "deprecated"]
    preferred = [s for s in statements if s.get("rank") == "preferred"]
    if name in (CITIZENSHIP, COUNTRY):
        statements = [s for s in statements if "P582" not in (s.get("qualifiers") or {})]
    snaks = [s.get("mainsnak", {}) for s in preferred or statements]
    return [snak["datavalue"]["value"] for snak in snaks if snak.get("snaktype") == "value" and "datavalue" in snak]


def _open(path: Path) -> IO[bytes]:
    openers: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open}
    opener: Any = openers.get(path.suffix, open)
    return opener(path, "rb")


@click.command()
@click.argument("dump", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("table", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sitelinks", default=15, show_default=True, help="Wikipedias that must have a page on the item.")
@click.option("--organisation-class", "organisations", multiple=True, help="A class of organisations, as Q43229; repeat it.")
def main(dump: Path, table: Path, sitelinks: int, organisations: tuple[str, ...]) -> None:
    """Write TABLE, a CSV table for TELETIPO_GAZETTEERS, from DUMP, a Wikidata JSON dump."""
    reader = ItemReader(sitelinks, organisations)
    written = 0
    try:
        with _open(dump) as source, table.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, COLUMNS)
            writer.writeheader()
            for item in items(source):
                row = reader.row(item)
                if row is not None:
                    writer.writerow(row)
                    written += 1
    except (OSError, EOFError, orjson.JSONDecodeError) as error:
        print(f"{dump}: {error}; the dump is a JSON array with one item a line", file=sys.stderr)
        sys.exit(2)
    print(f"{table}: {written} entries")


if __name__ == "__main__":
    main()
