"""What the confidence model looks at: named, so that weights stay readable."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from teletipo.enrich.events.view import VERBAL, View

if TYPE_CHECKING:
    from teletipo.enrich.events.coded import Coded


_INSTITUTIONS = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "IGO", "REB", "OPP", "PTY", "SPY", "NGO"})


def noise_of(view: View) -> dict[str, float]:
    """How much of the article is sport, fiction, finance or weather: words of each kind per 20 words, at most 1."""
    size = max(20, len(view.lower))
    out = {}
    for kind in ("sports", "fiction", "finance", "weather"):
        words = view.grammar[kind]
        hits = sum(map(words.__contains__, view.lemma))
        out[kind] = min(1.0, 20.0 * hits / size)
    return out


def features_of(c: Coded, view: View, body_start: int, anchor: date | None, noise: dict[str, float]) -> dict[str, float]:
    """The features of a coded event; absent means 0."""
    p = c.match.predicate
    sides = [*c.actors, *c.recipients]
    names: dict[str, bool] = {
        "verbal": not p.nominal,
        "nominal": p.nominal,
        "no_actor": not c.actors,
        "no_side": not sides,
        "two_sided": bool(c.actors and c.recipients) or len(c.actors) > 1,
        "named": any(s.kind in ("person", "org") for s in sides),
        "state": any(s.participant.country for s in sides) and any(s.said for s in sides),
        "institution": any(s.participant.sector in _INSTITUTIONS for s in sides),
        "company": any(s.participant.sector == "BUS" for s in sides),
        "nobody_known": bool(sides) and all(s.participant.sector is None or s.sector == "CVL" for s in sides),
        "stateless": bool(sides) and not any(s.said for s in sides),
        "role_actor": any(s.kind == "role" for s in c.actors),
        "dated": c.days is not None,
        "placed": c.place is not None,
        "required": bool(c.match.entry.require),
        "content": c.match.entry.content,
        "hypothetical": c.status.modality == "hypothetical",
        "planned": c.status.modality == "planned",
        "denied": c.status.modality == "denied",
        "rumour": c.status.rumour,
        "headline": c.trigger[0] < body_start,
        "relative": view.dep[p.token].startswith("acl"),
        "subordinate": view.dep[p.token] == "advcl",
        "near_subject": any(a.relation == "subject" and a.near for a in p.arguments),
        "finite": not p.nominal and view.morph(p.token, "VerbForm") == "Fin",
        "past": not p.nominal and view.morph(p.token, "Tense") == "Past",
        "present": not p.nominal and view.morph(p.token, "Tense") == "Pres",
        "claimed": c.claimed_by is not None,
    }
    if p.nominal:
        carrier = p.carrier
        light = carrier is not None and view.head[p.token] == carrier and view.lemma[carrier] in view.grammar["light"]
        names["light"] = light
        names["bare_noun"] = not light and not sides
        names["subject_noun"] = view.dep[p.token].startswith("nsubj")
        names["under_noun"] = view.pos[view.head[p.token]] not in VERBAL and view.head[p.token] != p.token
        names["root_noun"] = view.head[p.token] == p.token
    if c.days is not None and anchor is not None:
        names["old"] = (anchor - c.days.last).days > 3650
    out = {name: 1.0 for name, value in names.items() if value}
    out[f"type_{c.match.entry.type}"] = 1.0
    out.update({name: value for name, value in noise.items() if value})
    return out
