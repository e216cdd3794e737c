"""How a text writes its words: sentence beginnings, capitals, and where the parser sees a name go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

_HEADING = re.compile(r"(?m)^[^a-zß-öø-ÿ\n]{4,} [^a-zß-öø-ÿ\n]{3,}$")
_LOWER_WORD = re.compile(r"(?<![\w'’])[a-zß-öø-ÿ]\w+")
_ASKED_SINGLY = 16
"""Words that are looked for in a text one by one before all of its words are gathered."""
_CAPITALISED = re.compile(r"[^\W\d_a-zß-öø-ÿ](?<!\w.)\w*")
"""The class stands first and what must not be before it behind it, so that a search skips to the next capital by itself."""


def whole_end(doc: Doc, ent: DocSpan) -> int:
    """Where a person's name ends that the recogniser cut and the parser did not ("Kim" + "Yo Jong")."""
    end = ent.end
    if ent.label_ == "PER":
        while end < len(doc) and doc[end].dep_ == "flat" and not doc[end].ent_type and ent.start <= doc[end].head.i < end:
            if not doc[end].text[0].isupper():
                break
            end += 1
    return doc[end - 1].idx + len(doc[end - 1]) if end > ent.end else int(ent.end_char)


def starts_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins at an offset, marks that open it aside."""
    before = text[max(0, start - 2) : start].strip(" \"“«'‘¿¡(—–-\n")
    return before in ("", ".", "!", "?", ":", "…")


def capitalised(text: str) -> list[tuple[int, str]]:
    """All words with a capital, and where they begin."""
    return [(found.start(), found[0]) for found in _CAPITALISED.finditer(text)]


def matches_at(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """What `finditer` gives of a pattern that matches at these offsets only, without a try at every other one."""
    done = 0
    for start in starts:
        if start >= done and (found := pattern.match(text, start)) is not None:
            done = found.end()
            yield found


def is_shouted(headline: str) -> bool:
    """Whether a headline is written in capitals."""
    letters = sum(map(str.isalpha, headline))
    return letters > 12 and sum(map(str.isupper, headline)) > 0.7 * letters


def shouted_lines(text: str, headline_end: int) -> list[tuple[int, int]]:
    """Lines in capitals, from and to: the headline if it is mostly so, headings between paragraphs ("PENDIENTES DE HUNGRÍA")."""
    lines = [(0, headline_end)] if is_shouted(text[:headline_end]) else []
    return lines + [found.span() for found in _HEADING.finditer(text, headline_end)]


def lies_in(lines: list[tuple[int, int]], start: int) -> bool:
    """Whether an offset lies in one of the lines."""
    return bool(lines) and any(first <= start < last for first, last in lines)


class LowerWords:
    """The words that a text writes without a capital. Few are asked for of most texts, and are looked for one by one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._asked = 0
        self._words: set[str] | None = None

    def __contains__(self, word: str) -> bool:
        self._asked += 1
        if self._asked <= _ASKED_SINGLY:
            return self._is_written(word)
        if self._words is None:
            self._words = set(_LOWER_WORD.findall(self._text))
        return word in self._words

    def _is_written(self, word: str) -> bool:
        at = self._text.find(word)
        while at >= 0:
            found = _LOWER_WORD.match(self._text, at)
            if found is not None and found[0] == word:
                return True
            at = self._text.find(word, at + 1)
        return False
