"""One act is one event: headline, lead and later noun are merged into the clearest wording (coding.md, 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teletipo.enrich.events.features import in_company
from teletipo.enrich.events.participants import Side
from teletipo.enrich.events.view import View
from teletipo.records import Place

if TYPE_CHECKING:
    from teletipo.enrich.events.coded import Coded

_IMPLIED = frozenset({("AGREE", "SUPPORT"), ("CONSULT", "AGREE")})

_APART = frozenset({"abduct", "sexual", "torture", "strike", "hunger"})
"""Violence that is an act of its own beside the attack in which it was done; protests that are no walk through the street."""


def merge(coded: list[Coded], view: View) -> list[Coded]:
    """Merge wordings of the same act; the best one takes over what it lacks from the others."""
    out: list[Coded] = []
    for event in sorted(coded, key=lambda c: -_clarity(c)):
        twins = [o for o in out if _same(o, event, view)]
        twin = max(twins, key=lambda o: _shared(o, event), default=None)
        if twin is None:
            out.append(event)
        else:
            _absorb(twin, event)
    in_company(out, view)
    return sorted(out, key=lambda c: c.trigger)


def _clarity(c: Coded) -> float:
    sides = [*c.actors, *c.recipients]
    return (
        c.confidence
        + 0.15 * min(3, len(sides))
        + (0.2 if c.days else 0)
        + (0.15 if c.place else 0)
        + (0.2 if not c.match.predicate.nominal else 0)
    )


def _same(a: Coded, b: Coded, view: View) -> bool:
    if a.type != b.type:
        return False
    loose = a.type == "ASSAULT" or (a.type == "PROTEST" and (a.match.predicate.nominal or b.match.predicate.nominal))
    if a.mode != b.mode and a.mode and b.mode and not loose:
        return False
    if a.type == "CONSULT" and (a.mode == "visit") != (b.mode == "visit"):
        return False
    if a.mode != b.mode and not _APART.isdisjoint((a.mode, b.mode)):
        return False
    if a.status.modality != b.status.modality and {a.status.modality, b.status.modality} != {"asserted", "planned"}:
        return False
    if a.days and b.days and (a.days.last < b.days.first or b.days.last < a.days.first):
        return False
    near = abs(view.sentence_of[a.match.predicate.token] - view.sentence_of[b.match.predicate.token])
    titled = a.features.get("headline") != b.features.get("headline")
    actors = _compatible(a.actors, b.actors)
    recipients = _compatible(a.recipients, b.recipients)
    if recipients is False and titled and a.type == "ASSAULT" and actors:
        recipients = bool(_states(a.recipients) & _states(b.recipients))
    if actors is False or recipients is False:
        return False
    if not _codes_meet(a, b):
        return False
    if near == 0 and a.type in ("REQUEST", "ACCUSE", "COERCE") and not (a.match.predicate.nominal or b.match.predicate.nominal):
        return (
            a.cameo == b.cameo
            and actors is True
            and recipients is True
            and a.match.predicate.token in view.ancestors(b.match.predicate.token)
        )
    if actors or recipients:
        return True
    if titled and a.cameo == b.cameo and near <= 8:
        return True
    return near <= 1 and (a.match.predicate.nominal or b.match.predicate.nominal or a.type == "ASSAULT")


def _codes_meet(a: Coded, b: Coded) -> bool:
    """The same code, or one that says the same less finely ("100" and "1053", "040" and "046")."""
    if a.cameo == b.cameo or a.type in ("ASSAULT", "PROTEST"):
        return True
    if a.type == "SUPPORT":
        return False
    short, long = sorted((a.cameo, b.cameo), key=lambda code: len(code.rstrip("0")))
    return long.startswith(short.rstrip("0")) or a.cameo[:3] == b.cameo[:3]


def _compatible(a: list[Side], b: list[Side]) -> bool | None:
    """True: they share somebody; None: one is unknown; False: they are others."""
    if not a or not b:
        return None
    keys_a = {k for s in a for k in _keys(s)}
    keys_b = {k for s in b for k in _keys(s)}
    return bool(keys_a & keys_b)


def _states(sides: list[Side]) -> set[str]:
    """The states of sides: a headline says what was hit ("una escuela en Gaza"), the lead who ("doce palestinos")."""
    return {s.participant.country for s in sides if s.participant.country}


def _shared(a: Coded, b: Coded) -> int:
    """How many kinds of sides two wordings share, for the choice among several events."""
    return (_compatible(a.actors, b.actors) is True) + (_compatible(a.recipients, b.recipients) is True) + (a.days == b.days)


def _keys(side: Side) -> list[str]:
    p = side.participant
    keys = [p.entity or p.name.casefold()]
    if p.country and p.sector not in ("CVL", "JRN", "EDU", "LAB", "REF", "BUS"):
        keys.append(p.country)
    elif p.country:
        keys.append(f"{p.country}/{p.sector}")
    return keys


def _finer(code: str, than: str) -> bool:
    """Whether a code says the same as another with more detail ("0333" and "033", "190" and "19")."""
    general = than.rstrip("0")
    return len(code.rstrip("0")) > len(general) > 1 and code.startswith(general)


def _narrower(place: Place, than: Place) -> bool:
    """Whether a place is known better than another: a city in the state that the other one is or lies in, or one whose state is
    known."""
    if than.country is None:
        return place.country is not None
    vague = than.latitude is None
    return vague and place.country in (than.country, None) and (place.latitude is not None or place.country is None)


def _absorb(best: Coded, other: Coded) -> None:
    if _finer(other.cameo, best.cameo) and (best.mode is None or best.mode == other.mode):
        best.mode, best.cameo = other.mode, other.cameo
    best.also.append(other.trigger)
    best.also.extend(other.also)
    best.also.sort()
    if best.days is None and other.days is not None:
        best.days = other.days
    if best.place is None or (other.place is not None and _narrower(other.place, best.place)):
        best.place = other.place or best.place
    if not best.actors:
        best.actors = other.actors
    if not best.recipients and not (best.match.entry.pattern == "sides" and len(best.actors) > 1):
        taken = {s.key() for s in best.actors}
        best.recipients = [s for s in other.recipients if s.key() not in taken]
