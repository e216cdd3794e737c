"""The state of those whose state is not said: "el Gobierno", "la policía", "su guardia costera" (coding.md, 14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.references import owner
from teletipo.enrich.events.roles import LOCAL

_INSTITUTIONS = frozenset({"GOV", "LEG", "JUD", "OPP", "PTY", "ELI", "SPY"})
"""Whoever is called so without a state belongs to the article's own; others to where the act happened."""
_ACTING_FOR_A_STATE = frozenset({"GOV", "LEG", "MIL"})
_COMMANDED = frozenset({"MIL", "COP", "LEG", "OPP"})
_RULING = frozenset({"GOV", "LEG", "JUD", "ELI", "OPP", "PTY"})
"""Who has to do with the institutions of their own state unless another one is named."""
_POLICING = frozenset({"JUD", "COP"})
"""Who deals with the people of their own state unless another one is said."""
_BACK = 400
"""Tokens within which the same role noun with its state explains a later one without."""


@dataclass(slots=True, frozen=True)
class Whereabouts:
    """What an act's surroundings say on states: its place, the one state of its sentence, the article's home (by dateline?)."""

    place: str | None
    sentence: str | None
    home: str | None
    dateline: bool

    def of(self, sector: str | None) -> str | None:
        """The state of a local participant of a sector."""
        if sector in _INSTITUTIONS:
            near = (self.home, self.place, self.sentence) if self.dateline else (self.sentence, self.home, self.place)
        else:
            near = (self.place, self.home, self.sentence) if self.dateline else (self.place, self.sentence, self.home)
        return next((state for state in near if state), None)


def complete(sides: list[Side], kind: str, cast: Cast, where: Whereabouts, others: Sequence[Side] = ()) -> list[Side]:
    """Sector of states by the act, and the state of local people from what is around; copies, for sides are shared.

    `kind` is the type of the act for those who do it, "suffered" for those to whom violence is done; `others`: the other side.
    """
    out = []
    for side in sides:
        p = side.participant
        sector, state = p.sector, p.country
        if sector is None and side.kind == "state":
            sector = _sector_of_state(side, kind, cast)
        if state is None and _local(side, cast):
            state = _state_of(side, cast, where, others)
        out.append(replace(side, participant=replace(p, sector=sector, country=state)))
    return out


def _state_of(side: Side, cast: Cast, where: Whereabouts, others: Sequence[Side]) -> str | None:
    abroad = {s.participant.country for s in others if s.kind == "state" and s.said}
    state = _owners(side, cast) or _keepers(side, cast) or _named_so(side, cast) or _same_state(side, others)
    if state is None and not _of_others(side, cast):
        state = where.of(side.participant.sector)
    if side.participant.sector in _ACTING_FOR_A_STATE and state in abroad:
        return None  # "El Senado aprobó la ayuda a Perú" is of another state
    return state


def _sector_of_state(side: Side, kind: str, cast: Cast) -> Literal["CVL", "MIL", "GOV"]:
    """Of a state as such; of its people ("diez palestinos murieron"), who are no government."""
    if kind in ("suffered", "PROTEST") and _people(side, cast):
        return "CVL"
    return "MIL" if kind in ("ASSAULT", "MOBILIZE", "military") else "GOV"


def _people(side: Side, cast: Cast) -> bool:
    view, head = cast.view, side.head
    reading = cast.gazetteer.reading(side.participant.text, view.grammar.language)
    if reading is None or reading.kind != "demonym" or view.dep[head] in ("amod", "compound"):
        return False
    return view.morph(head, "Number") == "Plur" or side.participant.text.endswith("s")


def _local(side: Side, cast: Cast) -> bool:
    if side.kind == "role":
        return side.sector in LOCAL or side.sector is None
    return side.kind in ("person", "org") and side.sector in LOCAL


def _same_state(side: Side, others: Sequence[Side]) -> str | None:
    """ "El ministro israelí ordenó al Ejército …": an institution without a state is of the minister's."""
    ruling = _RULING if side.sector in _COMMANDED else _POLICING
    said = {s.participant.country for s in others if s.said and s.kind in ("role", "person", "org") and s.sector in ruling}
    return said.pop() if len(said) == 1 else None


def _of_others(side: Side, cast: Cast) -> bool:
    """ "potencias occidentales", "el régimen de X": of several states, of none, or of another than the article's own."""
    return side.kind == "role" and not cast.view.grammar["abroad"].isdisjoint(side.participant.text.lower().split())


def _owners(side: Side, cast: Cast) -> str | None:
    """ "su guardia costera": the state of whoever has it."""
    view = cast.view
    if view.lemma[side.head] in view.grammar["counterparts"]:
        return None
    for c in view.children[side.head]:
        if c < side.head and view.lemma[c] in view.grammar["possessives"]:
            return next((o.participant.country for o in owner(c, cast) if o.participant.country), None)
    return None


def _keepers(side: Side, cast: Cast) -> str | None:
    """ "los soldados que Kenia mantenía": the state that has them there."""
    view = cast.view
    for c in view.children[side.head]:
        if view.dep[c].startswith("acl") and view.lemma[c] in view.grammar["keep"]:
            subjects = (s for g in view.children[c] if view.dep[g] == "nsubj" and (s := cast.side(g)))
            return next((s.participant.country for s in subjects if s.kind == "state"), None)
    return None


def _named_so(side: Side, cast: Cast) -> str | None:
    """ "el Gobierno" after "el Gobierno somalí": the state said with the same noun before."""
    view = cast.view
    lemma = view.lemma[side.head]
    for t in range(side.head - 1, max(-1, side.head - _BACK), -1):
        if view.lemma[t] == lemma and (before := cast.side(t)) is not None and before.said:
            return before.participant.country
    return None
