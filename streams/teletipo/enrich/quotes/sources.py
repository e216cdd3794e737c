"""Statements whose source a phrase names: "According to X, …", "…, according to X", "Para los expertos, …"."""

from __future__ import annotations

from teletipo.enrich.quotes.cues import CueAt, source_phrase
from teletipo.enrich.quotes.direct import AFTER, WITHIN, Candidate
from teletipo.enrich.quotes.limits import rest_after, speaker_behind, trimmed
from teletipo.enrich.quotes.reading import Reading


def by_source(reading: Reading, taken: set[int]) -> list[Candidate]:
    """ "According to X, …" and "…, according to X"."""
    found = []
    for i in reading.phrase_starts:
        if i in taken or reading.in_stretch(i) is not None:
            continue
        low, high = reading.unit(i)
        phrase = source_phrase(reading, i, high)
        if phrase is None:
            continue
        while low < i and (reading.space[low] or (reading.doc[low].is_punct and reading.word(low) not in "«“\"'¿¡(")):
            low += 1
        quote = _source_first(reading, phrase, low, high) if i - low <= 2 else _source_later(reading, phrase, low, high)
        if quote is not None:
            found.append(quote)
    return found


def _source_first(reading: Reading, phrase: CueAt, low: int, high: int) -> Candidate | None:
    last = trimmed(reading, phrase.end, high)
    for i in range(phrase.end, last):
        if reading.doc[i].text == "," and i + 1 < last:
            if reading.word(i + 1) in reading.lexicon.relative_pronouns:
                continue  # "según la firma Alba, que lo mide, …"
            # The comma of an apposition ("según el fiscal, Juan Pérez, …") is followed by another before the clause begins.
            following = next((j for j in range(i + 1, min(last, i + 9)) if reading.doc[j].text == "," or reading.finite[j]), None)
            if following is not None and reading.doc[following].text == "," and reading.name_over(i + 1) is not None:
                continue
            if reading.has_finite(i + 1, last):
                return Candidate(reading.start(i + 1), reading.end(last - 1), False, phrase, AFTER, phrase.end, i)
            return None
    return None


def _source_later(reading: Reading, phrase: CueAt, low: int, high: int) -> Candidate | None:
    before = phrase.start - 1
    if reading.word(before) in reading.lexicon.relatives or before <= low:
        return None
    comma = reading.doc[before].text == ","
    if comma and reading.word(before - 1) in reading.lexicon.relatives:
        return None
    rest = rest_after(reading, phrase.end, high)
    last = trimmed(reading, low, high)
    if rest is not None and not reading.has_finite(rest, last):
        rest = None  # the comma of an apposition: ", según la portavoz, Ana Ruiz."
    if comma and rest is not None and reading.word(rest) not in reading.lexicon.relatives:
        named = bool(reading.names_in(reading.end(phrase.end - 1), reading.start(rest)))
        named = named or speaker_behind(reading, phrase.end, rest)
        if named and reading.has_finite(low, last, besides=(before, rest)):
            return Candidate(reading.start(low), reading.end(last - 1), False, phrase, WITHIN, phrase.end, rest)
        return None
    end = before if comma else before + 1
    if not reading.has_finite(low, end) or not (comma or _closes_sentence(reading, phrase, high)):
        return None
    return Candidate(reading.start(low), reading.end(end - 1), False, phrase, AFTER, phrase.end, high)


def _closes_sentence(reading: Reading, phrase: CueAt, high: int) -> bool:
    """Without a comma the phrase must end the sentence with a name ("bajó según el INE")."""
    last = trimmed(reading, phrase.end, high)
    named = reading.names_in(reading.end(phrase.end - 1), reading.end(last - 1)) if last > phrase.end else []
    return last - phrase.end <= 8 and bool(named) and not reading.has_finite(phrase.end, last)
