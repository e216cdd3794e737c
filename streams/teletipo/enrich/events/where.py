"""The words that say where an act happened, from `languages/*/where.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from teletipo import languages

Phrases = dict[str, tuple[tuple[int, tuple[str, ...]], ...]]
"""Phrases by each of their words, with its place in them."""


@dataclass(slots=True, frozen=True)
class Where:
    """Prepositions and nouns of places in one language."""

    at: frozenset[str]
    plain: str
    """The plainest of them, for which those of several words stand."""
    between: frozenset[str]
    spoken_from: frozenset[str]
    long: Phrases
    sides: Phrases
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


def _by_word(phrases: list[str]) -> Phrases:
    index: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for phrase in phrases:
        words = tuple(phrase.split())
        for place, word in enumerate(words):
            index.setdefault(word, []).append((place, words))
    return {word: tuple(rows) for word, rows in index.items()}


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
        long=_by_word(table["long"]),
        sides=_by_word(table["sides"]),
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
