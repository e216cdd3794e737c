"""Which name stands for a noun phrase: its head's own, or that of an apposition ("la canciller alemana, Annalena Baerbock")."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from teletipo.enrich.events.appositions import apposed, is_personal
from teletipo.records import Entity

if TYPE_CHECKING:
    from teletipo.enrich.events.participants import Cast


def name_in(cast: Cast, head: int, high: int) -> tuple[int, int, Entity | None, str] | None:
    """The name of a phrase: its head's own, or that of an apposition ("la canciller alemana, Annalena Baerbock")."""
    view = cast.view
    own = cast.mention(head) if view.pos[head] in ("PROPN", "NOUN", "X", "ADJ") else None
    described = own is not None and own[3] == "PER" and view.lemma[head] in view.grammar["heads_of"]
    if own is not None and own[3] in ("PER", "LOC") and not cast.sector_at(head) and not described:
        return own
    beside = apposed(view, head)
    candidates = [*beside, *(g for c in beside for g in apposed(view, c))]
    if cast.sector_at(head) or is_personal(view, head):
        nearby = range(high, min(high + 3, view.sentences[view.sentence_of[head]][1]))
        candidates += [i for i in nearby if view.pos[i] == "PROPN" and (i == high or view.lower[i - 1] == ",")]
    if view.lemma[head] in view.grammar["counterparts"]:
        candidates += [i for i in range(head + 1, high) if view.pos[i] == "PROPN"]
    heads = cast.sector_at(head) is not None or view.lemma[head] in view.grammar["heads_of"]
    if heads and view.morph(head, "Number") != "Plur":  # "head of the army, X"
        owned = [c for c in view.children[head] if c > head and view.case(c) in view.grammar["genitive"]]
        candidates += [a for c in owned for a in apposed(view, c) if view.lower[a - 1] == ","]
    for c in sorted(set(candidates)):
        found = cast.mention(c)
        if found is not None and found[3] == "LOC" and _unplaced(cast, found, c, head):
            return (*found[:3], "PER")
        own_body = c == high and _body(cast, head) and not any(view.pos[t] == "ADP" for t in range(head + 1, c))
        if found is not None and (found[3] == "PER" or (found[3] == "ORG" and own_body)):
            return found
    return own


def _unplaced(cast: Cast, found: tuple[int, int, Entity | None, str], c: int, head: int) -> bool:
    """ "the EU's policy chief, Kaja Kallas,": a name of two words that is on no map, in apposition to a person's role."""
    view, text = cast.view, cast.view.text[found[0] : found[1]]
    first = bisect_left(view.start, found[0])
    if len(text.split()) < 2 or view.lower[first - 1] != "," or c < head or view.pos[head] != "NOUN":
        return False
    person = cast.sector_at(head) is not None or view.lemma[head] in view.grammar["heads_of"]
    return (
        person and cast.gazetteer.place(text, (), cast.language) is None and cast.gazetteer.reading(text, cast.language) is None
    )


def _body(cast: Cast, head: int) -> bool:
    """Whether a noun says what a name right behind it is ("la organización X", "the group X")."""
    return cast.sector_at(head) is not None or cast.view.lemma[head] in cast.view.grammar["bodies"]
