"""Docs as arrays: words, stems, tone classes and shifts, for features that are computed without a loop over tokens.

The docs of a unit lie one behind the other, a gap between them, since the work on one is a few dozen array operations whose
cost is in the calls.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.attrs import DEP, HEAD, IDX, IS_PUNCT, IS_TITLE, LENGTH, LOWER, POS, SENT_START
from spacy.strings import StringStore
from spacy.symbols import ADJ, ADV, NOUN, PROPN, VERB
from spacy.tokens import Doc

from teletipo.enrich.sentiment.lexicon import BREAKS, ENDS, FALLS, NEGATION, NEGATIVE, POSITIVE, ToneLexicon

_STEM = 5
_SUBJECT_REACH = 4
"""Words between which what falls and the verb that says so stand."""
_CONTENT = np.array([NOUN, VERB, ADJ, PROPN], dtype=np.uint64)
_SIGN = np.zeros(64, dtype=np.int8)
for _number in NEGATIVE:
    _SIGN[_number] = -1
for _number in POSITIVE:
    _SIGN[_number] = 1
_ATTRIBUTES: list[int | str] = [LOWER, DEP, IDX, IS_PUNCT, SENT_START, POS, IS_TITLE, HEAD, LENGTH]
_GAP = {IS_PUNCT: 1, SENT_START: 1}
_GAP_ROW = np.array([[_GAP.get(attribute, 0) for attribute in _ATTRIBUTES]], dtype=np.uint64)


class WordTable:
    """What is known of every word form seen so far: stem, class, shift bits. Keys are spaCy's string ids."""

    def __init__(self, lexicon: ToneLexicon, most: int = 100_000) -> None:
        self._lexicon = lexicon
        self._rows: dict[int, tuple[int, int, int]] = {}
        self._most = most

    def look_up(self, strings: StringStore, forms: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Stems (as ids), classes and bits of the words with these ids."""
        if len(self._rows) > self._most:
            self._rows.clear()
        rows = [self._rows.get(form) or self._add(strings, form) for form in forms.tolist()]
        table = np.array(rows, dtype=np.uint64).reshape(-1, 3)
        return table[:, 0], table[:, 1].astype(np.int64), table[:, 2].astype(np.int64)

    def _add(self, strings: StringStore, form: int) -> tuple[int, int, int]:
        word = strings[form]
        row = self._rows[form] = (_stem_id(word), *self._lexicon.codes(word))
        return row


def _stem_id(word: str) -> int:
    """The id of a word's beginning; the same in every process, unlike `hash`."""
    value = 0xCBF29CE484222325
    for byte in word[:_STEM].encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


class Columns:
    """The tokens of all docs. `first` and `sizes` say where each doc's are, `doc` whose each token is, gaps included.

    `forms` are the ids of the different words (`form_stems` their stems), `form` the number of each token's word in them.
    `sign` is −1, 0 or 1 after shifts ("fin de la guerra" is 1), `sentence` numbers the sentences. Words of names have no tone:
    a Bank of Development reports no development. `content` marks words that may be evidence. `chars` and `ends` are offsets
    in the token's own text.
    """

    def __init__(self, docs: Sequence[Doc], table: WordTable, reach: int) -> None:
        raw = np.concatenate(
            [part for doc in docs for part in (doc.to_array(_ATTRIBUTES).reshape(-1, len(_ATTRIBUTES)), _GAP_ROW)]
        )
        lower, dep, chars, punct, starts, pos, title, heads, lengths = np.ascontiguousarray(raw.T)
        self.strings = docs[0].vocab.strings
        self.sizes = np.array([len(doc) for doc in docs])
        self.first = np.cumsum(self.sizes + 1) - self.sizes - 1
        self.doc = np.repeat(np.arange(len(docs)), self.sizes + 1)
        here = np.arange(len(raw))
        self.heads = heads.astype(np.int64) + here
        self.lower, self.dep = lower, dep
        self.chars = chars.astype(np.int64)
        self.ends = self.chars + lengths.astype(np.int64)
        starting = starts == 1
        starting[self.first] = True
        self.sentence = np.cumsum(starting)
        self.forms, self.form = np.unique(lower, return_inverse=True)
        self.form_stems, tone, bits = table.look_up(self.strings, self.forms)
        self.stem, self.bits = self.form_stems[self.form], bits[self.form]
        tone = tone[self.form]
        titled = title == 1
        name = pos == PROPN
        # "United" of "United States", which the tagger sees as an adjective.
        name |= titled & name[self.heads]
        name &= titled & ~starting  # a sentence's first word has a capital anyway
        self.tone = np.where(name, 0, tone)
        telling = (pos == ADV) & ((self.tone > 0) | ((self.bits & NEGATION) > 0))
        self.content = np.isin(pos, _CONTENT) | telling
        plain = _SIGN[self.tone]
        self.shifted = _shifted(plain, self.bits, punct.astype(bool), reach)
        self.sign = np.where(self.shifted, -plain, plain).astype(np.int8)
        self.tones = self.tone * 4 + self.sign + 1

    def token_at(self, docs: np.ndarray, chars: np.ndarray, side: str = "left") -> np.ndarray:
        """The tokens of these docs from whose beginnings the characters are at or before (as in `searchsorted`)."""
        far = int(self.chars.max(initial=0)) + int(chars.max(initial=0)) + 2
        places = self.doc * far + self.chars
        places[self.first + self.sizes] = (np.arange(len(self.sizes)) + 1) * far - 1
        return np.searchsorted(places, docs * far + chars, side=side)  # type: ignore[call-overload]

    def sentences_of(self, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The tokens of the sentence of each of `tokens`: from, to (exclusive)."""
        numbers = self.sentence[tokens]
        return np.searchsorted(self.sentence, numbers), np.searchsorted(self.sentence, numbers, side="right")


def _shifted(plain: np.ndarray, bits: np.ndarray, punct: np.ndarray, reach: int) -> np.ndarray:
    """Whether a word before ends something bad or breaks something good, or one behind says that something bad becomes less
    ("el paro baja"), with no punctuation between."""
    ends, breaks, falls = (bits & ENDS) > 0, (bits & BREAKS) > 0, (bits & FALLS) > 0
    bad, good = plain < 0, plain > 0
    any_falls = bool(falls.any())
    shifted = np.zeros(len(plain), dtype=bool)
    clear = np.ones(len(plain), dtype=bool)
    for distance in range(1, min(reach + 1, len(plain))):
        clear = clear[1:] & ~punct[:-distance]
        shifted[distance:] |= clear & ((bad[distance:] & ends[:-distance]) | (good[distance:] & breaks[:-distance]))
        if any_falls and distance <= _SUBJECT_REACH:
            less = clear & bad[:-distance] & ~falls[:-distance] & falls[distance:]
            shifted[:-distance] |= less
            shifted[distance:] |= less & bad[distance:]
    return shifted
