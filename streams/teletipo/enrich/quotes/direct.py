"""Direct speech: quoted stretches and dash dialogue, each with its cue. What has no finite verb is no quote (coding.md 17)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from teletipo.enrich.quotes.cues import CueAt, cue_after, cue_before, is_reporting, verb_cue
from teletipo.enrich.quotes.marks import DASHES, Stretch, dialogue_paragraphs
from teletipo.enrich.quotes.reading import Reading

AFTER, BEFORE, WITHIN, COLON, CONTINUED, ALONE = "after", "before", "within", "colon", "continued", "alone"
_COLON_NAME_LIMIT = 8
_DASH = re.compile(r"(?<=\s)[–—―-](?=\S)|(?<=\S)[–—―-](?=[\s.,;:]|$)")


@dataclass(slots=True)
class Candidate:
    """A quote before its speaker is known. Offsets in characters; `low`, `high` bound the tokens where the speaker stands."""

    start: int
    end: int
    direct: bool
    cue: CueAt | None
    place: str
    low: int
    high: int


def direct_quotes(reading: Reading) -> list[Candidate]:
    """All direct quotes by their start."""
    found = _dialogue(reading)
    spoken = [(quote.start, quote.end) for quote in found]
    previous: Candidate | None = None
    outer = [stretch for stretch in reading.stretches if stretch.depth == 0]
    for index, stretch in enumerate(outer):
        if any(start <= stretch.start < end for start, end in spoken):
            continue
        following = outer[index + 1] if index + 1 < len(outer) else None
        quote = _quote(reading, stretch, following, previous)
        if quote is not None:
            found.append(quote)
            previous = quote
    found += _nested(reading, [(quote.start, quote.end) for quote in found])
    return sorted(found, key=lambda quote: quote.start)


def _quote(reading: Reading, stretch: Stretch, following: Stretch | None, previous: Candidate | None) -> Candidate | None:
    first, last = reading.token_at(stretch.start), reading.token_at(stretch.end)
    if not stretch.closed:
        return _unclosed(reading, stretch, first, last)
    finite = reading.has_finite(first, last)
    before, after = reading.token_at(stretch.outer_start), reading.token_at(stretch.outer_end)
    stop = _stop(reading, after, following)
    if previous is not None and _goes_on(reading, previous, stretch):
        return Candidate(stretch.start, stretch.end, True, previous.cue, previous.place, previous.low, previous.high)
    cue, place = _cue(reading, stretch, before, after, stop)
    if cue is not None and not finite:
        finite = place == AFTER and _is_half(reading, cue, following)
    if not finite or _is_title(reading, before, cue):
        return None
    if cue is not None and place == BEFORE and _is_within_clause(reading, cue, before, after):
        return None
    inner = _interposed(reading, first, last)
    if cue is None and inner is not None:
        return Candidate(stretch.start, stretch.end, True, inner, WITHIN, first, last)
    if cue is not None:
        low, high = (reading.unit(cue.start)[0], before) if place == BEFORE else (after, stop)
        return Candidate(stretch.start, stretch.end, True, cue, place, low, high)
    return _without_cue(reading, stretch, before, after, previous)


def _stop(reading: Reading, after: int, following: Stretch | None) -> int:
    if after >= len(reading.doc):
        return after
    stop = reading.unit(after)[1]
    return min(stop, reading.token_at(following.outer_start)) if following else stop


def _cue(reading: Reading, stretch: Stretch, before: int, after: int, stop: int) -> tuple[CueAt | None, str]:
    """The cue and where it stands. A colon or "que" straight before the mark decides for the words before."""
    led = before > 0 and (reading.word(before - 1) == ":" or reading.word(before - 1) in reading.lexicon.complementizers)
    ahead = _cue_ahead(reading, before)
    if led and ahead is not None:
        return ahead, BEFORE
    behind = None if _ends_sentence(reading, stretch, after) else cue_after(reading, after, stop)
    if behind is not None:
        return behind, AFTER
    return (ahead, BEFORE) if ahead is not None else (None, ALONE)


def _cue_ahead(reading: Reading, before: int) -> CueAt | None:
    last = before - 1
    while last >= 0 and reading.space[last]:
        last -= 1
    if last < 0 or reading.doc[last].text in (".", "?", "!", "…", ";") or (last < before - 1 and reading.word(last) != ":"):
        return None
    return cue_before(reading, last + 1, reading.unit(last)[0])


def _ends_sentence(reading: Reading, stretch: Stretch, after: int) -> bool:
    """Quoted words that end with a full stop are not continued, unless a small letter or a comma follows."""
    if after >= len(reading.doc):
        return True
    ends = reading.text[stretch.end - 1] == "."
    return ends and reading.doc[after].text[:1].isupper()


def _is_half(reading: Reading, cue: CueAt, following: Stretch | None) -> bool:
    """«The peace», said X, «is not signed»: both halves together have the finite verb."""
    if following is None or not following.closed:
        return False
    opening = reading.token_at(following.outer_start)
    if opening >= len(reading.doc) or reading.unit(cue.start)[1] < opening or not _joins(reading, cue.end, opening):
        return False
    return reading.has_finite(reading.token_at(following.start), reading.token_at(following.end))


def _goes_on(reading: Reading, previous: Candidate, stretch: Stretch) -> bool:
    if previous.place != AFTER or previous.cue is None:
        return False
    opening = reading.token_at(stretch.outer_start)
    return reading.unit(previous.cue.start)[1] >= opening and _joins(reading, previous.cue.end, opening)


def _joins(reading: Reading, start: int, opening: int) -> bool:
    """Between the cue and the second half stand the speaker and a comma at the end, and no further verb."""
    if opening <= start or reading.doc[opening - 1].text not in (",", "–", "—", "-", ":"):
        return False
    return not reading.has_finite(start, opening)


def _is_within_clause(reading: Reading, cue: CueAt, before: int, after: int) -> bool:
    """A clause of the writer's goes on around the quoted words: "dijo que el plan «abre la puerta» a la paz" is indirect."""
    if after >= len(reading.doc) or reading.doc[after].is_punct or reading.space[after] or reading.doc[after].pos_ == "CCONJ":
        return False
    link = next((i for i in range(before - 1, cue.end - 1, -1) if reading.word(i) in reading.lexicon.complementizers), before)
    return any(reading.doc[i].is_alpha for i in range(link + 1, before))


def _is_title(reading: Reading, before: int, cue: CueAt | None) -> bool:
    """A noun such as "novel" or "slogan" stands before the mark; behind a colon only where nobody says it."""
    if before < 1:
        return False
    nouns = reading.lexicon.title_nouns
    if reading.word(before - 1) in nouns:
        return True
    return cue is None and before > 1 and reading.word(before - 1) == ":" and reading.word(before - 2) in nouns


def _interposed(reading: Reading, first: int, last: int) -> CueAt | None:
    """A cue between dashes inside the marks."""
    for i in range(first + 1, last):
        dashed = reading.doc[i].text[0] in DASHES or reading.doc[i - 1].text[-1] in DASHES
        if dashed and is_reporting(reading, _after_auxiliary(reading, i, last)):
            return verb_cue(reading, _after_auxiliary(reading, i, last))
    return None


def _after_auxiliary(reading: Reading, i: int, last: int) -> int:
    skipped = reading.lexicon.auxiliaries | reading.lexicon.clitics
    while i < last - 1 and reading.word(i) in skipped:
        i += 1
    return i


def _unclosed(reading: Reading, stretch: Stretch, first: int, last: int) -> Candidate | None:
    """The closing mark is lost: speech ends before ", said X", or with the sentence after "X said:"."""
    for i in range(first + 1, last):
        verb = _after_auxiliary(reading, i, last)
        if reading.doc[i - 1].text in (",", "–", "—") and is_reporting(reading, verb) and reading.has_finite(first, i - 1):
            low, high = i, min(last, reading.unit(i)[1])
            return Candidate(stretch.start, reading.end(i - 2), True, verb_cue(reading, verb), AFTER, low, high)
    before = reading.token_at(stretch.outer_start)
    cue = _cue_ahead(reading, before)
    end = min(last, reading.unit(first)[1]) if first < len(reading.doc) else last
    if cue is None or not reading.has_finite(first, end):
        return None
    return Candidate(stretch.start, reading.end(end - 1), True, cue, BEFORE, reading.unit(cue.start)[0], before)


def _without_cue(reading: Reading, stretch: Stretch, before: int, after: int, previous: Candidate | None) -> Candidate | None:
    """A whole quoted sentence without a verb of saying: "Name: «…»", or the last speaker goes on."""
    ended = after >= len(reading.doc) or reading.doc[after].text in (".", "\n", "\n\n") or reading.space[after]
    ended = ended or reading.text[stretch.end - 1] in ".?!…"
    if not ended:
        return _name_behind(reading, stretch, after)
    last = before - 1
    while last >= 0 and reading.space[last]:
        last -= 1
    if last >= 0 and reading.word(last) == ":" and last == before - 1:
        low, _ = reading.unit(last)
        while low < last and reading.space[low]:
            low += 1
        short = 0 < last - low <= _COLON_NAME_LIMIT and not reading.has_finite(low, last)
        return Candidate(stretch.start, stretch.end, True, None, COLON if short else ALONE, low, last)
    if last >= 0 and last == before - 1 and not (reading.doc[last].is_punct and reading.doc[last].text not in ",("):
        return None
    place = CONTINUED if previous is not None and "\n\n" not in reading.text[previous.end : stretch.start] else ALONE
    return Candidate(stretch.start, stretch.end, True, None, place, before, after)


def _name_behind(reading: Reading, stretch: Stretch, after: int) -> Candidate | None:
    """A headline's "«…»: Name"."""
    if reading.doc[after].text != ":" or not reading.names_in(reading.end(after), reading.end(after) + 2):
        return None
    return Candidate(stretch.start, stretch.end, True, None, COLON, after + 1, reading.unit(after)[1])


def _nested(reading: Reading, spoken: list[tuple[int, int]]) -> list[Candidate]:
    """Speech within speech, where the inner one has its own verb of saying."""
    found = []
    at = 0
    for stretch in reading.stretches:
        while at < len(spoken) and spoken[at][1] < stretch.start:
            at += 1
        if stretch.depth == 0 or not stretch.closed or at == len(spoken) or not spoken[at][0] <= stretch.start:
            continue
        first, last = reading.token_at(stretch.start), reading.token_at(stretch.end)
        low = max(reading.token_at(spoken[at][0]), reading.unit(first)[0])
        opening = reading.token_at(stretch.outer_start)
        verb = next((j for j in range(opening - 1, max(low - 1, opening - 12), -1) if is_reporting(reading, j)), None)
        if verb is not None and reading.has_finite(first, last):
            found.append(Candidate(stretch.start, stretch.end, True, verb_cue(reading, verb), BEFORE, low, opening))
    return found


def _dialogue(reading: Reading) -> list[Candidate]:
    """–Speech –said X–. Speech.– : a paragraph that begins with a dash and has a cue between dashes."""
    found = []
    for start, end in dialogue_paragraphs(reading.text):
        parts = _parts(reading.text, start, end)
        cues = {k: cue for k in range(1, len(parts), 2) if (cue := _dash_cue(reading, parts[k])) is not None}
        for k, (low, high) in enumerate(parts):
            beside = cues.get(k + 1) or cues.get(k - 1)
            if k % 2 == 0 and beside is not None and low < high:
                part = parts[k + 1] if k + 1 in cues else parts[k - 1]
                window = reading.token_at(part[0]), reading.token_at(part[1])
                found.append(Candidate(low, high, True, beside, AFTER, *window))
    return found


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraph cut at its dashes, without the spaces and the punctuation that belongs to the frame."""
    edges = [start]
    for match in _DASH.finditer(text, start, end):
        edges += [match.start(), match.end()]
    edges.append(end)
    return [_trim(text, edges[k], edges[k + 1]) for k in range(0, len(edges), 2)]


def _trim(text: str, low: int, high: int) -> tuple[int, int]:
    while low < high and text[low] in " \t.,;:":
        low += 1
    while high > low and text[high - 1] in " \t":
        high -= 1
    return low, high


def _dash_cue(reading: Reading, part: tuple[int, int]) -> CueAt | None:
    first, last = reading.token_at(part[0]), reading.token_at(part[1])
    if first >= last:
        return None
    verb = _after_auxiliary(reading, first, last)
    return verb_cue(reading, verb) if is_reporting(reading, verb) else None
