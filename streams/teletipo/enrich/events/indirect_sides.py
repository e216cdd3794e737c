"""Sides that the act's own phrases do not name: behind the verb, below its object, meant by a pronoun, lent by another noun."""

from __future__ import annotations

from teletipo.enrich.events.claims import claimant
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.predicates import Predicates
from teletipo.enrich.events.sides import assign, unique
from teletipo.enrich.events.view import NOMINAL, VERBAL, View

_BELOW = frozenset(
    {
        "ACCUSE",
        "SUPPORT",
        "PROTEST",
        "COERCE",
        "AID",
        "REJECT",
        "REQUEST",
        "THREATEN",
        "AGREE",
        "SANCTION",
        "MOBILIZE",
        "RETREAT",
        "CONCEDE",
    }
)


_BELOW_RELATIONS = frozenset({"object", "clause", "con", "a", "contra", "against", "with", "to", "de", "of", "for", "ante"})


def bare_right(match: Match, cast: Cast) -> list[Side]:
    """All sides of a reciprocal act whose subject stands behind it: "Establecieron relaciones Tuvalu y Armenia"."""
    view, token = cast.view, match.predicate.token
    out: list[Side] = []
    if match.predicate.nominal or match.entry.pattern != "sides":
        return out
    for t in range(token + 1, min(token + 14, view.sentences[view.sentence_of[token]][1])):
        if view.pos[t] in ("VERB", "AUX", "SCONJ") or view.lower[t] in (",", ";", ":", "."):
            break
        if view.pos[t] == "PROPN" and view.case(t) is None and not view.dep[t].startswith("flat"):
            side = cast.side(t)
            if side is not None and not side.place_only:
                out.append(side)
    return unique(out)


_TARGETS = frozenset({"contra", "en contra de", "against"})


def below(match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    """Whom an act concerns that names nobody directly: the first participant in its object ("la decisión de Honduras")."""
    view, p = cast.view, match.predicate
    if match.entry.type not in _BELOW or match.entry.pattern in ("act", "sides"):
        return []
    taken = {s.key() for s in actors} | {s.participant.country for s in actors if s.participant.country}
    relations = _BELOW_RELATIONS if match.entry.type != "PROTEST" else _TARGETS
    heads = [a.head for a in p.arguments if a.relation in relations and a.head > p.token]
    for head in heads:
        for t in view.subtree(head, 40):
            if view.dep[t].startswith(("acl", "conj", "parataxis")) and view.morph(t, "VerbForm") == "Fin" and t != head:
                break
            if t <= p.token or any(
                view.lower[c] in view.grammar["conditional_marks"] for c in view.children[t] if view.dep[c] == "mark"
            ):
                break
            if view.pos[t] not in NOMINAL and view.pos[t] != "ADJ":
                continue
            side = cast.side(t) if view.pos[t] in NOMINAL else None
            if (
                side is None
                or side.place_only
                or side.key() in taken
                or (side.participant.country in taken and side.participant.country)
            ):
                continue
            if side.kind == "role" and side.participant.country is None and side.sector in ("GOV", "MIL"):
                continue
            if side.kind == "org" and side.participant.country is None and side.sector is None:
                continue
            if side.kind == "role" and side.sector in ("CVL",) and match.entry.type not in ("COERCE", "RETREAT"):
                continue
            return [side]
    return []


def meant(match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    """Whom an object pronoun means: the participant named last before it that is not the doer ("y le pidió que …")."""
    view, token = cast.view, match.predicate.token
    if token == 0 or match.predicate.nominal or view.lower[token - 1] not in view.grammar["object_pronouns"]:
        return []
    countries = {s.participant.country for s in actors if s.participant.country}
    first = view.sentences[max(0, view.sentence_of[token] - 1)][0]
    for t in range(token - 2, first - 1, -1):
        if view.pos[t] not in ("PROPN", "NOUN"):
            continue
        side = cast.side(t)
        if side is None or side.place_only or side.participant.country in countries or any(side.key() == a.key() for a in actors):
            continue
        return [side]
    return []


def lent(match: Match, cast: Cast, lexicon: Lexicon, nouns: list[Match]) -> tuple[list[Side], list[Side]]:
    """Sides from an event noun that the entry's condition used up: "murieron en un bombardeo de la aviación"."""
    for noun in nouns:
        actors, recipients = assign(noun, cast, lexicon)
        if actors or recipients:
            return actors, recipients
    return [], []


def says_both(view: View, match: Match) -> bool:
    """Whether the act's sides are "ambos": the two named before."""
    for relation in ("subject", "de", "entre", "of", "between"):
        for h in match.predicate.heads(relation):
            if view.lower[h] in view.grammar["both"] or any(view.lower[c] in view.grammar["both"] for c in view.children[h]):
                return True
    return False


def both_before(view: View, token: int, cast: Cast) -> list[Side]:
    """ "ambos mandatarios": the two named last before it."""
    found: list[Side] = []
    for t in range(token - 1, max(-1, token - 80), -1):
        if (
            view.pos[t] == "PROPN"
            and (side := cast.side(t))
            and not side.place_only
            and all(side.key() != s.key() for s in found)
        ):
            found.append(side)
            if len(found) == 2:
                break
    return found[::-1]


def threatened(
    match: Match, cast: Cast, predicates: Predicates, actors: list[Side], recipients: list[Side]
) -> tuple[list[Side], list[Side]]:
    """The speaker threatens, and whoever must meet the condition is threatened."""
    view, token = cast.view, match.predicate.token
    speaker = claimant(view, match, cast, predicates, [])
    first, last = view.sentences[view.sentence_of[token]]
    for t in range(first, last):
        if view.dep[t] == "mark" and view.lower[t] in view.grammar["threat_marks"] and view.pos[view.head[t]] in VERBAL:
            subjects = predicates.verb(view.head[t]).heads("subject")
            found = [s for h in subjects for s in cast.sides(h) if not s.place_only]
            if found and all(f.key() != a.key() for f in found for a in actors):
                recipients = found
                break
    return [speaker] if speaker else actors, recipients
