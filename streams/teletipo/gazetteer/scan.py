"""Find the gazetteer's names in running text: one pass over its capitalised words, longest name first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from teletipo.gazetteer.model import Hit

_CAPITALISED = r"(?<![\w.])(?:[A-ZÀ-ÖØ-ÞŁŠŽ][\w.'’]*|\d+[\w.]+)"
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
        lower = sorted(re.escape(first) for first in self._by_first if first[0].islower())  # "mar Negro", "franja de Gaza"
        self._starts = re.compile(_CAPITALISED + (rf"|\b(?:{'|'.join(lower)})\b" if lower else ""))

    def __call__(self, text: str) -> list[Hit]:
        """All names in `text`, not overlapping, in order."""
        hits: list[Hit] = []
        by_first = self._by_first
        done = 0
        for start_match in self._starts.finditer(text):
            start = start_match.start()
            if start < done:
                continue
            first = _FIRST.match(text, start)
            buckets = by_first.get(first[0]) if first else None
            if buckets is None or first is None:
                continue
            longer = buckets.get(text[first.end() : first.end() + _AFTER])
            shorter = buckets.get("", ())
            for form, hit in (*longer, *shorter) if longer else shorter:
                if not text.startswith(form, start):
                    continue
                end = start + len(form)
                if _ends_here(text, end, form):
                    hits.append(replace(hit, start=start, end=end, text=form))
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
