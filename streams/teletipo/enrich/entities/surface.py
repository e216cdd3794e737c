"""How a text writes its words: sentence beginnings, capitals, and where the parser sees a name go on."""

from __future__ import annotations

import re

from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

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
    letters = [c for c in headline if c.isalpha()]
    return len(letters) > 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


class LowerWords:
    """The words that a text writes without a capital, gathered when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: set[str] | None = None

    def __contains__(self, word: str) -> bool:
        if self._words is None:
            self._words = set(_LOWER_WORD.findall(self._text))
        return word in self._words
