"""What a page copied from the web begins with before its headline: the paper's name, the way to the page, its section."""

from __future__ import annotations

import re
from functools import lru_cache

from teletipo.languages import available, load

_LONGEST = 40
_MOST_WORDS = 5
_PATH = re.compile(r"[^\W\d_][\w .&-]{1,30}(?:\s?[>»›|/·]\s?[^\W\d_][\w .&-]{1,30}){1,4}")
_SITE = re.compile(r"(?:www\.)?[\w-]{2,30}(?:\.[a-z]{2,12}){1,2}")
_CAPITALISED = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w.&'’-]*")


def is_masthead(line: str) -> bool:
    """Whether a first line is a paper's name ("Alba Noticias", "alba.example"), a path of sections, or a section alone."""
    if len(line) > _LONGEST:
        return False
    words, sections = _names()
    if line.casefold() in sections or _SITE.fullmatch(line):
        return True
    parts = line.split()
    if any(mark in line for mark in ">»›|") and _PATH.fullmatch(line):
        return True
    named = any(part.casefold() in words for part in parts)
    capitals = all(
        _CAPITALISED.fullmatch(part) or part.casefold() in ("de", "del", "la", "el", "en", "of", "the") for part in parts
    )
    return named and capitals and len(parts) <= _MOST_WORDS


@lru_cache(maxsize=1)
def _names() -> tuple[frozenset[str], frozenset[str]]:
    tables = [load(language, "boilerplate")["masthead"] for language in available()]
    words = frozenset(word.casefold() for table in tables for word in table["words"])
    return words, frozenset(section.casefold() for table in tables for section in table["sections"])
