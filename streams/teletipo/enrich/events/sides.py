"""Who acts and to whom: the entry's pattern applied to the arguments."""

from __future__ import annotations

from collections.abc import Sequence

from teletipo.enrich.events.coded import Coded
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.references import is_pair, owner, pair, some_of
from teletipo.enrich.events.roles import ARMED
from teletipo.enrich.events.view import NOMINAL

_GIVEN = frozenset({"AID", "AGREE", "COERCE", "SANCTION"})
"""What may go to a region or town as to a party ("gas to Stepanakert", "doctors to Calabria")."""
_COOPERATING = frozenset({"GOV", "MIL", "COP", "IGO", "JUD", "SPY"})
_FORCE = frozenset({"ASSAULT", "COERCE", "SANCTION"})


def assign(match: Match, cast: Cast, lexicon: Lexicon, told: Sequence[Coded] = ()) -> tuple[list[Side], list[Side]]:
    """Actors and recipients of a match, in order of the text, each once. `told`: the acts before it, for "ambos"."""
    pattern = lexicon.patterns[match.entry.pattern]
    table = (pattern.noun if match.predicate.nominal else pattern.verb) | match.entry.args
    if match.predicate.nominal:
        table = {k: v for k, v in pattern.verb.items() if v in ("actor", "recipient", "side")} | table
    actors: list[Side] = []
    recipients: list[Side] = []
    either: list[Side] = []
    between = {"entre", "between"} & {a.relation for a in match.predicate.arguments}
    for a in match.predicate.arguments:
        place = table.get(a.relation)
        if place == "none" and a.relation == "a" and cast.view.dep[a.head] == "obj" and not match.predicate.passive:
            place = table.get("object")  # "citó al embajador": the "a" of persons, not that of a goal
        if place == "either" and a.relation == "a" and not match.predicate.nominal:
            place = "recipient"  # "exhortaron al Gobierno": who is marked by "a" is done to, with or without a subject
        if between and a.relation in cast.view.grammar["genitive"] and match.predicate.nominal:
            continue  # "un canje de prisioneros entre Irán y Bélgica": what it is of is no side
        if match.entry.type == "ACCUSE" and is_forum(cast, a.head):
            continue
        if place in (None, "none", "content") or _own_word(match, cast, a.head):
            continue
        found = [s for s in _found(a.head, a.relation, cast, match, told) if _suits(s, a.relation, place, match)]
        if place in ("actor", "side"):
            actors += found
        elif place == "recipient":
            recipients += found
        else:
            either += found
    if match.entry.type == "MOBILIZE" and match.predicate.nominal:
        actors = _movers(match, cast, actors)
    _settle(either, actors, recipients, match)
    if not actors and not match.predicate.nominal:
        _inverted(match, cast, table, actors, recipients)
    if match.entry.type == "COOPERATE" and actors and recipients:
        actors += [s for s in recipients if s.kind == "state" or s.sector in _COOPERATING]
        recipients = []
    actors, recipients = unique(actors), unique(recipients)
    taken = {s.head for s in actors}
    recipients = [s for s in recipients if s.head not in taken]
    if match.entry.type == "COERCE" and any(s.kind != "state" for s in recipients):
        recipients = [s for s in recipients if s.kind != "state" or cast.view.case(s.head) not in ("a", "to")]  # deported to
    return actors, recipients


def _own_word(match: Match, cast: Cast, t: int) -> bool:
    """Whether a token is a word of the act's own phrase; in "jailed the blogger for" the blogger is none."""
    if not match.first <= t <= match.last:
        return False
    if match.predicate.nominal:
        return True
    beyond = any(a.relation == "object" and a.head > match.last and cast.sides(a.head) for a in match.predicate.arguments)
    return beyond or any(len(p) > 1 and not set(cast.view.forms(t)).isdisjoint(p) for p in match.entry.verbs)


def _movers(match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    """ "ordenó el despliegue de dos batallones": who is moved does not act beside who moves them."""
    doers = [s for h in match.predicate.heads("subject") for s in cast.doers(h)]
    return doers or actors


def _inverted(match: Match, cast: Cast, table: dict[str, str], actors: list[Side], recipients: list[Side]) -> None:
    """A subject behind its verb that the parser took for the object: in Spanish people and states as objects have "a"."""
    p = match.predicate
    if cast.view.grammar.language != "es" or p.passive:
        return
    if any(h < p.token and h != cast.view.head[p.token] for h in p.heads("subject")):
        return
    for a in p.arguments:
        if a.relation != "object" or a.head < p.token or cast.view.case(a.head) is not None:
            continue
        found = [s for s in cast.sides(a.head) if not s.place_only and s.kind in ("state", "person", "role", "org")]
        marked = any(s.head != a.head and cast.view.case(s.head) == "a" for s in recipients)
        if not marked and any(s.head in match.required for s in found):
            continue
        if found and table.get("subject") in ("actor", "side", "recipient"):
            target, other = (recipients, actors) if table["subject"] == "recipient" else (actors, recipients)
            target.extend(found)
            other[:] = [s for s in other if all(s.head != f.head for f in found)]
            return


def _found(head: int, relation: str, cast: Cast, match: Match, told: Sequence[Coded]) -> list[Side]:
    if is_pair(cast.view, head):
        doers = [] if relation == "subject" else _doers(match, cast)
        if two := pair(cast, head, match.predicate.token, told, doers):
            return two
    if relation != "subject" and (some := some_of(cast, head, match.predicate.token, told, _doers(match, cast))):
        return some
    if cast.view.lemma[head] in cast.view.grammar["camps"] and not cast.sides(head) and relation != "adj":
        return [cast.camps(head)]
    if relation == "adj":
        side = cast.demonym(head) or (cast.side(head) if cast.view.pos[head] in NOMINAL else None)
        return [side] if side else []
    if relation == "poss" and cast.view.pos[head] in ("DET", "PRON"):
        return owner(head, cast)
    return cast.doers(head) if relation == "subject" else cast.sides(head)


def is_forum(cast: Cast, head: int) -> bool:
    """ "protestó ante el Consejo de Seguridad": before whom somebody is accused, not who is."""
    side = cast.side(head)
    return side is not None and cast.view.case(head) in ("ante", "before") and side.sector in ("IGO", "JUD")


def _doers(match: Match, cast: Cast) -> list[Side]:
    return [s for h in match.predicate.heads("subject") for s in cast.sides(h)]


def _suits(side: Side, relation: str, place: str, match: Match) -> bool:
    """A mere place is no doer; it suffers violence only as a territory, gets what is sent, is a host only as a state."""
    if match.entry.type == "PROTEST" and relation == "a" and side.kind not in ("person", "role"):
        return False
    if not side.place_only:
        return True
    if place == "recipient" and match.entry.type in _GIVEN and relation in ("to", "for"):
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
