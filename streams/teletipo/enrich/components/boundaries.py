"""Where a sentence may not begin, or must: the parser finds the beginnings, these rules keep it from impossible ones."""

from __future__ import annotations

import numpy as np
from spacy.attrs import ORTH, SENT_START, SPACY
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

_WORD, _FINAL, _DASH, _QUOTE, _OPENING, _CLOSING, _TITLE, _ABBREVIATION = range(8)
_KINDS = {
    _FINAL: {".", "?", "!", "…", ":", ";", "...", ".-", ".–"},
    _DASH: {"-", "–", "—", "--"},
    _QUOTE: {'"', "'"},
    _OPENING: {"“", "«", "(", "[", "¿", "¡", "‘", "``"},
    _CLOSING: {"”", "»", ")", "]", "’", "''"},
    _TITLE: {
        "Adm.",
        "Atty.",
        "Brig.",
        "Capt.",
        "Col.",
        "Cmdr.",
        "Cpl.",
        "Dr.",
        "Gen.",
        "Gov.",
        "Hon.",
        "Lt.",
        "Maj.",
        "Mr.",
        "Mrs.",
        "Ms.",
        "Msgr.",
        "Prof.",
        "Rep.",
        "Rev.",
        "Sen.",
        "Sgt.",
        "St.",
        "Sr.",
        "Sra.",
        "Srta.",
        "Dra.",
        "Lic.",
        "Ing.",
        "Gral.",
        "Cnel.",
        "Arq.",
        "Mons.",
        "Sto.",
        "Sta.",
        "Almte.",
        "Cap.",
        "Tte.",
        "Pbro.",
        "núm.",
        "núms.",
        "vs.",
    },
}
_OPENING_QUOTES = ('"', "“", "«")
_ENDS = (".", "?", "!", "…", "...")
_KINDS[_TITLE] |= {title.rstrip(".") for title in _KINDS[_TITLE]}


@Language.factory("teletipo_boundaries", assigns=["token.is_sent_start"])
def make_boundaries(nlp: Language, name: str) -> Boundaries:
    """The component; it has nothing to configure and nothing to learn."""
    return Boundaries(nlp.vocab)


class Boundaries:
    """Marks tokens that open no sentence, and quotes that open one for certain.

    The first are: what follows a word or any mark but a closing one; a dash after a full stop and what follows the dash
    ("Kiev. - El presidente llegó" is one sentence, as datelines and lists of dates are); a closing quote; what follows
    an opening one; a name after the abbreviation of a title. The second: an opening quote before a capital, after the end
    of a sentence and a space.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._known = {vocab.strings.add(text): kind for kind, texts in _KINDS.items() for text in texts}
        self._quotes = {vocab.strings.add(text) for text in _OPENING_QUOTES}
        self._ends = {vocab.strings.add(text) for text in _ENDS}

    def __call__(self, doc: Doc) -> Doc:
        if len(doc) < 2:
            return doc
        rows = doc.to_array([ORTH, SPACY]).tolist()
        kinds = [self._kind(orth) for orth, _space in rows]
        starts = np.zeros(len(doc), dtype="int64")
        for i in range(1, len(kinds)):
            before, kind = kinds[i - 1], kinds[i]
            spaced = bool(rows[i - 1][1])
            if (
                before == _WORD
                or before in (_TITLE, _OPENING)
                or (before == _FINAL and i > 1 and kinds[i - 2] == _TITLE and not rows[i - 2][1])
                or kind == _CLOSING
                or (kind == _DASH and before == _FINAL)
                or (before == _DASH and i > 1 and kinds[i - 2] == _FINAL)
                or (not spaced and (kind == _QUOTE or before == _QUOTE))
            ):
                starts[i] = -1
            elif rows[i][0] in self._quotes and spaced and rows[i - 1][0] in self._ends and self._opens(doc, i):
                starts[i] = 1
        return doc.from_array([SENT_START], starts.astype("uint64").reshape(-1, 1))  # type: ignore[arg-type]

    def _opens(self, doc: Doc, i: int) -> bool:
        return i + 1 < len(doc) and not doc[i].whitespace_ and doc[i + 1].text[:1].isupper()

    def _kind(self, orth: int) -> int:
        kind = self._known.get(orth)
        if kind is None:
            if len(self._known) > 200_000:
                self._known = {self.vocab.strings.add(text): kind for kind, texts in _KINDS.items() for text in texts}
            kind = self._known[orth] = _ABBREVIATION if self.vocab.strings[orth].endswith(".") else _WORD
        return kind
