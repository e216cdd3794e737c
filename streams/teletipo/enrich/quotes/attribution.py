"""From candidates to quotes: the speaker of each, in the order of the text."""

from __future__ import annotations

from spacy.tokens import Token

from teletipo.enrich.quotes.cues import cue_record
from teletipo.enrich.quotes.direct import AFTER, ALONE, COLON, CONTINUED, WITHIN, Candidate
from teletipo.enrich.quotes.lexicon import DIRECT
from teletipo.enrich.quotes.reading import Reading
from teletipo.enrich.quotes.speakers import (
    Found,
    RunningSpeaker,
    phrase_head_after,
    phrase_head_before,
    speaker_at,
    subject_head,
)
from teletipo.records import Quote, Speaker


def attribute(reading: Reading, candidates: list[Candidate]) -> list[Quote]:
    """Quotes with their speakers. A speaker that cannot be told is None."""
    running = RunningSpeaker(reading)
    quotes: list[Quote] = []
    for candidate in candidates:
        before = next((quote for quote in reversed(quotes) if quote.direct), None)
        if quotes and not quotes[-1].direct and candidate.cue is None and _goes_on(reading, quotes[-1], candidate):
            before, candidate.place = quotes[-1], CONTINUED
        speaker = _speaker(reading, candidate, running, before)
        cue = cue_record(reading, candidate.cue) if candidate.cue is not None else None
        text = reading.text[candidate.start : candidate.end]
        quotes.append(Quote(candidate.start, candidate.end, text, candidate.direct, speaker, cue))
        if speaker is not None:
            at = candidate.cue.start if candidate.cue is not None else reading.token_at(candidate.start)
            running.note(Found(speaker, at, bool(_plural(reading, candidate))))
    return quotes


def _goes_on(reading: Reading, before: Quote, candidate: Candidate) -> bool:
    """ "…, dijo Ana Ruiz. «No nos oyen.»": right after a sentence that reports, or where the last speaker goes on."""
    between = reading.text[before.end : candidate.start].rstrip("«“\"'‘ ")
    near = candidate.place == CONTINUED or ("\n" not in between and "." not in between[:-1])
    return candidate.place in (ALONE, CONTINUED) and near and between.rstrip()[-1:] in (".", "!", "?")


def _speaker(reading: Reading, candidate: Candidate, running: RunningSpeaker, before: Quote | None) -> Speaker | None:
    if candidate.place == CONTINUED:
        return before.speaker if before is not None else None
    if candidate.place == COLON:
        head = phrase_head_before(reading, candidate.high - 1, candidate.low, label=True) or phrase_head_after(
            reading, candidate.low, candidate.high
        )
        return speaker_at(reading, head, candidate.low, candidate.high) if head is not None else None
    if candidate.cue is None:
        return None
    head = _head(reading, candidate)
    at = candidate.cue.start
    if head is None:
        if _impersonal(reading, candidate):
            return None
        to_writer = at > 0 and reading.word(at - 1) in reading.lexicon.narrator
        told = running.only_person(at) if to_writer else None
        return told or running.at(at, _plural(reading, candidate), (candidate.start, candidate.end))
    if head.lower_ in reading.lexicon.latter:
        return running.latter(head.i) or speaker_at(reading, head, head.i, head.i + 1)
    if head.lower_ in reading.lexicon.pronouns:
        one = head.lower_ in reading.lexicon.singular
        return running.at(head.i, None, one=one) or speaker_at(reading, head, head.i, head.i + 1)
    low, high = reading.unit(head.i)
    if candidate.cue.verb is None:
        low = max(low, candidate.cue.end)
    if candidate.place in (AFTER, WITHIN) and candidate.low <= head.i < candidate.high:
        low, high = candidate.low, candidate.high
    return speaker_at(reading, head, low, high)


def _head(reading: Reading, candidate: Candidate) -> Token | None:
    cue = candidate.cue
    assert cue is not None
    if cue.verb is None:
        return phrase_head_after(reading, cue.end, max(candidate.high, cue.end + 1))
    behind = phrase_head_after(reading, cue.end, candidate.high) if candidate.place in (AFTER, WITHIN) else None
    if candidate.place == WITHIN and behind is not None:
        return behind
    head = subject_head(reading, reading.doc[cue.verb])
    if head is not None and not candidate.start <= head.idx < candidate.end:
        return head
    if candidate.place == AFTER and cue.start > candidate.low:
        ahead = phrase_head_before(reading, cue.start - 1, candidate.low)
        if ahead is not None:
            return ahead
    if behind is None and candidate.place == AFTER:
        behind = _object_behind(reading, cue.verb, candidate.high)
    behind = behind or phrase_head_before(reading, cue.start - 1, candidate.low) or _person_first(reading, candidate)
    return behind or _person_behind(reading, candidate)


def _object_behind(reading: Reading, verb: int, high: int) -> Token | None:
    """What the parser took for the object of a verb whose object is the quotation: "dijo por teléfono un profesor"."""
    for child in reading.doc[verb].rights:
        governed = any(part.dep_ == "case" for part in child.lefts)
        if child.i < high and child.dep_ in ("obj", "nsubj", "appos") and not governed and child.text[:1].isalnum():
            return child
    return None


def _person_first(reading: Reading, candidate: Candidate) -> Token | None:
    """A person's name that opens the sentence before the cue: "Juan Pérez, secretario del gremio (CGT), dijo que"."""
    cue = candidate.cue
    if cue is None or candidate.place in (AFTER, WITHIN):
        return None
    low = reading.unit(cue.start)[0]
    for name in reading.names_in(reading.start(low), reading.start(cue.start)):
        first = reading.token_at(name.start)
        if name.type == "PER" and first - low <= 3 and not reading.has_finite(low, first):
            return reading.doc[first]
    return None


def _person_behind(reading: Reading, candidate: Candidate) -> Token | None:
    """A person named after where it was said: "aseguraba en una entrevista con la cadena Alba Ana Ruiz"."""
    cue = candidate.cue
    if cue is None or candidate.place != AFTER:
        return None
    high = min(candidate.high, len(reading.doc) - 1)
    for name in reading.names_in(reading.end(cue.end - 1), reading.start(high)):
        first = reading.token_at(name.start)
        beside = reading.name_over(first - 1)
        if name.type == "PER" and beside is not None and beside.end <= name.start and not reading.has_finite(cue.end, first):
            return reading.doc[first]
    return None


def _plural(reading: Reading, candidate: Candidate) -> bool | None:
    cue = candidate.cue
    if cue is None or cue.verb is None or not reading.lexicon.plural:
        return None
    verb = reading.word(cue.start)
    return verb.endswith(reading.lexicon.plural)


def _impersonal(reading: Reading, candidate: Candidate) -> bool:
    """ "Se informó que …" has no speaker."""
    cue = candidate.cue
    if cue is None or cue.verb is None or candidate.direct or cue.start == 0:
        return False
    return reading.word(cue.start - 1) == "se" and reading.lexicon.verbs[reading.word(cue.verb)] != DIRECT
