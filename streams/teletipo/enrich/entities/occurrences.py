"""All places of a text where given names stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_CAPITAL = re.compile(r"(?<![^\W_])[^\W\d_a-zß-öø-ÿ][\w.]*")


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
        start = word.start()
        if start < done:
            continue
        for name in table.get(word[0].rstrip("."), ()):
            end = start + len(name)
            if text.startswith(name, start) and not (text[end : end + 1].isalnum() or text[end : end + 1] == "_"):
                yield start, end, name
                done = end
                break
