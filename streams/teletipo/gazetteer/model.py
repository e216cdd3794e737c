"""What the gazetteer answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ReadingKind = Literal["name", "capital", "demonym", "seat", "region", "regional"]
HitKind = Literal["name", "capital", "city", "seat", "region", "area", "supranational", "organisation", "person", "user"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A state that a text speaks of: ISO alpha-3 (None: no single state, as for "Bruselas"), and by which word.

    `kind` is `name` (Rusia), `capital` (Moscú), `demonym` (ruso), `seat` (el Kremlin), `region` (Donbás) or
    `regional` (catalán); `start` and `end` are offsets of the word in the text asked about.
    """

    country: str | None
    kind: ReadingKind
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A place with what is known of it; what no source gives is None. Degrees are WGS 84."""

    name: str
    kind: Literal["country", "city", "region", "area"]
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    wikidata: str | None = None
    population: int = 0
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of our table or an entry of a user's: `key` is the same in every language.

    `sector` is a PLOVER-2021 code, `country` ISO alpha-3 (None for international organisations).
    """

    key: str
    type: Literal["PER", "ORG", "LOC", "MISC"]
    name: str
    sector: str | None = None
    country: str | None = None
    wikidata: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    aliases: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of the gazetteer found in a running text, case and accents as written there."""

    start: int
    end: int
    text: str
    kind: HitKind
    country: str | None = None
    known: Known | None = None
    weak: bool = False
    """True for a name that is as often something else ("Victoria", "PAN"): it needs other evidence."""
