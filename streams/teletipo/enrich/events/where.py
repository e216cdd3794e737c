"""The words that say where an act happened, from `languages/*/where.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from teletipo import languages


@dataclass(slots=True, frozen=True)
class Where:
    """Prepositions and nouns of places in one language."""

    at: frozenset[str]
    plain: str
    """The plainest of them, for which those of several words stand."""
    between: frozenset[str]
    spoken_from: frozenset[str]
    long: tuple[tuple[str, ...], ...]
    sides: tuple[tuple[str, ...], ...]
    """Prepositions of several words behind which a name is a side, no place."""
    into: dict[str, frozenset[str]]
    standing: frozenset[str]
    """Buildings and sites."""
    unnamed: frozenset[str]
    """What is a place without a name of its own: capitals and borders."""
    borders: frozenset[str]
    within: frozenset[str]
    """Between a place and the larger one that it lies in."""
    divisions: frozenset[str]
    """Parts of a state."""
    missions: frozenset[str]
    """Embassies and the like: the state that one is of is not where it stands."""
    same: frozenset[str]
    there: frozenset[str]


@cache
def where(language: str) -> Where:
    """The table of a language."""
    table: dict[str, Any] = languages.load(language, "where")
    nouns = table["nouns"]
    return Where(
        at=frozenset(table["at"]),
        plain=table["at"][0],
        between=frozenset(table["between"]),
        spoken_from=frozenset(table["spoken_from"]),
        long=tuple(tuple(phrase.split()) for phrase in table["long"]),
        sides=tuple(tuple(phrase.split()) for phrase in table["sides"]),
        into={kind: frozenset(words) for kind, words in table["into"].items()},
        standing=frozenset([*nouns["buildings"], *nouns["sites"]]),
        unnamed=frozenset([*nouns["capitals"], *nouns["borders"]]),
        borders=frozenset(nouns["borders"]),
        within=frozenset(table["within"]),
        divisions=frozenset(nouns["divisions"]),
        missions=frozenset(nouns["missions"]),
        same=frozenset(nouns["same"]),
        there=frozenset(nouns["there"]),
    )
