"""The state of those whose state is not said: "el Gobierno", "la policía", "su guardia costera" (coding.md, 14)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.references import owner
from teletipo.enrich.events.roles import LOCAL

_INSTITUTIONS = frozenset({"GOV", "LEG", "JUD", "OPP", "PTY", "ELI", "SPY", "BUS", "LAB", "JRN"})
"""Whoever is called so without a state belongs to the article's own; others to where the act happened."""
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


def complete(sides: list[Side], kind: str, cast: Cast, where: Whereabouts) -> list[Side]:
    """Sector of states by the act, and the state of local people from what is around; copies, for sides are shared."""
    out = []
    for side in sides:
        p = side.participant
        sector, state = p.sector, p.country
        if sector is None and side.kind == "state":
            sector = "MIL" if kind in ("ASSAULT", "MOBILIZE", "military") else "GOV"
        if state is None and _local(side, cast):
            state = _owners(side, cast) or _keepers(side, cast) or _named_so(side, cast) or where.of(sector)
        out.append(replace(side, participant=replace(p, sector=sector, country=state)))
    return out


def _local(side: Side, cast: Cast) -> bool:
    if side.kind == "role":
        known = side.sector in LOCAL or side.sector is None
        return known and not (set(side.participant.text.lower().split()) & cast.view.grammar["abroad"])
    return side.kind in ("person", "org") and side.sector in LOCAL


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
