"""What the names around a name say of its type: lists of like things, a town before its state, the short form of a place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from teletipo.enrich.entities.joining import Span
from teletipo.enrich.entities.lexicon import Offices

_LISTED = re.compile(
    r"(?: \([^()\n]{1,24}\))?(?:, (?:y |e |o |and |or )?| (?:y|e|o|and|or) )(?:(?:el|la|los|las|the|de|del|al) )?"
)
_SHORTEST_LIST = 3
_MAJORITY = 0.65
_BEFORE_STATE = (", ", " (")
_AFTER_STATE = re.compile(r"[.;:)\n]|,(?! [^\W\d_a-zß-öø-ÿ])|$| (?!(?:y|e|o|and|or) )")
_WORD_BEFORE = re.compile(r"(?<!\w)(\w+) $")
_OF = re.compile(r" (?:de|del|de la) ")


def lists(spans: list[Span], text: str) -> Iterator[list[Span]]:
    """Three names or more in a row, with nothing but commas, brackets and "and" between them."""
    run: list[Span] = []
    for span in spans:
        if run and not _LISTED.fullmatch(text, run[-1].end, span.start):
            if len(run) >= _SHORTEST_LIST:
                yield run
            run = []
        run.append(span)
    if len(run) >= _SHORTEST_LIST:
        yield run


def like_the_rest(run: list[Span], votes: Mapping[str, Counter[str]]) -> tuple[str, list[Span]] | None:
    """The type that most names of a list have, and the others, which nothing but the recogniser gave another one.

    People have two names or more in a list of people, companies and towns one as often.
    """
    kinds = {id(span): span.type if span.hit is not None else votes[span.text].most_common(1)[0][0] for span in run}
    kind, count = Counter(kinds.values()).most_common(1)[0]
    if count < _MAJORITY * len(run) or kind == "MISC" or count == len(run):
        return None
    others = [span for span in run if kinds[id(span)] != kind and span.hit is None and not span.titled and span.known is None]
    alone = kind == "PER"
    return kind, [span for span in others if (" " in span.text) == alone]


def stated_places(spans: list[Span], text: str) -> Iterator[tuple[Span, str]]:
    """Names with the state that stands right after them: "Oxford, Mississippi", "Córdoba (Argentina)"."""
    for one, other in pairwise(spans):
        hit = other.hit
        if hit is None or hit.kind not in ("name", "region") or hit.country is None or one.titled:
            continue
        if text[one.end : other.start] in _BEFORE_STATE and _AFTER_STATE.match(text, other.end):
            yield one, hit.country


def places_by_state(spans: list[Span], text: str, lexicon: Offices) -> Iterator[Span]:
    """Names after a preposition of place and before their state: "to Natchez, Mississippi"."""
    for span, _ in stated_places(spans, text):
        before = _WORD_BEFORE.search(text[max(0, span.start - 12) : span.start])
        if before is not None and before[1].casefold() in lexicon.towards | lexicon.locatives:
            yield span


def words_of_places(spans: list[Span], lexicon: Offices) -> set[str]:
    """What a place's longer name says of a shorter one: "Alexander" of "Alexander County", "Alba" of "Reserva de Alba"."""
    words = set()
    for span in spans:
        if " " not in span.text or lexicon.type_of_name(span.text) != "LOC":
            continue
        first, _, rest = span.text.partition(" ")
        if lexicon.modifiers_before and rest in lexicon.loc_heads:
            words.add(first)
        elif not lexicon.modifiers_before and first in lexicon.loc_heads and _OF.search(span.text):
            words.add(_OF.split(span.text)[-1])
    return words
