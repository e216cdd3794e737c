"""Who acts and to whom: the entry's pattern applied to the arguments, and the states of those whose state is not said."""

from __future__ import annotations

from dataclasses import replace

from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.roles import ARMED, LOCAL
from teletipo.enrich.events.view import NOMINAL

_FORCE = frozenset({"ASSAULT", "COERCE", "SANCTION"})


def assign(match: Match, cast: Cast, lexicon: Lexicon) -> tuple[list[Side], list[Side]]:
    """Actors and recipients of a match, in order of the text, each once."""
    pattern = lexicon.patterns[match.entry.pattern]
    table = (pattern.noun if match.predicate.nominal else pattern.verb) | match.entry.args
    if match.predicate.nominal:
        table = {k: v for k, v in pattern.verb.items() if v in ("actor", "recipient", "side")} | table
    actors: list[Side] = []
    recipients: list[Side] = []
    either: list[Side] = []
    for a in match.predicate.arguments:
        place = table.get(a.relation)
        if place in (None, "none", "content"):
            continue
        found = [s for s in _found(a.head, a.relation, cast, match.predicate.nominal) if _suits(s, a.relation, place, match)]
        if place in ("actor", "side"):
            actors += found
        elif place == "recipient":
            recipients += found
        else:
            either += found
    _settle(either, actors, recipients, match)
    if not actors and not match.predicate.nominal:
        _inverted(match, cast, table, actors, recipients)
    actors, recipients = unique(actors), unique(recipients)
    taken = {s.head for s in actors}
    return actors, [s for s in recipients if s.head not in taken]


def _inverted(match: Match, cast: Cast, table: dict[str, str], actors: list[Side], recipients: list[Side]) -> None:
    """A subject behind its verb that the parser took for the object: in Spanish people and states as objects have "a"."""
    p = match.predicate
    if cast.view.grammar.language != "es" or p.passive:
        return
    for a in p.arguments:
        if a.relation != "object" or a.head < p.token or a.head in match.required or cast.view.case(a.head) is not None:
            continue
        found = [s for s in cast.sides(a.head) if not s.place_only and s.kind in ("state", "person", "role", "org")]
        if found and all(s.head not in match.required for s in found) and table.get("subject") in ("actor", "side", "recipient"):
            target, other = (recipients, actors) if table["subject"] == "recipient" else (actors, recipients)
            target.extend(found)
            other[:] = [s for s in other if all(s.head != f.head for f in found)]
            return


def _found(head: int, relation: str, cast: Cast, nominal: bool) -> list[Side]:
    if relation == "adj":
        side = cast.demonym(head) or (cast.side(head) if cast.view.pos[head] in NOMINAL else None)
        return [side] if side else []
    if relation == "poss" and cast.view.pos[head] in ("DET", "PRON"):
        return _owner(head, cast)
    return cast.doers(head) if relation == "subject" else cast.sides(head)


def _owner(head: int, cast: Cast) -> list[Side]:
    """Whom "su" means: the subject of the clause, else the participant named last before it."""
    view = cast.view
    verb = view.clause_verb(head)
    if verb is not None:
        for c in view.children[verb]:
            if view.dep[c].startswith("nsubj") and c < head and (side := cast.side(c)):
                return [side]
    first = view.sentences[view.sentence_of[head]][0]
    for t in range(head - 1, first, -1):
        if view.pos[t] == "PROPN" and (side := cast.side(t)) and not side.place_only:
            return [side]
    return []


def _suits(side: Side, relation: str, place: str, match: Match) -> bool:
    """A mere place is no doer; it suffers violence only as a territory, and is a host only as a state."""
    if match.entry.type == "PROTEST" and relation == "a" and side.kind != "person":
        return False
    if not side.place_only:
        return True
    return (
        False
        if place in ("actor", "side")
        else match.entry.type == "ASSAULT"
        and relation in ("contra", "against")
        and side.participant.country is not None
        and side.kind == "state"
    )


def _settle(either: list[Side], actors: list[Side], recipients: list[Side], match: Match) -> None:
    """ "el bombardeo de Israel" and "el bombardeo de Gaza": the doer is armed, or the other side is named already."""
    for side in either:
        if actors and not recipients:
            recipients.append(side)
        elif (recipients and not actors) or side.sector in ARMED or match.entry.type not in _FORCE:
            actors.append(side)
        else:
            recipients.append(side)


def unique(sides: list[Side]) -> list[Side]:
    out: list[Side] = []
    for side in sorted(sides, key=lambda s: s.participant.start):
        if any(side.participant.start < o.participant.end and o.participant.start < side.participant.end for o in out):
            continue
        if (
            out
            and out[-1].kind == "state"
            and out[-1].participant.text.islower()
            and side.participant.start - out[-1].participant.end <= 2
        ):
            out[-1] = side
        elif all(side.key() != o.key() for o in out):
            out.append(side)
    return out


def complete(sides: list[Side], kind: str, country: str | None, abroad: frozenset[str]) -> list[Side]:
    """Sector of states by the act, and the state of local people from where it happened; copies, for sides are shared."""
    out = []
    for side in sides:
        p = side.participant
        sector, state = p.sector, p.country
        if sector is None and side.kind == "state":
            sector = "MIL" if kind in ("ASSAULT", "MOBILIZE", "military") else "GOV"
        local = side.kind == "role" and (side.sector in LOCAL or side.sector is None)
        if state is None and local and not (set(p.text.lower().split()) & abroad):
            state = country
        out.append(replace(side, participant=replace(p, sector=sector, country=state)))
    return out
