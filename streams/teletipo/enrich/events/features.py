"""What the confidence model looks at: named, so that weights stay readable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from teletipo.enrich.events import confidence
from teletipo.enrich.events.view import VERBAL, View

if TYPE_CHECKING:
    from teletipo.enrich.events.coded import Coded
    from teletipo.enrich.events.matching import Match
    from teletipo.enrich.events.participants import Cast


_INSTITUTIONS = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "IGO", "REB", "OPP", "PTY", "SPY", "NGO"})
_NEAR = 8
"""Tokens around an act within which a word says that it is done again and again."""
_BESIDE = 2
"""Other events in a sentence; more say no more."""


def noise_of(view: View) -> dict[str, float]:
    """How much of the article is sport, fiction, finance or weather: words of each kind per 20 words, at most 1."""
    size = max(20, len(view.lower))
    out = {}
    for kind in ("sports", "fiction", "finance", "weather"):
        words = view.grammar[kind]
        hits = sum(map(words.__contains__, view.lemma))
        out[kind] = min(1.0, 20.0 * hits / size)
    return out


def things_of(match: Match, cast: Cast, sides: Mapping[str, str]) -> set[str]:
    """ "La brecha se manifiesta", "retener el agua": a thing in the place of somebody ("thing_subject", "thing_object").

    `sides`: the relations in which the entry's pattern has its sides.
    """
    p, view = match.predicate, cast.view
    if p.nominal:
        return set()
    return {
        f"thing_{a.relation}"
        for a in p.arguments
        if a.relation in ("subject", "object")
        and not a.near
        and sides.get(a.relation) in ("actor", "recipient", "side", "either")
        and view.pos[a.head] == "NOUN"
        and a.head not in match.required
        and not cast.doers(a.head)
    }


def features_of(
    c: Coded, view: View, body_start: int, anchor: date | None, noise: dict[str, float], things: set[str]
) -> dict[str, float]:
    """The features of a coded event; absent means 0."""
    p = c.match.predicate
    names: dict[str, bool] = {
        "verbal": not p.nominal,
        "nominal": p.nominal,
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
        "phrase": p.nominal and c.match.last > c.match.first,
        "claimed": c.claimed_by is not None,
    }
    names |= _told_as(c, view, body_start, anchor)
    verb: int | None = p.token
    if p.nominal:
        carrier, top = p.carrier, _whole(view, p.token)
        light = carrier is not None and view.head[top] == carrier and view.lemma[carrier] in view.grammar["light"]
        verb = carrier if light else None
        names["light"] = light
        names["bare_noun"] = not light and not c.actors and not c.recipients
        names["subject_noun"] = view.dep[top].startswith("nsubj")
        names["under_noun"] = view.pos[view.head[top]] not in VERBAL and view.head[top] != top
        names["root_noun"] = view.head[p.token] == p.token
    if verb is not None:
        names["finite"] = view.morph(verb, "VerbForm") == "Fin"
        names["past"] = view.morph(verb, "Tense") == "Past"
        names["present"] = view.morph(verb, "Tense") == "Pres"
    if c.days is not None and anchor is not None:
        names["old"] = (anchor - c.days.last).days > 3650
    out = {name: 1.0 for name, value in names.items() if value}
    out.update(dict.fromkeys(things, 1.0))
    out[f"type_{c.match.entry.type}"] = 1.0
    out.update({name: value for name, value in noise.items() if value})
    return out | _filled(c)


def _told_as(c: Coded, view: View, body_start: int, anchor: date | None) -> dict[str, bool]:
    """Whether the words tell of one occasion, or of what is always so, long past, asked or wished."""
    p, words = c.match.predicate, view.grammar
    first, last = view.sentences[view.sentence_of[p.token]]
    long_ago = anchor.year - 10 if anchor else 1999
    spoken = p.carrier if p.carrier is not None else p.token
    names = {
        "habitual": not words["habitual"].isdisjoint(view.lower[max(first, p.token - _NEAR) : min(last, p.token + _NEAR)]),
        "first_person": view.morph(spoken, "Person") == "1" or any(view.lower[t] in ("we", "i") for t in view.children[spoken]),
        "question": "?" in view.lower[p.token : last],
        "past_year": any(int(view.lower[t]) <= long_ago for t in view.years_in(view.sentence_of[p.token])),
        "capital": c.trigger[0] >= body_start and p.token > first and view.word[p.token][:1].isupper(),
        f"noun_{c.match.entry.type}": p.nominal,
    }
    if p.nominal:
        names["plural_noun"] = view.morph(p.token, "Number") == "Plur"
        names["no_article"] = not any(view.dep[t].startswith(("det", "nummod", "nmod:poss")) for t in view.children[p.token])
        return names
    names["infinitive"] = view.morph(p.token, "VerbForm") == "Inf" and c.status.governor is None
    reduced = view.morph(p.token, "VerbForm") == "Part" and view.dep[p.token] in ("acl", "amod")
    names["participle"] = reduced and not p.heads("subject")  # "las restricciones impuestas", by nobody
    names["generic"] = view.morph(spoken, "Tense") == "Pres" and any(
        a.relation == "subject" and not a.near and _anybody(view, a.head) for a in p.arguments
    )
    return names


def _anybody(view: View, head: int) -> bool:
    """ "governments", "quienes": people of a kind, not certain ones."""
    if view.lower[head] in view.grammar["anybody"]:
        return True
    bare = not any(view.dep[t].startswith(("det", "nummod", "nmod:poss", "amod")) for t in view.children[head])
    return bare and view.pos[head] == "NOUN" and view.morph(head, "Number") == "Plur"


def _whole(view: View, noun: int) -> int:
    """The word that stands for an act as a whole: "ronda" of "una ronda de conversaciones"."""
    up = view.head[noun]
    return up if view.lemma[up] in view.grammar["stages"] and view.case(noun) in view.grammar["genitive"] else noun


def _filled(c: Coded) -> dict[str, float]:
    """The features of what an event holds: sides, day, place, code; the story fills in what one wording leaves open."""
    sides = [*c.actors, *c.recipients]
    names: dict[str, bool] = {
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
        "fine": not c.cameo.endswith("0"),
    }
    return {name: float(value) for name, value in names.items()}


def in_company(coded: Sequence[Coded], view: View) -> None:
    """What the events of an article say about each other, once the wordings of each are merged: their confidence with it."""
    beside = Counter(view.sentence_of[c.match.predicate.token] for c in coded)
    for c in coded:
        c.features |= _filled(c)
        c.features["repeated"] = float(bool(c.also))
        c.features["beside"] = min(_BESIDE, beside[view.sentence_of[c.match.predicate.token]] - 1) / _BESIDE
        c.confidence = confidence.score(c.features)
