"""Which time expression belongs to which act."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from teletipo.enrich.events import dates
from teletipo.enrich.events.date_grammar import DateMatch
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.modality import Status
from teletipo.enrich.events.view import VERBAL, View


def attach(view: View, match: Match, anchor: date | None, status: Status) -> DateMatch | None:
    """The expression that dates an act, resolved; None where none does, or it is vague or nonsense."""
    if anchor is None:
        return None
    token = match.predicate.token
    first, last = view.sentences[view.sentence_of[token]]
    begin = view.start[first]
    future = status.future or status.modality == "planned"
    counted = _counted_after(view, match, anchor)
    if counted is not None:
        return counted
    found = dates.find(view.text[begin : view.end[last - 1]], view.grammar.language, anchor, future, begin)
    best: tuple[float, DateMatch] | None = None
    for when in found:
        if _bound(view, when):
            continue
        cost = _cost(view, match, when, first, last)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, when)
    return best[1] if best else None


def _counted_after(view: View, match: Match, anchor: date) -> DateMatch | None:
    """ "se produce nueve meses después de que recibiera a Kim": the act behind is that long ago, seen from today."""
    token = match.predicate.token
    if match.predicate.nominal:
        return None
    first = max(view.sentences[view.sentence_of[token]][0], token - 8)
    before = view.text[view.start[first] : view.start[token]]
    m = re.search(view.grammar.after, before)
    if m is None:
        return None
    verbs = [t for t in range(first, token) if view.pos[t] in VERBAL and not view.dep[t].startswith("aux")]
    if any(view.start[t] > view.start[first] + m.start() for t in verbs):
        return None
    ago = view.grammar.ago.format(m.group(1))
    found = dates.find(ago, view.grammar.language, anchor, False)
    if not found:
        return None
    start = view.start[first] + m.start(1)
    return replace(found[0], start=start, end=start + len(m.group(1)), text=m.group(1))


def _bound(view: View, when: DateMatch) -> bool:
    """A limit or a habit is no day of the act: "antes de mayo", "desde 2019", "los miércoles"."""
    before = view.text[max(0, when.start - 16) : when.start].lower().rstrip()
    return before.endswith(view.grammar.limits)


def _cost(view: View, match: Match, when: DateMatch, first: int, last: int) -> float | None:
    """How far an expression is from the act; None where another act is dated by it."""
    token = match.predicate.token
    carrier = match.predicate.carrier if match.predicate.nominal else token
    inside = [t for t in range(first, last) if view.start[t] < when.end and when.start < view.end[t]]
    if not inside:
        return None
    head = inside[0]
    for t in inside:
        if view.head[t] not in inside:
            head = t
    owner = view.clause_verb(view.head[head]) if view.head[head] != head else None
    distance = float(min(abs(t - token) for t in inside))
    between = range(min(inside[-1], token) + 1, max(inside[0], token))
    if any(view.lower[t] == ";" for t in between):
        return None
    verbs = sum(1 for t in between if view.pos[t] == "VERB" and t != carrier and view.morph(t, "VerbForm") == "Fin")
    opening = inside[0] - first <= 2
    if token in list(view.ancestors(head))[:3] and verbs == 0:
        return distance * 0.1
    if owner is not None and owner == carrier:
        return distance * 0.3
    if (
        owner is not None
        and view.lemma[owner] in view.grammar["claim_verbs"]
        and owner != carrier
        and abs(owner - head) < abs(token - head)
    ):
        return None
    if verbs == 0:
        return 5 + distance * 0.5 if distance <= 25 else None
    if opening and verbs <= 1:
        return 15 + distance * 0.5
    return None
