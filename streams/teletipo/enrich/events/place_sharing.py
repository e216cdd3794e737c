"""The place of an act that names none: another act's of the same sentence, or of the one before (coding.md, 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from teletipo.enrich.events.coded import Coded
from teletipo.enrich.events.view import View
from teletipo.enrich.events.where import where

_BODILY = frozenset({"ASSAULT", "PROTEST", "COERCE"})
"""What is done where its people are."""
_NOWHERE = frozenset({"censor", "cyber", "misinformation", "withhold", "deport", "restrict", "martial-law", "curfew", "phone"})
"""Modes without a place of their own, or with one that others do not share."""


def share_places(coded: Sequence[Coded], view: View) -> None:
    """Give acts without a place that of their neighbour where the story goes on at the same place."""
    told = sorted(coded, key=lambda c: c.match.predicate.token)
    for at, event in enumerate(told):
        if event.place is None and (source := _source(told, at, view)) is not None:
            event.place = source.place and replace(source.place)


def _source(told: Sequence[Coded], at: int, view: View) -> Coded | None:
    event = told[at]
    number = view.sentence_of[event.match.predicate.token]
    if _points_back(event, view):
        return next((c for c in reversed(told[:at]) if c.place is not None), None)
    if not _located(event):
        return None
    same = [c for c in told if c.place is not None and view.sentence_of[c.match.predicate.token] == number and _goes_on(c, event)]
    if same:
        return min(same, key=lambda c: abs(c.match.predicate.token - event.match.predicate.token))
    before = view.sentence_before(number)
    for c in reversed(told[:at]):
        if view.sentence_of[c.match.predicate.token] == before and c.place is not None:
            return c if _goes_on(c, event) else None
    return None


def _points_back(event: Coded, view: View) -> bool:
    """ "en la zona", "allí": the place that was named last."""
    words = where(view.grammar.language)
    for a in event.match.predicate.arguments:
        if (
            view.lemma[a.head] in words.same
            and a.relation in words.at
            and not any(view.pos[t] == "PROPN" for t in view.subtree(a.head))
        ):
            return True
    return any(view.lower[c] in words.there for c in view.children[event.match.predicate.token])


def _located(event: Coded) -> bool:
    return (bodily(event) or _met(event)) and event.status.modality == "asserted"


def bodily(event: Coded) -> bool:
    """Whether an act is done where its people are."""
    return event.type in _BODILY and event.mode not in _NOWHERE


def _met(event: Coded) -> bool:
    """A meeting or a signing: done where the same people are."""
    return (event.type == "CONSULT" and event.mode != "phone") or event.cameo == "057"


def _goes_on(earlier: Coded, event: Coded) -> bool:
    """Whether two acts belong to one scene: of the same days as far as they are said; meetings only with somebody in common."""
    if not _located(earlier):
        return False
    if earlier.days and event.days and earlier.days.last != event.days.last:
        return False
    if bodily(event):
        return bodily(earlier)
    people = {s.key() for s in (*earlier.actors, *earlier.recipients)}
    return _met(earlier) and any(s.key() in people for s in (*event.actors, *event.recipients))
