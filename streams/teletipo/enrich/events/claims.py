"""Who says so, where the article only reports a claim (coding.md, 13)."""

from __future__ import annotations

from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.predicates import Predicates
from teletipo.enrich.events.view import NOMINAL, VERBAL, View


def claimant(view: View, match: Match, cast: Cast, predicates: Predicates, own: list[Side]) -> Side | None:
    """The source of a reported act: the subject of the reporting verb over it, or "según X"; never a doer of the act itself."""
    token = match.predicate.token
    found = _reporting(view, token, cast, predicates) or _according(view, token, cast)
    if found is None or any(_same(found, side) for side in own):
        return None
    return found


def _same(a: Side, b: Side) -> bool:
    return a.key() == b.key() or a.participant.start == b.participant.start


def _reporting(view: View, token: int, cast: Cast, predicates: Predicates) -> Side | None:
    verbs = view.grammar["claim_verbs"]
    previous = token
    for up in view.ancestors(token):
        if view.pos[up] in VERBAL and view.lemma[up] in verbs and up != token:
            above = predicates.verb(up)
            below_subject = any(previous == h for h in above.heads("subject"))
            if view.dep[previous] in ("ccomp", "parataxis", "dep", "xcomp") and not below_subject:
                return _speaker(above.heads("subject"), cast)
        if view.dep[previous] == "conj" and view.pos[previous] in VERBAL:
            previous = up
            continue
        previous = up
    for c in [*view.children[token], *(c for a in view.ancestors(token) for c in view.children[a])]:
        if view.dep[c] != "parataxis" or c <= token or view.pos[c] not in VERBAL or view.lemma[c] not in verbs:
            continue
        if view.sentence_of[c] == view.sentence_of[token]:
            return _speaker(predicates.verb(c).heads("subject"), cast) or _after(view, c, cast)
    return _closing(view, token, cast)


def _closing(view: View, token: int, cast: Cast) -> Side | None:
    """A sentence that ends in ", informó X" or ", X said", whatever the tree says."""
    first, last = view.sentences[view.sentence_of[token]]
    for t in range(last - 1, max(token, first), -1):
        if view.pos[t] in VERBAL and view.lemma[t] in view.grammar["claim_verbs"]:
            if view.lower[t - 1] == ",":
                return _after(view, t, cast)
            if last - t <= 5 and view.grammar.language == "en":
                for s in range(t - 1, max(token, t - 9), -1):
                    if view.lower[s] == "," and s + 1 < t:
                        return next((side for h in range(t - 1, s, -1) if (side := cast.side(h)) and not side.place_only), None)
            return None
        if view.pos[t] in VERBAL and view.morph(t, "VerbForm") == "Fin":
            return None
    return None


def _after(view: View, verb: int, cast: Cast) -> Side | None:
    last = view.sentences[view.sentence_of[verb]][1]
    for t in range(verb + 1, min(verb + 8, last)):
        if view.pos[t] in VERBAL:
            return None
        if view.pos[t] in NOMINAL and (side := cast.side(t)) is not None:
            return side
    return None


def _speaker(heads: list[int], cast: Cast) -> Side | None:
    for h in heads:
        if side := cast.side(h):
            return side
    return None


def _according(view: View, token: int, cast: Cast) -> Side | None:
    number = view.sentence_of[token]
    first, last = view.sentences[number]
    phrases = [phrase for phrase in view.grammar.phrases["according"] if phrase[0] in view.words_in(number).forms]
    for t in range(first, last) if phrases else ():
        for phrase in phrases:
            if view.lower[t] == phrase[0] and view.phrase_at(t, phrase):
                for s in range(t + len(phrase), min(t + len(phrase) + 8, last)):
                    if view.pos[s] in VERBAL and view.lemma[s] not in view.grammar["claim_verbs"]:
                        break
                    if view.pos[s] in NOMINAL and (side := cast.side(s)) is not None:
                        return side
    return None
