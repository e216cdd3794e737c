"""An annotated text as the quote finder reads it: token columns, units (sentences by punctuation), names by offset."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from spacy.attrs import DEP, HEAD, IDX, IS_PUNCT, IS_SPACE, LOWER, MORPH, POS
from spacy.strings import get_string_id
from spacy.symbols import ADP, ADV, AUX, DET, PRON, SCONJ, VERB
from spacy.tokens import Doc

from teletipo.enrich.quotes.lexicon import ReportingLexicon
from teletipo.enrich.quotes.marks import Stretch, find_stretches
from teletipo.records import Entity

UNIT_LIMIT = 200
"""Tokens looked at on either side of a cue at most: keeps the work linear where punctuation is missing."""
_TERMINAL = frozenset(map(get_string_id, (".", "?", "!", "…", "...", "?!", "!!")))
_OPENING = "«“„‹「‘\"'¿¡([–—―-"
_CLOSING = "»”’\"'›」)]"
_NO_VERBS = frozenset((ADP, ADV, DET, PRON, SCONJ))
_finite_morphs: dict[int, bool] = {}
_REMEMBERED = 50_000
_words: dict[int, str] = {}
"""Words by the id of their form, as `Reading.word` gives them; the most common ones are asked for a thousand times."""


class Name:
    """A mention of an entity: offsets, type and the entity's id (None where entities were not linked)."""

    __slots__ = ("end", "entity", "start", "type")

    def __init__(self, start: int, end: int, type_: str, entity: str | None) -> None:
        self.start, self.end, self.type, self.entity = start, end, type_, entity


class Reading:
    """Columns over the tokens of a doc; every position is a token index unless it says `char`."""

    def __init__(self, doc: Doc, text: str, entities: list[Entity], lexicon: ReportingLexicon) -> None:
        self.doc = doc
        self.text = text
        self.lexicon = lexicon
        columns = doc.to_array([IDX, LOWER, POS, MORPH, DEP, IS_PUNCT, HEAD, IS_SPACE]).astype(np.uint64).reshape(-1, 8)
        self.chars = columns[:, 0].astype(np.int64)
        self.lower = columns[:, 1]
        self._forms: list[int] = self.lower.tolist()
        self.pos = columns[:, 2]
        self.dep = columns[:, 4]
        self.space = columns[:, 7] != 0
        wordlike = ~self.space & (columns[:, 5] == 0)
        self.finite = _finite(doc, columns[:, 3]) & ((self.pos == VERB) | (self.pos == AUX)) & wordlike
        for i in self._after(lexicon.before_finite):
            self.finite[i] |= wordlike[i] and int(self.pos[i]) not in _NO_VERBS
        # A verb with a subject of its own is finite where the tagger saw a participle.
        governors = (columns[:, 6].astype(np.int64) + np.arange(len(doc)))[self.subjects]
        self.finite[governors] |= (self.pos[governors] == VERB) & wordlike[governors]
        self.stretches: list[Stretch] = find_stretches(self.text)
        self.names = _names(doc, entities)
        self._name_starts = [name.start for name in self.names]

    def _after(self, forms: frozenset[int]) -> Iterator[int]:
        """Indices of the tokens behind words of these forms."""
        return (i for i, form in enumerate(self._forms[:-1], 1) if form in forms)

    @cached_property
    def breaks(self) -> list[int]:
        """Token indices at which a unit begins, sorted; the first is 0."""
        found = {0}
        for i in np.flatnonzero(self.space).tolist():
            if "\n" in self.doc[i].text:
                found.update((i, i + 1))
        spots = [i for i, form in enumerate(self._forms) if form in _TERMINAL]
        found.update(start for i in spots if (start := self._after_terminal(i)) is not None)
        return sorted(found)

    def _after_terminal(self, i: int) -> int | None:
        j = i + 1
        while j < len(self.doc) and j < i + 4 and self.doc[j].text in _CLOSING and self.doc[j - 1].whitespace_ == "":
            j += 1
        if j >= len(self.doc):
            return None
        first = self.doc[j].text[:1]
        return j if first.isupper() or first.isdigit() or first in _OPENING else None

    def unit(self, i: int) -> tuple[int, int]:
        """The unit around token i: from, to (exclusive)."""
        at = bisect_right(self.breaks, i)
        start = self.breaks[at - 1]
        end = self.breaks[at] if at < len(self.breaks) else len(self.doc)
        return max(start, i - UNIT_LIMIT), min(end, i + UNIT_LIMIT)

    def token_at(self, char: int) -> int:
        """The first token that begins at or after `char`."""
        return int(np.searchsorted(self.chars, char))

    def start(self, i: int) -> int:
        return int(self.chars[i])

    def end(self, i: int) -> int:
        return int(self.chars[i]) + len(self.doc[i])

    def word(self, i: int) -> str:
        """Lower case, without a dash that the tokenizer left on it."""
        form = self._forms[i]
        word = _words.get(form)
        if word is None:
            lower = self.doc[i].lower_
            word = lower.strip("-–—") or lower
            if len(_words) >= _REMEMBERED:
                _words.clear()
            _words[form] = word
        return word

    def has_finite(self, start: int, end: int, besides: tuple[int, int] = (0, 0)) -> bool:
        """Whether a finite verb stands in the range, outside `besides`."""
        hits = np.flatnonzero(self.finite[start:end])
        return any(not besides[0] <= start + int(hit) < besides[1] for hit in hits)

    def names_in(self, start_char: int, end_char: int) -> list[Name]:
        """Names that begin in the character range."""
        return self.names[bisect_left(self._name_starts, start_char) : bisect_left(self._name_starts, end_char)]

    def name_over(self, i: int) -> Name | None:
        """The longest name that covers token i."""
        start, end = self.start(i), self.end(i)
        at = bisect_right(self._name_starts, start)
        best = None
        for name in self.names[max(0, at - 6) : at]:
            if name.start <= start and end <= name.end and (best is None or name.end - name.start > best.end - best.start):
                best = name
        return best

    def in_stretch(self, i: int) -> Stretch | None:
        """The outermost quoted stretch over token i."""
        return _over(self._outer, self._outer_starts, self.start(i))

    @cached_property
    def _outer(self) -> list[Stretch]:
        return [stretch for stretch in self.stretches if stretch.depth == 0]

    @cached_property
    def _outer_starts(self) -> list[int]:
        return [stretch.outer_start for stretch in self._outer]

    @cached_property
    def subjects(self) -> list[int]:
        """Indices of all tokens that are a subject."""
        return [i for i, dep in enumerate(self.dep.tolist()) if dep in _SUBJECTS]

    @cached_property
    def verbs(self) -> list[int]:
        """Indices of the tokens whose form is a reporting verb's and that are verbs here."""
        known = _known_forms(self.lexicon)[0]
        hits = np.flatnonzero((self.pos == VERB) | (self.pos == AUX))
        return [i for i, form in zip(hits.tolist(), self.lower[hits].tolist(), strict=True) if form in known]

    @cached_property
    def phrase_starts(self) -> list[int]:
        """Indices of the tokens where a source phrase may begin, by its first word and its second, if it has one."""
        seconds = _known_forms(self.lexicon)[1]
        last = len(self._forms) - 1
        found = []
        for i, form in enumerate(self._forms):
            following = seconds.get(form, ())
            if following is None or (following and i < last and self.word(i + 1) in following):
                found.append(i)
        return found


_SUBJECTS = frozenset(map(get_string_id, ("nsubj", "nsubj:pass", "csubj")))
_forms: dict[int, tuple[frozenset[int], dict[int, frozenset[str] | None]]] = {}


def _known_forms(lexicon: ReportingLexicon) -> tuple[frozenset[int], dict[int, frozenset[str] | None]]:
    """The ids of a lexicon's verbs; of the first words of its phrases, with the second words, None where a phrase has one word.

    Sets: `np.isin` would sort thousands each time. "del" stands for a second word "de", as `source_phrase` reads it.
    """
    key = id(lexicon.verbs)
    if key not in _forms:
        verbs = frozenset(map(get_string_id, lexicon.verbs))
        seconds: dict[int, frozenset[str] | None] = {}
        for first, phrases in lexicon.phrases.items():
            single = any(len(words) == 1 for words in phrases)
            following = frozenset(form for words in phrases if len(words) > 1 for form in (words[1], f"{words[1]}l"))
            seconds[get_string_id(first)] = None if single else following
        _forms[key] = verbs, seconds
    return _forms[key]


def _finite(doc: Doc, morphs: np.ndarray) -> np.ndarray:
    values: list[int] = morphs.tolist()
    for value in set(values) - set(_finite_morphs):
        _finite_morphs[value] = "VerbForm=Fin" in doc.vocab.strings[value] if value else False
    return np.array([_finite_morphs[value] for value in values], dtype=bool)


def _names(doc: Doc, entities: list[Entity]) -> list[Name]:
    if entities:
        names = [Name(m.start, m.end, entity.type, entity.id) for entity in entities for m in entity.mentions]
    else:
        names = [Name(ent.start_char, ent.end_char, ent.label_, None) for ent in doc.ents]
    return sorted(names, key=lambda name: (name.start, name.end))


def _over(stretches: list[Stretch], starts: list[int], char: int) -> Stretch | None:
    at = bisect_right(starts, char) - 1
    if at >= 0 and stretches[at].outer_start <= char < stretches[at].outer_end:
        return stretches[at]
    return None
