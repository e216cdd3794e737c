"""How a text writes its words: sentence beginnings, capitals, and where the parser sees a name go on."""

from __future__ import annotations

import re

from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

_HEADING = re.compile(r"(?m)^[^a-zß-öø-ÿ\n]{4,} [^a-zß-öø-ÿ\n]{3,}$")
_LOWER_WORD = re.compile(r"(?<![\w'’])[a-zß-öø-ÿ]\w+")


def whole_end(doc: Doc, ent: DocSpan) -> int:
    """Where a person's name ends that the recogniser cut and the parser did not ("Kim" + "Yo Jong")."""
    end = ent.end
    if ent.label_ == "PER":
        while end < len(doc) and doc[end].dep_ == "flat" and not doc[end].ent_type and ent.start <= doc[end].head.i < end:
            if not doc[end].text[0].isupper():
                break
            end += 1
    return doc[end - 1].idx + len(doc[end - 1])


def starts_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins at an offset, marks that open it aside."""
    before = text[max(0, start - 2) : start].strip(" \"“«'‘¿¡(—–-\n")
    return before in ("", ".", "!", "?", ":", "…")


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
    return any(first <= start < last for first, last in lines)


class LowerWords:
    """The words that a text writes without a capital, gathered when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: set[str] | None = None

    def __contains__(self, word: str) -> bool:
        if self._words is None:
            self._words = set(_LOWER_WORD.findall(self._text))
        return word in self._words
