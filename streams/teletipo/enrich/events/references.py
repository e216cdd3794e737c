"""Whom words mean that name nobody: "ambos países", "le pidió", "su guardia costera", "la decisión" (coding.md, 14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from teletipo.enrich.events.coded import Coded
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.view import View

_CLOSE = 3
"""Sentences within which a pair or the other side is looked for."""
_ANSWERS = frozenset({"ACCUSE", "REJECT", "SUPPORT", "AGREE", "THREATEN", "REQUEST", "SANCTION"})
_SPOKEN_OF = frozenset({"AGREE", "SUPPORT"})
"""Acts towards whoever was acted on as well; the others answer only who acted."""


def same_party(a: Side, b: Side) -> bool:
    """Whether two mentions are one party: one entity, one name, or a state and what speaks for it."""
    p, q = a.participant, b.participant
    if a.key() == b.key() or (p.entity and p.entity == q.entity) or p.name.casefold() == q.name.casefold():
        return True
    if p.country is None or p.country != q.country:
        return False
    return "state" in (a.kind, b.kind) or (p.sector == q.sector and p.sector == "GOV")


# pairs


def is_pair(view: View, head: int) -> bool:
    """Whether a phrase means two named before: "ambos países", "las dos partes", "los mandatarios", "both sides"."""
    words = view.grammar
    if view.lower[head] in words["both"] or any(view.lower[c] in words["both"] for c in view.children[head]):
        return True
    if view.lemma[head] not in words["pair_nouns"] and view.lower[head] not in words["pair_nouns"]:
        return False
    before = {view.lower[c] for c in view.children[head] if c < head}
    if not before & words["definite"]:
        return False
    if view.children[head] and any(view.dep[c] in ("nmod", "amod", "appos", "conj", "compound") for c in view.children[head]):
        return bool(before & words["two"])
    return view.morph(head, "Number") == "Plur"


def pair(cast: Cast, token: int, told: Sequence[Coded]) -> list[Side]:
    """The two that "ambos" means: the sides of the last act between two, else the two parties named last."""
    number = cast.view.sentence_of[token]
    for act in reversed(told):
        if act.match.predicate.token >= token or number - cast.view.sentence_of[act.match.predicate.token] > _CLOSE:
            continue
        sides = _parties([*act.actors, *act.recipients])
        if len(sides) >= 2:
            return sides[:2] if len(act.actors) < 2 else _parties(act.actors)
    named = _parties(list(_named_before(cast, token, _CLOSE)), 2)
    return named[::-1] if len(named) == 2 else []


def _parties(sides: Sequence[Side], limit: int = 6) -> list[Side]:
    out: list[Side] = []
    for side in sides:
        if len(out) < limit and all(not same_party(side, other) for other in out):
            out.append(side)
    return out


def _named_before(cast: Cast, token: int, sentences: int) -> Iterator[Side]:
    """States, people and organisations named before a token, the nearest first."""
    view = cast.view
    first = view.sentences[max(0, view.sentence_of[token] - sentences)][0]
    for t in range(token - 1, first - 1, -1):
        if view.pos[t] in ("PROPN", "NOUN") and not view.dep[t].startswith("flat"):
            side = cast.side(t)
            if side is not None and not side.place_only and side.kind in ("state", "person", "org"):
                yield side


# pronouns


def meant(match: Match, cast: Cast, actors: list[Side], told: Sequence[Coded]) -> list[Side]:
    """Whom an object pronoun means: who was named last before it, fits it, and is not the doer ("y le pidió que …")."""
    view, token = cast.view, match.predicate.token
    found = None if match.predicate.nominal else _object_pronoun(view, match)
    if found is None:
        return []
    at, word = found
    first = view.sentences[view.sentence_of[token]][0]
    near = [s for t in range(at - 1, first - 1, -1) if view.pos[t] in ("PROPN", "NOUN") and (s := cast.side(t))]
    before = [s for act in reversed(told) if act.match.predicate.token < token for s in (*act.recipients, *act.actors)]
    for side in (*near, *before[:6], *_named_before(cast, at, 1)):
        if side.place_only or any(same_party(side, a) for a in actors) or not _fits(view, word, side):
            continue
        return [s for s in cast.sides(side.head) if not s.place_only] if word in view.grammar["plural_objects"] else [side]
    return []


def _object_pronoun(view: View, match: Match) -> tuple[int, str] | None:
    """Where an object pronoun stands and its form: before the verb, at its end, or as a phrase of its own (English)."""
    words, token = view.grammar["object_pronouns"], match.predicate.token
    for t in range(token - 1, max(-1, token - 4), -1):
        if view.lower[t] in words and view.pos[t] == "PRON":
            return t, view.lower[t]
        if not view.dep[t].startswith("aux") and view.pos[t] != "AUX":
            break
    if view.morph(token, "VerbForm") in ("Inf", "Ger"):
        for end in ("los", "las", "les", "lo", "la", "le"):
            if end in words and view.lower[token].endswith(end) and not view.lemma[token].endswith(end):
                return token, end
    for a in match.predicate.arguments:
        if view.lower[a.head] in words and a.relation != "subject" and view.pos[a.head] == "PRON":
            return a.head, view.lower[a.head]
    return None


def _fits(view: View, word: str, side: Side) -> bool:
    """Number, and the gender of common nouns."""
    several = view.morph(side.head, "Number") == "Plur" and view.pos[side.head] == "NOUN"
    group = several or side.kind in ("org", "state") or any(view.dep[c] == "conj" for c in view.children[side.head])
    if word in view.grammar["plural_objects"]:
        return group
    if several:
        return False
    gender = view.morph(side.head, "Gender")
    if view.pos[side.head] == "NOUN" and gender and side.kind == "role":
        if word in view.grammar["feminine_objects"]:
            return gender == "Fem"
        if word in view.grammar["masculine_objects"]:
            return gender == "Masc"
    return True


def owner(head: int, cast: Cast) -> list[Side]:
    """Whom "su" means: the subject of the clause, else the participant named last before it."""
    view = cast.view
    verb = view.clause_verb(head)
    seen = 0
    while verb is not None and seen < 4:
        for c in view.children[verb]:
            if view.dep[c].startswith("nsubj") and c < head and head not in view.subtree(c) and (side := cast.side(c)):
                return [side]
        up = view.head[verb]
        verb, seen = (view.clause_verb(up) if up != verb else None), seen + 1
    first = view.sentences[view.sentence_of[head]][0]
    for t in range(head - 1, first - 1, -1):
        if view.pos[t] == "PROPN" and (side := cast.side(t)) and not side.place_only:
            return [side]
    return []


# the other side of the story


def answered(kind: str, match: Match, cast: Cast, actors: list[Side], told: Sequence[Coded]) -> list[Side]:
    """Whom an act answers that names nobody ("tachó la iniciativa de provocación"): who acted last, the actor apart."""
    if kind not in _ANSWERS or not actors:
        return []
    view, token = cast.view, match.predicate.token
    number = view.sentence_of[token]
    for act in reversed(told):
        at = act.match.predicate.token
        if at >= token or number - view.sentence_of[at] > _CLOSE:
            continue
        others = [s for s in act.actors if all(not same_party(s, a) for a in actors)]
        mine = len(others) < len(act.actors)
        if not others and (mine or kind in _SPOKEN_OF):
            others = [s for s in act.recipients if all(not same_party(s, a) for a in actors)]
        if others:
            return others
    return []
