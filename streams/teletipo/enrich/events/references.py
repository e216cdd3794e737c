"""Whom words mean that name nobody: "ambos países", "le pidió", "su guardia costera", "la decisión" (coding.md, 14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from teletipo.enrich.events.coded import Coded
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.view import View

_CLOSE = 3
"""Sentences within which a named pair is looked for."""
_STORY = 8
"""Sentences within which an act answers another."""
_SURE = 0.5
"""Confidence from which an act told before counts as one of the story."""
_ANSWERS = frozenset({"ACCUSE", "REJECT", "SUPPORT", "AGREE", "THREATEN", "REQUEST", "SANCTION"})
_CROWD = frozenset({"CVL", "REF", "MED", "JRN", "EDU", "UNK"})
"""Sectors of those who suffer and see: no party to a dispute or a deal."""
_OF_THE_STATE = frozenset({None, "GOV", "MIL", "LEG", "COP", "SPY", "JUD"})


def same_party(a: Side, b: Side) -> bool:
    """Whether two mentions are one party: one entity, one name, or a state and what speaks for it."""
    p, q = a.participant, b.participant
    if a.key() == b.key() or (p.entity and p.entity == q.entity) or p.name.casefold() == q.name.casefold():
        return True
    if p.country is None or p.country != q.country:
        return False
    if "state" in (a.kind, b.kind):
        return {p.sector, q.sector} <= _OF_THE_STATE
    return p.sector == q.sector == "GOV"


# pairs


def is_pair(view: View, head: int) -> bool:
    """Whether a phrase means two named before: "ambos países", "las dos partes", "the two", "both governments' envoys"."""
    if _says_two(view, head):
        return True
    return any(
        view.dep[c].startswith("nmod") and view.case(c) in (None, "'", "'s", *view.grammar["genitive"]) and _says_two(view, c)
        for c in view.children[head]
    )


def some_of(cast: Cast, head: int, token: int, told: Sequence[Coded], doers: Sequence[Side]) -> list[Side]:
    """ "detuvo a catorce de ellos", "two of them": the people of the acts just before, the doers apart."""
    view = cast.view
    counted = view.pos[head] in ("NUM", "PRON", "NOUN") and any(
        view.lower[c] in view.grammar["them"] and view.case(c) in view.grammar["genitive"] for c in view.children[head]
    )
    if not counted:
        return []
    number = view.sentence_of[token]
    for act in reversed(told):
        at = act.match.predicate.token
        if at >= token or number - view.sentence_of[at] > 1:
            continue
        for side in (*act.recipients, *act.actors):
            if side.kind == "role" and not any(same_party(side, d) for d in doers):
                return [side]
    return []


def _says_two(view: View, head: int) -> bool:
    words = view.grammar
    if view.lower[head] in words["both"] or any(view.lower[c] in words["both"] for c in view.children[head]):
        return True
    before = {view.lower[t] for c in view.children[head] if c < head for t in (c, *view.children[c])}
    if not before & words["definite"]:
        return False
    if view.lower[head] in words["two"]:
        return True
    if view.lemma[head] not in words["pair_nouns"] and view.lower[head] not in words["pair_nouns"]:
        return False
    if any(view.dep[c] in ("nmod", "amod", "appos", "conj", "compound") for c in view.children[head]):
        return bool(before & words["two"])
    return view.morph(head, "Number") == "Plur"


def pair(cast: Cast, head: int, token: int, told: Sequence[Coded], doers: Sequence[Side]) -> list[Side]:
    """The two that "ambos" means: the sides of the last act between two, else the two parties named last.

    `head`: the phrase itself ("ambos países" are two states); `doers`: who does something to the two, and so is neither.
    """
    view = cast.view
    number = view.sentence_of[token]
    states = view.lemma[head] in view.grammar["state_nouns"]
    unsure: list[Side] = []
    for act in reversed(told):
        at = act.match.predicate.token
        if at >= token or number - view.sentence_of[at] > _STORY or act.confidence < _SURE:
            continue
        sides = act.actors if len(_parties(act.actors)) > 1 else [*act.actors, *act.recipients]
        sides = [s for s in _parties(sides) if s.participant.sector not in _CROWD or s.kind == "state"]
        if any(same_party(s, d) for s in sides for d in doers) or (states and not all(s.participant.country for s in sides)):
            continue
        if len(sides) == 2 and sides[0].participant.country != sides[1].participant.country:
            return sides
        if len(sides) == 2 and not states:
            unsure = unsure or sides
    if unsure:
        return unsure
    near = [
        s
        for s in _named_before(cast, token, _CLOSE)
        if not any(same_party(s, d) for d in doers) and (not states or s.participant.country)
    ]
    named = _parties(near, 2)
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


def meant(match: Match, cast: Cast, actors: list[Side], subject: list[Side], told: Sequence[Coded]) -> list[Side]:
    """Whom an object pronoun means: who was named last before it, fits it, and is not the doer ("y le pidió que …").

    `subject`: who the sentence before is about.
    """
    view, token = cast.view, match.predicate.token
    found = None if match.predicate.nominal else _object_pronoun(view, match)
    if found is None:
        return []
    at, word = found
    first = view.sentences[view.sentence_of[token]][0]
    near = [s for t in range(at - 1, first - 1, -1) if view.pos[t] in ("PROPN", "NOUN") and (s := cast.side(t))]
    before = [s for act in reversed(told) if act.match.predicate.token < token for s in (*act.recipients, *act.actors)]
    for side in (*near, *subject, *before[:6], *_named_before(cast, at, 1)):
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


def answered(coded: Coded, cast: Cast, told: Sequence[Coded]) -> list[Side]:
    """Whom an act answers that names nobody ("tachó la iniciativa de provocación"): who acted last, the actor apart."""
    if coded.mode == "crowd-control":
        return _crowd(coded, cast, told)
    if coded.type not in _ANSWERS or not coded.actors or coded.cameo.startswith("09") or _each_other(coded):
        return []
    view, token = cast.view, coded.match.predicate.token
    for act in reversed(told):
        at = act.match.predicate.token
        if at >= token or view.sentence_of[token] - view.sentence_of[at] > _STORY or act.confidence < _SURE or not act.actors:
            continue
        others = _others(act.actors, coded.actors)
        if not others and any(same_party(s, a) for s in act.actors for a in coded.actors):
            others = _others(act.recipients, coded.actors)
        if others:
            return others
    return []


def _each_other(coded: Coded) -> bool:
    """ "Irán y Arabia Saudí rompieron relaciones": they broke with each other, not with whoever acted before."""
    return coded.type == "SANCTION" and len(coded.actors) > 1 and coded.match.entry.pattern in ("leave", "sides")


def helped(coded: Coded, cast: Cast, told: Sequence[Coded], home: str | None) -> list[Side]:
    """Who gets aid that is given or promised without a word to whom: who got some just before, else the article's state."""
    if not _helps(coded):
        return []
    before = told[-1] if told and told[-1].match.predicate.token < coded.match.predicate.token else None
    if before is not None and _helps(before) and (others := _others(before.recipients, coded.actors, crowd=True)):
        return others
    if home is None or any(s.participant.country == home for s in coded.actors):
        return []
    named = _named_before(cast, coded.match.predicate.token, 30)
    return [state] if (state := next((s for s in named if s.kind == "state" and s.participant.country == home), None)) else []


def _helps(coded: Coded) -> bool:
    return coded.type == "AID" or (coded.type == "AGREE" and coded.cameo.startswith("033"))


def _crowd(coded: Coded, cast: Cast, told: Sequence[Coded]) -> list[Side]:
    """Whom tear gas disperses: who protested just before."""
    number = cast.view.sentence_of[coded.match.predicate.token]
    protests = [t for t in told if t.type == "PROTEST" and number - cast.view.sentence_of[t.match.predicate.token] <= 2]
    return _others(protests[-1].actors, coded.actors, crowd=True) if protests else []


def _others(sides: Sequence[Side], actors: Sequence[Side], crowd: bool = False) -> list[Side]:
    return [
        s
        for s in sides
        if all(not same_party(s, a) for a in actors) and (crowd or s.kind != "role" or s.participant.sector not in _CROWD)
    ]
