"""Finding the words that report: a verb before, after or within the quoted words, or a source phrase ("según")."""

from __future__ import annotations

from dataclasses import dataclass

from teletipo.enrich.quotes.marks import CLOSERS, DASHES
from teletipo.enrich.quotes.reading import Reading
from teletipo.records import Cue

_REACH_AFTER = 18
_REACH_BEFORE = 28
_LINK_POS = ("ADV", "PRON", "AUX", "ADP", "PUNCT", "PROPN", "NOUN", "ADJ", "DET", "NUM", "PART", "X")


@dataclass(slots=True)
class CueAt:
    """A cue: tokens `start` to `end` (exclusive); `verb` is the reporting verb's index, None for a source phrase or a colon."""

    start: int
    end: int
    verb: int | None


def verb_cue(reading: Reading, verb: int) -> CueAt:
    """The verb with its auxiliary ("ha dicho")."""
    start = verb - 1 if verb > 0 and reading.word(verb - 1) in reading.lexicon.auxiliaries else verb
    return CueAt(start, verb + 1, verb)


def cue_record(reading: Reading, cue: CueAt) -> Cue:
    """The record; a dash that the tokenizer left on the verb is not part of it."""
    start, end = reading.start(cue.start), reading.end(cue.end - 1)
    while start < end and reading.text[start] in DASHES:
        start += 1
    while end > start and reading.text[end - 1] in DASHES:
        end -= 1
    return Cue(start, end, reading.text[start:end])


def is_reporting(reading: Reading, i: int) -> bool:
    """A reporting verb that asserts: finite, or a participle or gerund with its auxiliary; not negated."""
    if reading.word(i) not in reading.lexicon.verbs:
        return False
    behind = _behind_mark(reading, i)
    following = reading.word(i + 1) if i + 1 < len(reading.doc) else ""
    if (reading.word(i), following) in reading.lexicon.not_cues:
        return False
    if reading.word(i) in reading.lexicon.asides and following == "," and i and reading.doc[i - 1].text == ",":
        return False
    if reading.doc[i].pos_ not in ("VERB", "AUX") and not behind:
        return False
    before = [reading.word(j) for j in range(max(0, i - 3), i)]
    if (
        not reading.finite[i]
        and not goes_on(reading, i)
        and not behind
        and not (before and before[-1] in reading.lexicon.auxiliaries)
        and not _may_be_past(reading, i)
    ):
        return False
    return not any(word in reading.lexicon.negations for word in before)


def goes_on(reading: Reading, i: int) -> bool:
    """A gerund with which the speaker goes on: "…, adding that …"."""
    if reading.word(i) not in reading.lexicon.going_on or i == 0 or i + 1 >= len(reading.doc):
        return False
    return reading.doc[i - 1].text == "," and reading.word(i + 1) in reading.lexicon.complementizers


def _behind_mark(reading: Reading, i: int) -> bool:
    """Straight after quoted words and a comma a reporting form is a verb, whatever the tagger says: "…», zanjó"."""
    return i > 1 and reading.doc[i - 1].text == "," and reading.doc[i - 2].text in CLOSERS


def _may_be_past(reading: Reading, i: int) -> bool:
    """A form that is the past as well as the participle, straight after a quotation mark or a comma: "…," asked X."""
    if not reading.lexicon.past_is_participle or i == 0 or reading.word(i).endswith("ing"):
        return False
    return bool(reading.doc[i - 1].is_punct or reading.doc[i - 1].text in CLOSERS)


def cue_after(reading: Reading, i: int, stop: int) -> CueAt | None:
    """The cue that follows quoted words ending before token i: ", dijo X", ", X said", ", según X"."""
    commas = 0
    for j in range(i, min(stop, i + _REACH_AFTER)):
        token = reading.doc[j]
        if reading.space[j] or token.text in (".", ";", ":"):
            return None
        if is_reporting(reading, j):
            return verb_cue(reading, j)
        phrase = source_phrase(reading, j, stop)
        if phrase is not None:
            return phrase
        commas += token.text == ","
        if commas > 3 or token.lower_ in reading.lexicon.relatives or _bars(reading, j):
            return None
    return None


def _bars(reading: Reading, j: int) -> bool:
    """A word that cannot stand between quoted words and their cue."""
    token = reading.doc[j]
    if token.lower_ in reading.lexicon.auxiliaries:
        return False
    if token.pos_ == "CCONJ":
        return reading.doc[j - 1].is_punct if j else True
    if token.pos_ == "VERB" and token.dep_ in ("amod", "acl", "compound"):
        return bool(reading.finite[j])  # "the Western-backed group"
    return bool(reading.finite[j]) or token.pos_ not in _LINK_POS


def cue_before(reading: Reading, i: int, start: int) -> CueAt | None:
    """The cue that leads to quoted words beginning at token i: "X dijo: ", "X dijo que ", "X told reporters that "."""
    links = reading.lexicon.complementizers
    linked = i > start and (reading.word(i - 1) in links or reading.word(i - 1) in (":", ","))
    for j in range(i - 1, max(start - 1, i - _REACH_BEFORE), -1):
        stretch = reading.in_stretch(j)
        if stretch is not None or reading.space[j]:
            continue
        if is_reporting(reading, j):
            return verb_cue(reading, j) if linked or j == i - 1 or _leads(reading, j, i) else None
        phrase = source_phrase(reading, j, i) if linked else None
        if phrase is not None:
            return phrase
        if reading.finite[j] and reading.word(j) not in reading.lexicon.auxiliaries:
            return None
        if reading.word(j) in links:
            linked = True
    return None


def _leads(reading: Reading, verb: int, i: int) -> bool:
    """Only the person addressed or an adverb stands between verb and quotation ("le dijo al juez «…»")."""
    return i - verb <= 4 and not any(reading.doc[j].is_punct for j in range(verb + 1, i))


def source_phrase(reading: Reading, i: int, stop: int) -> CueAt | None:
    """A phrase that names a source ("según", "according to") at token i; None where a rule or a plan follows it.

    Before a reporting verb ("según informó X") the verb belongs to it.
    """
    lexicon = reading.lexicon
    for words in lexicon.phrases.get(reading.word(i), ()):
        end = i + len(words)
        if end >= stop or not _matches(reading, i, words):
            continue
        if words[0] == lexicon.viewpoint and not _is_view(reading, i, end, stop):
            return None
        after = end
        while after < stop - 1 and reading.doc[after].lower_ in lexicon.auxiliaries | lexicon.clitics:
            after += 1
        if words[0] != lexicon.viewpoint and reading.word(after) in lexicon.verbs and reading.doc[after].pos_ in ("VERB", "AUX"):
            return CueAt(i, after + 1, after)
        if any(reading.word(j) in lexicon.not_speakers for j in range(end, min(end + 3, stop))):
            return None
        return CueAt(i, end, None)
    return None


def _is_view(reading: Reading, i: int, end: int, stop: int) -> bool:
    """ "Para los expertos, …" opens the sentence; "para el juez" elsewhere is for him."""
    if not any(reading.word(j) in reading.lexicon.viewers for j in range(end, min(end + 2, stop))):
        return False
    return all(reading.space[j] or reading.doc[j].is_punct for j in range(reading.unit(i)[0], i))


def _matches(reading: Reading, i: int, words: tuple[str, ...]) -> bool:
    # "del" is one token of the tokenizer, so "a juicio del" matches "a juicio de" by its beginning.
    last = len(words) - 1
    return all(reading.word(i + k) == word or (k == last and reading.word(i + k) == word + "l") for k, word in enumerate(words))
