"""A doc as arrays: words, stems, tone classes and shifts, for features that are computed without a loop over tokens."""

from __future__ import annotations

import numpy as np
from spacy.attrs import DEP, HEAD, IDX, IS_PUNCT, IS_TITLE, LOWER, POS, SENT_START
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


class WordTable:
    """What is known of every word form seen so far: stem, class, shift bits. Keys are spaCy's string ids."""

    def __init__(self, lexicon: ToneLexicon, most: int = 200_000) -> None:
        self._lexicon = lexicon
        self._rows: dict[int, tuple[int, int, int]] = {}
        self._most = most

    def look_up(self, doc: Doc, lower: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Stems (as ids), classes and bits for a column of word ids."""
        values, inverse = np.unique(lower, return_inverse=True)
        if len(self._rows) > self._most:
            self._rows.clear()
        rows = [self._rows.get(value) or self._add(doc, value) for value in values.tolist()]
        table = np.array(rows, dtype=np.uint64).reshape(-1, 3)[inverse]
        return table[:, 0], table[:, 1].astype(np.int64), table[:, 2].astype(np.int64)

    def _add(self, doc: Doc, value: int) -> tuple[int, int, int]:
        word = doc.vocab.strings[value]
        number, bits = self._lexicon.codes(word)
        row = self._rows[value] = (_stem_id(word), number, bits)
        return row


def _stem_id(word: str) -> int:
    """The id of a word's beginning; the same in every process, unlike `hash`."""
    value = 0xCBF29CE484222325
    for byte in word[:_STEM].encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


class Columns:
    """One doc: `sign` is −1, 0 or 1 after shifts ("fin de la guerra" is 1), `sentence` numbers the sentences from 0.

    Words of names have no tone: a Bank of Development reports no development. `content` marks words that may be evidence.
    """

    def __init__(self, doc: Doc, table: WordTable, reach: int) -> None:
        raw = doc.to_array([LOWER, DEP, IDX, IS_PUNCT, SENT_START, POS, IS_TITLE, HEAD]).reshape(-1, 8)
        self.strings = doc.vocab.strings
        self.lower = raw[:, 0].astype(np.uint64)
        self.dep = raw[:, 1].astype(np.uint64)
        self.chars = raw[:, 2].astype(np.int64)
        self.punct = raw[:, 3].astype(bool)
        self.sentence = np.cumsum(raw[:, 4].astype(np.int64) == 1)
        self.stem, self.tone, self.bits = table.look_up(doc, self.lower)
        name = raw[:, 5] == PROPN
        # "United" of "United States", which the tagger sees as an adjective.
        name |= (raw[:, 6] == 1) & name[raw[:, 7].astype(np.int64) + np.arange(len(raw))]
        name &= (raw[:, 6] == 1) & (raw[:, 4].astype(np.int64) != 1)  # a sentence's first word has a capital anyway
        self.tone = np.where(name, 0, self.tone)
        telling = (raw[:, 5] == ADV) & ((self.tone > 0) | ((self.bits & NEGATION) > 0))
        self.content = np.isin(raw[:, 5].astype(np.uint64), _CONTENT) | telling
        self.plain = _SIGN[self.tone]
        self.shifted = _shifted(self.plain, self.bits, self.punct, reach)
        self.sign = np.where(self.shifted, -self.plain, self.plain).astype(np.int8)
        self.real_sign = self.sign.astype(np.float32)
        self.tones = self.tone.astype(np.uint64) * np.uint64(4) + (self.sign + 1).astype(np.uint64)

    def sentences_of(self, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The tokens of the sentence of each of `tokens`: from, to (exclusive)."""
        numbers = self.sentence[tokens]
        return np.searchsorted(self.sentence, numbers), np.searchsorted(self.sentence, numbers, side="right")


def _shifted(plain: np.ndarray, bits: np.ndarray, punct: np.ndarray, reach: int) -> np.ndarray:
    """Whether a word before ends something bad or breaks something good, or one behind says that something bad becomes less
    ("el paro baja"), with no punctuation between."""
    falls = (bits & FALLS) > 0
    any_falls = bool(falls.any())
    shifted = np.zeros(len(plain), dtype=bool)
    clear = np.ones(len(plain), dtype=bool)
    for distance in range(1, reach + 1):
        if distance >= len(plain):
            break
        clear[distance:] &= ~punct[:-distance]
        clear[:distance] = False
        before = bits[:-distance]
        shifted[distance:] |= clear[distance:] & (plain[distance:] < 0) & ((before & ENDS) > 0)
        shifted[distance:] |= clear[distance:] & (plain[distance:] > 0) & ((before & BREAKS) > 0)
        if any_falls and distance <= _SUBJECT_REACH:
            less = clear[distance:] & (plain[:-distance] < 0) & ~falls[:-distance] & falls[distance:]
            shifted[:-distance] |= less
            shifted[distance:] |= less & (plain[distance:] < 0)
    return shifted
