"""Whose act it is that somebody condemns, praises, protests against or demands: the doer is the other side."""

from __future__ import annotations

from collections.abc import Sequence

from teletipo.enrich.events.coded import Coded
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match, Matcher
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.predicates import Predicates
from teletipo.enrich.events.references import same_party
from teletipo.enrich.events.sides import assign, unique
from teletipo.enrich.events.view import VERBAL, View

_JUDGING = frozenset({"ACCUSE", "SUPPORT", "PROTEST", "REQUEST"})
_DEEDS = frozenset({"ASSAULT", "COERCE", "SANCTION", "MOBILIZE", "PROTEST", "THREATEN", "RETREAT", "CONCEDE", "REJECT", "AID"})
_AGAINST = frozenset({"contra", "en contra de", "against", "over"})
_OF = frozenset({"object", "de", "of", "a", "por", "for"})
_BY = frozenset({"por parte de", "a manos de", "by"})
_STORY = 8
"""Sentences within which "condenó el ataque" means one told before."""


def deed_of(match: Match, matcher: Matcher, view: View) -> Match | None:
    """The act within what is judged ("condenó el bombardeo ruso de Járkov": the shelling); None where nothing such is named."""
    if match.entry.type not in _JUDGING or match.entry.pattern in ("sides", "act"):
        return None
    token = match.predicate.token
    relations = _AGAINST if match.entry.type == "PROTEST" else _OF if match.entry.type == "ACCUSE" else ("object", "de", "of")
    heads = [a.head for a in match.predicate.arguments if a.relation in relations and a.head > token]
    required = [t for t in match.required if t > token and match.entry.type != "PROTEST"]
    own = set(range(token, match.last + 1))
    if match.entry.args.get("object") == "none":
        own |= set(match.required)
    for t in dict.fromkeys([*heads, *required]):
        if t in own:
            continue  # "lodged a protest", "launched a scathing attack": words of the judgement itself
        if view.pos[t] != "NOUN" or view.sentence_of[t] != view.sentence_of[token] or matcher.cast.sector_at(t):
            continue
        found = matcher.match(t) or _likely(t, matcher)
        if found is not None and found.predicate.nominal and found.entry.type in _DEEDS:
            return found
    return None


def _likely(t: int, matcher: Matcher) -> Match | None:
    """A noun of the lexicon whose conditions do not hold here: what is condemned as an attack is one."""
    rows = matcher.lexicon.nouns.get(matcher.view.lemma[t], ())
    plain = [row for row in rows if len(row.phrase) == 1 and row.entry.type in _DEEDS]
    if not plain:
        return None
    return Match(min(plain, key=lambda row: row.place).entry, matcher.predicates.noun(t), t, t)


def blamed(
    match: Match,
    deed: Match,
    cast: Cast,
    lexicon: Lexicon,
    actors: Sequence[Side],
    recipients: Sequence[Side],
    told: Sequence[Coded],
) -> list[Side]:
    """Whom the judgement of a deed concerns: whoever is named beside it, else who did it, else who did the like before it."""
    within = set(cast.view.subtree(deed.predicate.token))
    behind = match.entry.mode != "disapprove"  # "atribuyó el atentado a X", but "condenó la agresión a X"
    named = [s for s in recipients if s.head not in within and (behind or s.head < deed.predicate.token)]
    if named:
        return named
    doers, _ = assign(deed, cast, lexicon, told)
    if not doers and not match.predicate.passive:  # "condenó el ataque contra X por parte de Y", hung on the verb
        agents = [a.head for a in match.predicate.arguments if a.relation in _BY and a.head > deed.predicate.token]
        doers = [s for h in agents for s in cast.sides(h) if not s.place_only]
    if not doers:
        doers = _told(deed, cast, told)
    return [s for s in doers if not any(same_party(s, a) for a in actors)]


def accused_in(match: Match, cast: Cast, predicates: Predicates, actors: Sequence[Side]) -> list[Side] | None:
    """Who does what an accusation tells in a clause ("denunció que fueron agredidos por la Policía"); None without a clause."""
    if match.entry.type != "ACCUSE" or match.entry.mode != "allege":
        return None
    view = cast.view
    for a in match.predicate.arguments:
        if a.relation != "clause" or a.head < match.predicate.token or view.pos[a.head] not in VERBAL:
            continue
        if view.morph(a.head, "VerbForm") == "Inf" or (view.grammar.language == "en" and view.dep[a.head] != "ccomp"):
            continue
        verb = predicates.verb(a.head)
        doers = [s for h in verb.heads("subject") for s in cast.doers(h) if h > match.predicate.token and not s.place_only]
        if verb.passive or doers:
            return [s for s in unique(doers) if not any(same_party(s, x) for x in actors)]
    return None


def _told(deed: Match, cast: Cast, told: Sequence[Coded]) -> list[Side]:
    view, token = cast.view, deed.predicate.token
    for act in reversed(told):
        near = view.sentence_of[token] - view.sentence_of[act.match.predicate.token] <= _STORY
        if near and act.match.predicate.token < token and act.type == deed.entry.type:
            return act.actors
    return []
