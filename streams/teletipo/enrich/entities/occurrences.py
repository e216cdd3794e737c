"""All places of a text where given names stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ](?<![^\W_].)[\w.]*")
"""The class stands first and what must not be before it behind it, so that a search skips to the next capital by itself."""


def names_by_first_word(names: Iterable[str]) -> dict[str, list[str]]:
    """Names keyed by their first word, longest first, for a search of all their occurrences."""
    table: dict[str, list[str]] = {}
    for name in set(names):
        first = _CAPITAL.match(name)
        if first:
            table.setdefault(first[0].rstrip("."), []).append(name)
    for entries in table.values():
        entries.sort(key=lambda name: (-len(name), name))
    return table


def occurrences(text: str, names: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Every whole-word occurrence of the names in a text, longest first at each place."""
    table = names_by_first_word(names)
    done = 0
    for word in _CAPITAL.finditer(text):
        named = table.get(word[0].rstrip("."))
        start = word.start()
        if named is None or start < done:
            continue
        for name in named:
            end = start + len(name)
            if text.startswith(name, start) and not (text[end : end + 1].isalnum() or text[end : end + 1] == "_"):
                yield start, end, name
                done = end
                break
