"""Indirect speech whose limits are plain: "X said that …", "…, said X", "according to X, …"."""

from __future__ import annotations

from spacy.tokens import Token

from teletipo.enrich.quotes.cues import CueAt, goes_on, is_reporting, verb_cue
from teletipo.enrich.quotes.direct import AFTER, BEFORE, WITHIN, Candidate
from teletipo.enrich.quotes.lexicon import DEMAND, DIRECT
from teletipo.enrich.quotes.limits import hangs, rest_after, speaker_behind, trimmed
from teletipo.enrich.quotes.reading import Reading
from teletipo.enrich.quotes.sources import by_source
from teletipo.enrich.quotes.speakers import subject_head

_TO_COMPLEMENTIZER = 14
_MOSTLY = 0.8
_ADDRESSEE = ("DET", "PRON", "NOUN", "PROPN", "ADP", "ADJ", "NUM", "ADV")
_CLAUSES = ("conj", "advcl", "parataxis")


def indirect_quotes(reading: Reading, direct: list[Candidate]) -> list[Candidate]:
    """All indirect quotes by their start; what direct quotes hold or already say is left out."""
    taken = {quote.cue.start for quote in direct if quote.cue is not None}
    found = []
    for verb in reading.verbs:
        cue = verb_cue(reading, verb)
        if reading.in_stretch(verb) is not None or not is_reporting(reading, verb):
            continue
        if _figurative(reading, verb):
            continue
        quote = _after_verb(reading, cue)
        if quote is None and cue.start not in taken:
            quote = _before_verb(reading, cue)
        if quote is not None:
            found.append(quote)
    found += by_source(reading, taken)
    return _without_repeats(reading, sorted(found, key=lambda quote: (quote.start, -quote.end)), direct)


def _figurative(reading: Reading, verb: int) -> bool:
    """ "Los datos indican que", "se estima que", "it is believed that": nobody says it."""
    head = subject_head(reading, reading.doc[verb])
    if head is None:
        return reading.word(verb) in reading.lexicon.opinion and verb > 0 and reading.word(verb - 1) == "se"
    passive = any(child.dep_ == "aux:pass" for child in reading.doc[verb].lefts)
    return head.lower_ in reading.lexicon.never_subjects or (head.lower_ == "it" and passive)


def _after_verb(reading: Reading, cue: CueAt) -> Candidate | None:
    """What follows "said that", or a clause that the parser hangs on the verb ("said it would")."""
    assert cue.verb is not None
    if reading.lexicon.verbs[reading.word(cue.verb)] == DIRECT:
        return None
    low, high = reading.unit(cue.verb)
    first = _clause_start(reading, cue.verb, high)
    if first is None:
        return None
    last = _clause_end(reading, cue.verb, first, high)
    if not reading.has_finite(first, last):
        return None
    return Candidate(reading.start(first), reading.end(last - 1), False, cue, BEFORE, low, first)


def _clause_start(reading: Reading, verb: int, high: int) -> int | None:
    lexicon = reading.lexicon
    for i in range(verb + 1, min(high, verb + _TO_COMPLEMENTIZER)):
        if reading.word(i) in lexicon.complementizers and _introduces(reading, i, verb):
            return _content_start(reading, i + 1, high)
        if reading.finite[i]:
            break
    clause = next((child for child in reading.doc[verb].rights if child.dep_ == "ccomp" and child.i < high), None)
    if clause is None or "that" not in lexicon.complementizers:
        return None
    start = min(token.i for token in (clause, *clause.lefts))
    while start > verb + 1 and reading.doc[start].left_edge.i < start:
        start = reading.doc[start].left_edge.i
    start = _whole_subject(reading, verb, start)
    if reading.doc[start].text == ",":
        return None  # what follows is another clause, not what is said
    return start if start > verb and reading.in_stretch(start) is None else None


def _whole_subject(reading: Reading, verb: int, start: int) -> int:
    """ "Said its terminal in Alba remained shut": the parser may hang the subject of what is said on the verb."""
    first = verb + 1
    while first < start and (reading.word(first) in reading.lexicon.times or reading.doc[first].pos_ == "ADV"):
        first += 1
    begins = reading.doc[first].pos_ in ("DET", "PRON", "PROPN", "NOUN", "ADJ", "NUM")
    if reading.word(verb) in reading.lexicon.telling or not begins or any(reading.doc[j].is_punct for j in range(first, start)):
        return start
    return min(first, start)


def _content_start(reading: Reading, i: int, high: int) -> int | None:
    while i < high and reading.doc[i].text in (",", "–", "—", "-"):
        i += 1
    return i if i < high else None


def _introduces(reading: Reading, i: int, verb: int) -> bool:
    """Whether "que" at i opens what the verb says and is not a relative pronoun on the way there."""
    if i == verb + 1 or (i == verb + 2 and reading.word(verb + 1) in reading.lexicon.linking):
        return True
    if reading.word(i - 1) in reading.lexicon.times:
        return True
    token = reading.doc[i]
    if sum(reading.doc[j].text == "," for j in range(verb + 1, i)) % 2:
        return False
    if token.dep_ == "mark" or token.pos_ == "SCONJ" or (token.head.dep_ == "ccomp" and token.head.head.i == verb):
        return True
    return _addressed(reading, i, verb)


def _addressed(reading: Reading, i: int, verb: int) -> bool:
    """ "Exigió a Francia que frene …", "told his cabinet that Israel …": only who is addressed stands between, and the clause
    that follows has its own subject or is demanded; the parser takes it for a relative clause."""
    between = range(verb + 1, i)
    if not all(reading.doc[j].pos_ in _ADDRESSEE for j in between):
        return False
    clause = next((j for j in range(i + 1, min(len(reading.doc), i + 12)) if reading.finite[j]), i)
    if reading.lexicon.verbs[reading.word(verb)] == DEMAND:
        demanded = reading.doc[clause].morph.get("Mood", ["Sub"]) != ["Ind"]
        return demanded and any(reading.doc[j].pos_ == "ADP" for j in between)
    if reading.word(verb) not in reading.lexicon.telling and reading.word(verb + 1) not in reading.lexicon.addressing:
        return False
    return any(reading.doc[j].pos_ in ("NOUN", "PROPN", "PRON") for j in range(i + 1, clause))


def _clause_end(reading: Reading, verb: int, first: int, high: int) -> int:
    """The end of what is said: before a clause that belongs to the reporting verb again, else the end of the sentence."""
    head = reading.doc[verb]
    content = next((child for child in head.rights if child.dep_ == "ccomp" and child.i >= first), None)
    end = high
    for clause in _later_clauses(head, first):
        edge = clause.left_edge.i
        apart = clause.dep_ != "advcl" or reading.doc[edge].is_punct or reading.doc[edge - 1].is_punct
        if clause is not content and edge > first and apart and reading.has_finite(first, edge):
            end = min(end, edge)
    end = min(end, _closing_mark(reading, verb, first, end))
    while end > first and hangs(reading, end - 1):
        end -= 1
    return end


def _later_clauses(head: Token, first: int) -> list[Token]:
    """Clauses joined to the reporting verb, or to what it is itself joined to, after the beginning of what is said."""
    clauses = [child for child in head.rights if child.i > first and child.dep_ in _CLAUSES and _is_finite(child)]
    if head.dep_ in ("conj", "ccomp", "advcl", "acl", "acl:relcl") and head.head.i < first:
        clauses += [child for child in head.head.rights if child.i > first and child.dep_ in ("conj", "parataxis")]
    return clauses


def _is_finite(token: Token) -> bool:
    """A clause has a finite verb, its own or an auxiliary's."""
    return any("Fin" in part.morph.get("VerbForm", []) for part in (token, *token.lefts))


def _closing_mark(reading: Reading, verb: int, first: int, end: int) -> int:
    """A sentence in brackets or a lost mark ends what is said."""
    depth = 0
    for i in range(first, end):
        text = reading.doc[i].text
        depth += (text == "(") - (text == ")")
        if depth < 0 or text == ";" or (reading.space[i] and "\n" in text):
            return i
        if i > first and (
            _contrasts(reading, i)
            or goes_on(reading, i)
            or _reports_again(reading, i, end)
            or _acts_again(reading, verb, first, i, end)
        ):
            return i
    return end


def _contrasts(reading: Reading, i: int) -> bool:
    """ ", while …" tells something else."""
    if reading.doc[i - 1].text != ",":
        return False
    return any(
        all(i + k < len(reading.doc) and reading.word(i + k) == word for k, word in enumerate(phrase))
        for phrase in reading.lexicon.contrasts
    )


def _reports_again(reading: Reading, i: int, end: int) -> bool:
    """ "… and added that …" at a conjunction."""
    if reading.doc[i].pos_ != "CCONJ":
        return False
    verb = i + 1
    while verb < end - 1 and reading.doc[verb].pos_ in ("ADV", "PRON", "AUX") and verb < i + 4:
        verb += 1
    return verb + 1 < end and is_reporting(reading, verb) and reading.word(verb + 1) in reading.lexicon.complementizers


def _acts_again(reading: Reading, verb: int, first: int, i: int, end: int) -> bool:
    """ "… informó que retomará las obras y agradeció …": at a conjunction, a past tense that what is said does not have."""
    if reading.doc[i].pos_ != "CCONJ" or _tense(reading, verb) != "Past":
        return False
    further = i + 1
    while further < min(end, i + 3) and reading.doc[further].pos_ in ("ADV", "PRON"):
        further += 1
    if further >= end or not reading.finite[further] or _tense(reading, further) != "Past":
        return False
    said = [j for j in range(first, i) if reading.finite[j]]
    return bool(said) and all(_tense(reading, j) in ("Fut", "Pres") for j in said)


def _tense(reading: Reading, i: int) -> str | None:
    return next(iter(reading.doc[i].morph.get("Tense", [])), None)


def _before_verb(reading: Reading, cue: CueAt) -> Candidate | None:
    """ "The deal will be signed, said X" and "The deal, said X, will be signed"."""
    assert cue.verb is not None
    if reading.lexicon.verbs[reading.word(cue.verb)] == DIRECT:
        return None
    low, high = reading.unit(cue.verb)
    comma = _comma_before(reading, cue, low)
    if comma is None or not _may_be_impersonal(reading, cue):
        return None
    while low < comma and (reading.space[low] or (reading.doc[low].is_punct and reading.word(low) not in "«“\"'¿¡(")):
        low += 1
    rest = rest_after(reading, cue.end, high)
    if rest is not None and not reading.has_finite(low, comma):
        last = trimmed(reading, low, high)
        aside = reading.doc[cue.end].is_punct or speaker_behind(reading, cue.end, rest - 1)
        if aside and reading.has_finite(rest, last):
            return Candidate(reading.start(low), reading.end(last - 1), False, cue, WITHIN, comma + 1, rest)
        return None
    if comma <= low or not reading.has_finite(low, comma) or _has_subject_before(reading, cue.verb, comma):
        return None
    if not _is_postposed(reading, cue, comma, high):
        return None
    return Candidate(reading.start(low), reading.end(comma - 1), False, cue, AFTER, comma + 1, high)


def _comma_before(reading: Reading, cue: CueAt, low: int) -> int | None:
    """The comma that closes what is said; in English the speaker may stand between it and the verb."""
    i = cue.start - 1
    while i > low and reading.word(i) in reading.lexicon.clitics:
        i -= 1
    if i >= low and reading.doc[i].text == ",":
        return i
    if "that" not in reading.lexicon.complementizers:
        return None
    while i > low and reading.doc[i].pos_ in ("PROPN", "NOUN", "DET", "ADJ", "ADP", "PRON", "NUM", "PART"):
        i -= 1
    return i if i > low and reading.doc[i].text == "," else None


def _has_subject_before(reading: Reading, verb: int, comma: int) -> bool:
    """The subject stands before the comma: the verb goes on with the sentence and does not report it."""
    head = subject_head(reading, reading.doc[verb])
    return head is not None and head.i < comma


def _may_be_impersonal(reading: Reading, cue: CueAt) -> bool:
    if cue.start == 0 or reading.word(cue.start - 1) != "se":
        return True
    return reading.word(cue.end - 1) in reading.lexicon.impersonal


def _is_postposed(reading: Reading, cue: CueAt, comma: int, high: int) -> bool:
    """The verb closes the sentence with its subject or an adverbial; one with an object of its own is a further act."""
    following = cue.end
    if following >= high or (reading.doc[following].is_punct and not _opens_quotation(reading, following)):
        return True
    if _opens_quotation(reading, following):
        return False  # "…, proclamó «una nueva doctrina»": what it says stands behind
    if cue.start - 1 > comma and reading.word(cue.start - 1) not in reading.lexicon.clitics:
        rest = rest_after(reading, cue.end, high)
        goes_on = rest is not None and reading.doc[rest].pos_ == "VERB" and not reading.finite[rest]  # ", adding that …"
        return not reading.has_finite(cue.end, rest if goes_on and rest is not None else high)
    speaker = speaker_behind(reading, following, high)
    if speaker or reading.doc[following].pos_ in ("ADP", "ADV"):
        return True
    assert cue.verb is not None
    verb = reading.doc[cue.verb]
    spoken = any(child.dep_ in ("ccomp", "parataxis") for child in verb.lefts)
    return spoken and any(child.dep_ in ("nsubj", "nsubj:pass") for child in verb.rights)


def _opens_quotation(reading: Reading, i: int) -> bool:
    stretch = reading.in_stretch(i) or (reading.in_stretch(i + 1) if i + 1 < len(reading.doc) else None)
    return stretch is not None and stretch.outer_start == reading.start(i)


def _without_repeats(reading: Reading, found: list[Candidate], direct: list[Candidate]) -> list[Candidate]:
    """Drop what direct quotes say already, what lies in a direct quote, and all but the first of two that begin alike."""
    kept: list[Candidate] = []
    for quote in found:
        inside = [d for d in direct if d.start < quote.end and quote.start < d.end]
        inside = [d for d in inside if not _hands_over(reading, quote, d)]
        if any(_says(reading, quote, d) for d in inside):
            continue
        if kept and quote.start < kept[-1].end:
            continue
        kept.append(quote)
    return kept


def _hands_over(reading: Reading, quote: Candidate, direct: Candidate) -> bool:
    """ "Dijo que protestan: «No nos oyen»": the colon ends the one quote, and the other has its cue."""
    opening = reading.token_at(direct.start) - 1
    while opening > 0 and reading.doc[opening].text not in (":", ".", ","):
        opening -= 1
    first = reading.token_at(quote.start)
    own = direct.cue is None or direct.cue is quote.cue or (quote.cue is not None and direct.cue.start == quote.cue.start)
    if reading.doc[opening].text != ":" or direct.start - reading.end(opening) > 3 or opening <= first or not own:
        return False
    if quote.place != BEFORE or not reading.has_finite(first, opening):
        return False
    quote.end = reading.end(opening - 1)
    direct.cue, direct.place = quote.cue, BEFORE
    direct.low, direct.high = quote.low, quote.high
    return True


def _says(reading: Reading, quote: Candidate, direct: Candidate) -> bool:
    """The direct quote holds the indirect one, is most of it, or has its only finite verb."""
    shared = min(quote.end, direct.end) - max(quote.start, direct.start)
    if (direct.start <= quote.start and quote.end <= direct.end) or shared >= _MOSTLY * (quote.end - quote.start):
        return True
    first, last = reading.token_at(quote.start), reading.token_at(quote.end)
    within = reading.token_at(direct.start), reading.token_at(direct.end)
    return not reading.has_finite(first, last, besides=within)
