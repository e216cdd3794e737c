"""To what people belong who are no state's own: movements, bodies that they speak for, names that seem to say a state."""

from __future__ import annotations

from teletipo.enrich.events.names import Names
from teletipo.enrich.events.roles import movements
from teletipo.enrich.events.view import View

_SPOKEN_FOR = frozenset({"REB", "IGO", "NGO", "PRM", "CRM"})


def sector_within(names: Names, head: int, high: int, sector: str) -> str:
    """ "negociadores del ELN", "los ministros del G7": whoever speaks for a body is of its sector."""
    view = names.view
    if sector != "GOV":
        return sector
    for t in range(head + 1, high):
        named = names.mention(t) if view.pos[t] == "PROPN" and view.lower[t - 1] not in (",", "y", "and") else None
        body = names.gazetteer.organisation(view.text[named[0] : named[1]], names.language) if named else None
        if body is not None and body.sector in _SPOKEN_FOR:
            return body.sector
    return sector


def state_of_movement(view: View, head: int) -> str | None:
    """ "milicianos hutíes", "un diputado chavista": the state of a movement, by the noun or what describes it."""
    known = movements(view.grammar.language)
    words = [head, *(c for c in view.children[head] if view.dep[c] in ("amod", "compound", "flat", "appos"))]
    return next((state for t in words for form in view.forms(t) if (state := known.get(form))), None)


def seeming_states(names: Names, start: int, end: int) -> frozenset[str]:
    """States that an organisation's name only seems to say, because a region is called so ("Partido Colorado")."""
    readings = names.gazetteer.evidence(names.view.text[start:end], names.language)
    return frozenset(r.country for r in readings if r.country and r.kind in ("region", "regional"))
