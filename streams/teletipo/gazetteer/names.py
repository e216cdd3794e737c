"""How names are compared: folding, articles, and the inflection of demonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-"})
_PREPOSITIONS = ("de", "a", "en", "of", "in", "to", "o", "do", "da", "os", "as", "e")
_ARTICLES = ("el", "la", "los", "las", "del", "al", "the", "o", "os")
_LEADING = re.compile(rf"^(?:(?:{'|'.join(_PREPOSITIONS)})\s+)?(?:(?:{'|'.join(_ARTICLES)})\s+)?", re.IGNORECASE)
LEADING_WORDS = frozenset((*_PREPOSITIONS, *_ARTICLES))
"""The words that without_article() takes away."""


@lru_cache(maxsize=65_536)
def fold(name: str) -> str:
    """Lower case, no accents, plain apostrophes and hyphens, single spaces: names equal so are taken for the same."""
    if not name.isascii():
        decomposed = unicodedata.normalize("NFD", name.translate(_APOSTROPHES).casefold())
        name = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ı", "i").replace("ł", "l")
    return " ".join(name.lower().split())


def without_article(name: str) -> str:
    """`name` less a leading preposition and article: "de la Argentina" gives "Argentina"."""
    bare = _LEADING.sub("", name, count=1)
    return bare or name


@lru_cache(maxsize=65_536)
def fold_bare(name: str) -> str:
    """`fold` of a name less a leading preposition and article."""
    return fold(without_article(name))


def inflect(word: str, endings: Mapping[str, Sequence[str]]) -> list[str]:
    """All forms of `word` by the table of endings (languages/*/demonyms.toml, [inflection]); the longest that fits counts."""
    fitting = [ending for ending in endings if word.endswith(ending)]
    if not fitting:
        return [word]
    ending = max(fitting, key=len)
    stem = word[: len(word) - len(ending)]
    return [stem + replacement for replacement in endings[ending]]
