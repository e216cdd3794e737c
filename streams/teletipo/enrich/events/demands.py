"""Whom a protest is aimed at: who must do what it demands ("para exigir al Gobierno …", "en demanda de la renuncia de X")."""

from __future__ import annotations

from teletipo.enrich.events.deeds import blamed, deed_of
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match, Matcher
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.references import same_party
from teletipo.enrich.events.sides import assign, unique
from teletipo.enrich.events.view import VERBAL

_REACH = 40
"""Tokens behind a protest within which its demand is said."""


def addressed(match: Match, cast: Cast, lexicon: Lexicon, matcher: Matcher, actors: list[Side]) -> list[Side]:
    """Those to whom the demand in the clause of a protest goes; empty where it names nobody."""
    view, token = cast.view, match.predicate.token
    if match.entry.type != "PROTEST":
        return []
    last = view.sentences[view.sentence_of[token]][1]
    for t in range(token + 1, min(last, token + _REACH)):
        purpose = view.case(t) in ("para", "to") or view.morph(t, "VerbForm") == "Ger" or view.lower[t].endswith("ing")
        if view.pos[t] not in VERBAL or view.lemma[t] not in view.grammar["demand"] or not purpose:
            continue
        inner = matcher.match(t)
        if inner is None:
            return _asked_to(t, cast, actors)
        found = assign(inner, cast, lexicon)[1] or _asked_to(t, cast, actors)
        deed = deed_of(inner, matcher, view)
        if deed is not None:
            found = blamed(inner, deed, cast, lexicon, actors, found, ())
        return [s for s in found if not s.place_only and not any(same_party(s, a) for a in actors)]
    return []


def _asked_to(verb: int, cast: Cast, actors: list[Side]) -> list[Side]:
    """ "exigir que el Congreso prorrogue …", "to demand that the minister resign": the subject of what is demanded; and of
    "exigir la dimisión del alcalde", whose it is."""
    view = cast.view
    for c in view.children[verb]:
        heads: list[int] = []
        if c > verb and view.dep[c] in ("ccomp", "xcomp") and view.pos[c] in VERBAL:
            heads = [g for g in view.children[c] if view.dep[g].startswith("nsubj")]
        elif c > verb and view.dep[c] == "obj" and view.lemma[c] in view.grammar["departures"]:
            heads = [g for g in view.children[c] if view.case(g) in view.grammar["genitive"] or view.dep[g] == "nmod:poss"]
        if found := [s for h in heads for s in cast.sides(h) if not s.place_only and not any(same_party(s, a) for a in actors)]:
            return unique(found)
    return []
