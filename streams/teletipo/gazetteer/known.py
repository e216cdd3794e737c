"""Organisations of the shipped table, and whatever a user adds with TELETIPO_GAZETTEERS (docs/gazetteers.md)."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from teletipo.errors import LexiconError
from teletipo.gazetteer.model import Known
from teletipo.gazetteer.names import fold, fold_bare

COLUMNS = ("name", "type", "aliases", "wikidata", "geonames_id", "country", "latitude", "longitude", "sector")
TYPES = ("PER", "ORG", "LOC", "MISC")
SECTORS = frozenset(
    [
        "GOV", "MIL", "REB", "OPP", "PTY", "COP", "JUD", "LEG", "SPY", "JRN", "MED", "EDU", "BUS",
        "CRM", "CVL", "UAF", "IGO", "NGO", "LAB", "REL", "REF", "ELI", "SOC", "PRM", "UNK",
    ]
)  # fmt: skip


class KnownNames:
    """Entries by folded name. A name may have several; `find` needs one left after type and country."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Known]] = {}
        self._weak: set[str] = set()
        self.hits: list[tuple[str, Known, bool]] = []
        """Names as written that a running text is scanned for, and whether each is weak."""

    def add(self, entry: Known, names: Collection[str], weak: Collection[str] = (), scanned: bool = True) -> None:
        """Enter one thing under all its names; `weak` ones count only where other evidence speaks for them."""
        self._weak.update(fold_bare(name) for name in weak)
        for name in names:
            entries = self._entries.setdefault(fold_bare(name), [])
            if entry not in entries:
                entries.append(entry)
            if scanned and not name[0].islower():
                self.hits.append((name, entry, name in weak))

    def find(self, name: str, kind: str | None = None, countries: Collection[str] = (), careful: bool = False) -> Known | None:
        """The one entry of this name (and type, and country, where several have it); None if that leaves none or several.

        `careful`: an organisation of one state with a weak name ("PAN") counts only where that state is among `countries`.
        """
        folded = fold_bare(name)
        entries = self._entries.get(folded)
        if entries is None:
            return None
        found = [entry for entry in entries if kind in (None, entry.type)]
        if careful and folded in self._weak:
            found = [entry for entry in found if entry.country is None or entry.country in countries]
        if len(found) > 1:
            found = [entry for entry in found if entry.country in countries]
        return found[0] if len(found) == 1 else None


def add_organisations(names: dict[str, KnownNames]) -> None:
    """Enter data/organisations.tsv into the names of each language. A trailing "?" marks a weak name."""
    lines = (resources.files("teletipo.gazetteer") / "data" / "organisations.tsv").read_text("utf-8").splitlines()
    languages = lines[0].split("\t")[4:]
    for line in lines[1:]:
        key, kind, sector, country, *columns = line.split("\t")
        for language, column in zip(languages, columns, strict=True):
            marked = column.split("|")
            plain = [name.removesuffix("?") for name in marked]
            weak = {name.removesuffix("?") for name in marked if name.endswith("?")}
            entry = Known(key, kind, plain[0], sector, country or None, aliases=tuple(plain))  # type: ignore[arg-type]
            names[language].add(entry, plain, weak)


def read_table(path: Path) -> Iterator[Known]:
    """The entries of one user's CSV table. Raises LexiconError with file and line for a row that cannot be used."""
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise LexiconError(f"TELETIPO_GAZETTEERS: {path}: {error.strerror or error}") from None
    with file:
        rows = csv.DictReader(file, restkey="?")
        try:
            header = rows.fieldnames or []
            missing = [column for column in ("name", "type") if column not in header]
            unknown = [column for column in header if column not in COLUMNS]
            if missing or unknown:
                fault = (
                    f"column {missing[0]!r} is missing" if missing else f"column {unknown[0]!r} is none of {', '.join(COLUMNS)}"
                )
                raise LexiconError(f"{path}:1: {fault}")
            for row in rows:
                yield _entry(row, f"{path}:{rows.line_num}")
        except (csv.Error, UnicodeDecodeError) as error:
            raise LexiconError(f"{path}:{rows.line_num + 1}: {error}; the table must be CSV in UTF-8") from None


def _entry(row: dict[str, Any], where: str) -> Known:
    if "?" in row:
        raise LexiconError(f"{where}: more cells than the header has columns")
    cells = {column: (value or "").strip() for column, value in row.items()}
    name, kind = cells["name"], cells["type"]
    if not name:
        raise LexiconError(f"{where}: name is empty")
    _check(kind in TYPES, where, "type", kind, "one of " + ", ".join(TYPES))
    wikidata, country, sector = (cells.get(column) or None for column in ("wikidata", "country", "sector"))
    _check(wikidata is None or re.fullmatch(r"Q[1-9]\d*", wikidata), where, "wikidata", wikidata, "an item such as Q42")
    _check(country is None or re.fullmatch(r"[A-Z]{3}", country), where, "country", country, "an ISO 3166-1 alpha-3 code")
    _check(sector is None or sector in SECTORS, where, "sector", sector, "a PLOVER sector code")
    aliases = tuple(alias.strip() for alias in (cells.get("aliases") or "").split("|") if alias.strip())
    latitude = _number(cells, "latitude", 90.0, where)
    longitude = _number(cells, "longitude", 180.0, where)
    geonames = cells.get("geonames_id") or None
    _check(geonames is None or geonames.isdecimal(), where, "geonames_id", geonames, "a whole number")
    key = wikidata or f"{kind}:{fold(name)}"
    geonames_id = int(geonames) if geonames else None
    return Known(key, kind, name, sector, country, wikidata, latitude, longitude, geonames_id, aliases)  # type: ignore[arg-type]


def _number(cells: dict[str, str], column: str, limit: float, where: str) -> float | None:
    text = cells.get(column)
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = limit + 1
    _check(abs(number) <= limit, where, column, text, f"a number from -{limit:g} to {limit:g}")
    return number


def _check(right: object, where: str, column: str, value: str | None, expected: str) -> None:
    if not right:
        raise LexiconError(f"{where}: {column} {value!r} is not {expected}")
