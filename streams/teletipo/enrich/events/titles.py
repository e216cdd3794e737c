"""Several people under one title: "los presidentes de Honduras, Brasil y México", "los ministros de Perú y Chile, A y B",
"envoys from Turkey and Greece", "Israeli and Lebanese officials"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from teletipo.enrich.events.coordination import coordinated
from teletipo.enrich.events.view import VERBAL

if TYPE_CHECKING:
    from teletipo.enrich.events.participants import Cast, Side

_REACH = 30
"""Tokens behind a title within which those who bear it are named."""


def titled(cast: Cast, head: int) -> list[Side]:
    """ "los presidentes de Honduras, Brasil y México", "enviados de Irán y de Estados Unidos": the states, one each."""
    view = cast.view
    sector = cast.sector_at(head)
    if sector is None or view.morph(head, "Number") != "Plur":
        return []
    of_whom = view.grammar["genitive"] | view.grammar["origins"]
    for c in view.children[head]:
        if c > head and view.case(c) in of_whom:
            heads = coordinated(view, c)
            if len(heads) < 2:
                heads = [c, *(g for d in view.children[c] if view.dep[d] == "nmod" and d > c for g in coordinated(view, d))]
            states = [s for h in heads if (s := cast.side(h)) is not None and s.kind == "state"]
            if len(states) > 1:
                return _bearers(cast, head, states, sector) or [_as(s, sector) for s in states]
    return _bearers(cast, head, _states_behind(cast, head), sector) or _by_adjectives(cast, head, sector)


def _by_adjectives(cast: Cast, head: int, sector: str) -> list[Side]:
    """ "Israeli and Lebanese officials", "los ejércitos ruso y ucraniano": the people of two states or more, one side each."""
    view = cast.view
    beside = [c for c in view.children[head] if view.dep[c] in ("amod", "compound")]
    joined = sorted({*beside, *(g for c in beside for g in view.children[c] if view.dep[g] == "conj")})
    states = [s for t in joined if (s := cast.demonym(t)) is not None]
    if len({s.participant.country for s in states}) < 2 or not any(
        view.pos[t] == "CCONJ" for t in range(states[0].head, states[-1].head)
    ):
        return []
    return [replace(_as(s, sector), kind="role") for s in states]


def _states_behind(cast: Cast, head: int) -> list[Side]:
    """The states named between a title and the verb, whatever the tree made of them."""
    view = cast.view
    states: list[Side] = []
    for t in range(head + 1, min(head + _REACH, view.sentences[view.sentence_of[head]][1])):
        if view.pos[t] in VERBAL:
            break
        side = cast.side(t) if view.pos[t] == "PROPN" and cast.mention(t) is not None else None
        if side is not None and side.kind == "state" and all(side.key() != s.key() for s in states):
            states.append(side)
    return states


def _bearers(cast: Cast, head: int, states: list[Side], sector: str) -> list[Side]:
    """ "los ministros de Ucrania y Moldavia, A y B", "los presidentes de Colombia, A, y de Ecuador, B": who is whose."""
    if len(states) < 2:
        return []
    view = cast.view
    people: dict[tuple[int, int], int] = {}
    for t in range(head + 1, min(head + _REACH, view.sentences[view.sentence_of[head]][1])):
        if view.pos[t] in VERBAL:
            break
        found = cast.mention(t)
        if found is not None and found[3] == "PER" and all(found[0] >= end for _, end in people):
            people[found[:2]] = t
    if len(people) != len(states):
        return []
    out = []
    for t, state in zip(people.values(), states, strict=True):
        named = cast.mention(t)
        assert named is not None
        side = cast.from_name(t, named, sector, [state.participant.country or ""])
        if side is not None:
            out.append(side)
            cast.know(t, side)
    return out


def _as(side: Side, sector: str) -> Side:
    participant = replace(side.participant, sector=sector)  # type: ignore[arg-type]
    return replace(side, participant=participant, kind="state", sector=sector, said=True)
