"""Where a clause of the writer's or a speaker's ends: what hangs on an edge, what follows an aside, who stands behind a verb."""

from __future__ import annotations

from teletipo.enrich.quotes.reading import Reading


def hangs(reading: Reading, i: int) -> bool:
    """Punctuation, a space or a conjunction at the end is not part of what is said; a closing mark is."""
    token = reading.doc[i]
    if token.text in "»”’\"'%)":
        return False
    return bool(token.is_punct or reading.space[i] or token.pos_ == "CCONJ")


def trimmed(reading: Reading, low: int, high: int) -> int:
    """The end of a range without what hangs there."""
    while high > low and hangs(reading, high - 1):
        high -= 1
    return high


def rest_after(reading: Reading, start: int, high: int) -> int | None:
    """Where the sentence goes on after ", said X,"."""
    for i in range(start, min(high, start + 16)):
        if reading.doc[i].text == ",":
            return i + 1
        if reading.finite[i]:
            return None
    return None


def speaker_behind(reading: Reading, start: int, high: int) -> bool:
    """Somebody who can speak stands after the verb, before a mark or a further verb."""
    last = next((i for i in range(start, high) if reading.doc[i].is_punct or reading.finite[i]), high)
    for i in range(start, min(last, start + 7)):
        name = reading.name_over(i)
        named = name is not None and name.type in ("PER", "ORG") and reading.doc[i - 1].pos_ != "ADP"
        if named or reading.word(i) in reading.lexicon.speaker_nouns:
            return True
    return False
