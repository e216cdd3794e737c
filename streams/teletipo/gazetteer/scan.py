"""Find the gazetteer's names in running text: one pass over its capitalised words, longest name first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from teletipo.gazetteer.model import Hit

_CAPITAL = "[A-ZÀ-ÖØ-ÞŁŠŽ]"
_CAPITALISED = re.compile(rf"({_CAPITAL}(?<![\w.].)\w*)[\w.'’]*")
"""The class stands first and what must not be before it behind it, so that a search skips to the next capital by itself."""
_MOST_RARE = 200
"""Names that no capital begins up to which each is looked for by itself; a user's table may bring more, as "3M"."""
_FIRST = re.compile(r"\w+")
_AFTER = 3
"""Characters after the first word by which names are told apart before they are compared."""


class Scanner:
    """Names keyed by their first word; each is also known without accents and, but for a user's, in capitals."""

    def __init__(self, names: Iterable[Hit]) -> None:
        self._by_first: dict[str, dict[str, list[tuple[str, Hit]]]] = {}
        """By first word, then by the characters after it; names that have fewer are under "" and shorter than all others."""
        entered: set[str] = set()
        for hit in names:
            for form in _spellings(hit.text, hit.kind != "user"):
                first = _FIRST.match(form)
                if first is None or form in entered:
                    continue
                entered.add(form)
                after = form[first.end() : first.end() + _AFTER]
                buckets = self._by_first.setdefault(first[0], {})
                buckets.setdefault(after if len(after) == _AFTER else "", []).append((form, hit))
        for buckets in self._by_first.values():
            for entries in buckets.values():
                entries.sort(key=lambda entry: -len(entry[0]))
        lower = [first for first in self._by_first if first[0].islower()]  # "mar Negro", "franja de Gaza"
        others = rf"|\b(?:{'|'.join(lower)})\b" if lower else ""
        self._any = re.compile(rf"(?=(\w+))(?:(?<![\w.])(?:{_CAPITAL}[\w.'’]*|\d+[\w.]+){others})")
        numbers = [first for first in self._by_first if first[0].isdigit()]
        self._rare = {first: self._forms(first) for first in lower + numbers}
        self._many_rare = sum(map(len, self._rare.values())) > _MOST_RARE

    def _forms(self, first: str) -> list[str]:
        """All names of one first word."""
        return [form for entries in self._by_first[first].values() for form, _ in entries]

    def _starts(self, text: str) -> re.Pattern[str]:
        """Where names may begin in a text: few texts have one that no capital begins, and the others are searched faster."""
        if self._many_rare or any(first in text and any(map(text.__contains__, forms)) for first, forms in self._rare.items()):
            return self._any
        return _CAPITALISED

    def __call__(self, text: str) -> list[Hit]:
        """All names in `text`, not overlapping, in order."""
        hits: list[Hit] = []
        by_first = self._by_first
        done = 0
        for first in self._starts(text).finditer(text):
            buckets = by_first.get(first[1])
            start, after = first.span(1)
            if buckets is None or start < done:
                continue
            longer = buckets.get(text[after : after + _AFTER])
            shorter = buckets.get("", ())
            for form, hit in (*longer, *shorter) if longer else shorter:
                if not text.startswith(form, start):
                    continue
                end = start + len(form)
                if _ends_here(text, end, form):
                    hits.append(Hit(start, end, form, hit.kind, hit.country, hit.known, hit.weak))
                    done = end
                    break
        return hits


def _ends_here(text: str, end: int, form: str) -> bool:
    following = text[end : end + 1]
    if following == "-" and text[end + 1 : end + 2].isalpha():  # "Rusia-Ucrania" is two names, "Kim-chi" and "Cruz-Diez" are one
        return len(form) > 3 and text[end + 1].isupper()
    return not (following.isalnum() or following == "_") and not (following == "." and form.endswith("."))


def _spellings(name: str, shouted: bool) -> list[str]:
    plain = name
    if not name.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c) or c == "\u0303")
        plain = unicodedata.normalize("NFC", plain)
    forms = [name, plain]
    if shouted and len(name) > 3 and not name.isupper():
        forms += [name.upper(), plain.upper()]
    if name[0].islower():
        forms.append(name[0].upper() + name[1:])
    return list(dict.fromkeys(forms))
