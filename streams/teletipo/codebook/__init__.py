"""The codebook as data: PLOVER 2021 types, modes, contexts and sectors, CAMEO 1.1b3 codes, the Goldstein scale.

Sources and licences: ATTRIBUTION.md in this folder. Where the tables leave a choice, docs/events.md says what we do.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(slots=True, frozen=True)
class TypeRule:
    """One PLOVER type: quad class, its general CAMEO code, its modes, the CAMEO roots it may carry, its content series."""

    name: str
    quad: int
    cameo: str
    modes: tuple[str, ...]
    roots: tuple[str, ...]
    content: str | None


@dataclass(slots=True, frozen=True)
class CameoCode:
    """One CAMEO code with its place on the Goldstein scale (-10 conflict … 10 cooperation)."""

    code: str
    goldstein: float
    description: str


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__name__) / name).read_text("utf-8"))


@cache
def types() -> dict[str, TypeRule]:
    """PLOVER types by name, in the manual's order."""
    return {
        name: TypeRule(name, row["quad"], row["cameo"], tuple(row["modes"]), tuple(row["roots"]), row.get("content"))
        for name, row in _toml("types.toml").items()
    }


@cache
def contexts() -> frozenset[str]:
    """The closed list of PLOVER contexts."""
    return frozenset(_toml("contexts.toml")["contexts"])


@cache
@cache
def contexts_of(code: str) -> tuple[str, ...]:
    """Contexts that follow from a CAMEO code alone."""
    rows = _toml("contexts_of_codes.toml").items()
    return tuple(name for name, prefixes in rows if any(code.startswith(prefix) for prefix in prefixes))


@cache
def sectors() -> frozenset[str]:
    """The closed list of sector codes."""
    return frozenset(_toml("sectors.toml"))


@cache
def cameo() -> dict[str, CameoCode]:
    """CAMEO codes with their Goldstein values."""
    text = (resources.files(__name__) / "cameo.tsv").read_text("utf-8")
    return {
        row["code"]: CameoCode(row["code"], float(row["goldstein"]), row["description"])
        for row in csv.DictReader(text.splitlines(), delimiter="\t")
    }


def goldstein(code: str) -> float:
    """Goldstein value of a CAMEO code. Raises KeyError for a code that CAMEO does not have."""
    return cameo()[code].goldstein


@dataclass(slots=True, frozen=True)
class ContentClass:
    """What a promise, appeal, demand, refusal, threat, gift or protest is about, with the code (of a protest: a digit)."""

    name: str
    codes: dict[str, str]
    mode: str | None
    threat: str | None


_SERIES = {
    "agree": "03", "appeal": "02", "demand": "10", "reject": "12", "threaten": "13",
    "give": "07", "share": "06", "cut": "16", "protest": "14",
}  # fmt: skip


@cache
def content_classes() -> dict[str, ContentClass]:
    """Content classes by name; `codes` is keyed by the CAMEO root of the series."""
    return {
        name: ContentClass(
            name,
            {root: row[series] for series, root in _SERIES.items() if series in row},
            row.get("mode"),
            row.get("threat"),
        )
        for name, row in _toml("content.toml").items()
    }


@cache
def _origins() -> dict[str, str]:
    rows = _toml("content.toml").items()
    said = ("agree", "appeal", "demand", "reject", "threaten")
    spoken = {row[series]: name for name, row in rows for series in said if series in row and len(row[series]) > 2}
    return spoken | {prefix: name for name, row in rows for prefix in row["from"]}


def content_of(code: str) -> str | None:
    """Content class of an act with this CAMEO code, by its longest known prefix."""
    origins = _origins()
    for length in range(len(code), 1, -1):
        if code[:length] in origins:
            return origins[code[:length]]
    return None
