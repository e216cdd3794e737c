"""What the author of an article thinks should be done, or only thinks of: an opinion, not an act (coding.md, 1)."""

from __future__ import annotations

from teletipo.enrich.events.view import VERBAL, View

_QUOTES = frozenset('«»“”"')
_ADVISED_WITHIN = 5
"""Tokens from "debe" or "should" to the verb that is advised."""


def is_advice(view: View, v: int) -> bool:
    """Whether a verb stands under "debe", "hay que", "should" with nobody who says so: an opinion, not an act (coding.md, 1)."""
    first, last = view.sentences[view.sentence_of[v]]
    t = v - 1
    while t >= first and v - t <= _ADVISED_WITHIN and view.morph(t, "VerbForm") != "Fin":
        t -= 1
    if t < first or v - t > _ADVISED_WITHIN:
        return False
    advised = any(t + len(phrase) <= v for phrase in view.phrases_at(t, "advice"))
    ours = view.morph(t, "Person") == "1"  # "debemos rechazar", whoever says it
    return advised and (ours or not any(_says(view, s) for s in range(first, last)))


def only_thought_of(view: View, v: int) -> bool:
    """Whether a verb tells what is hoped for, aimed at, waited for or supposed, and neither done nor announced."""
    return _hoped_for(view, v) or _awaited(view, v) or _defined(view, v) or _supposed(view, v)


def _hoped_for(view: View, v: int) -> bool:
    """ "con la esperanza de que negocien", "decidida a lograr que suspenda el plan"."""
    up, words = view.head[v], view.grammar
    if view.dep[v] == "acl" and view.lemma[up] in words["hopes"] and not any(view.lower[c] == "," for c in range(up, v)):
        return any(view.dep[c] == "mark" for c in view.children[v]) and not _past(view, v)
    brought = view.dep[v] == "ccomp" and view.lemma[up] in words["bringing_about"] and view.morph(up, "VerbForm") == "Inf"
    return brought and view.case(up) in words["purpose"] | words["aiming"]


def _awaited(view: View, v: int) -> bool:
    """ "una vez que ingrese", "hasta que se retire"; the parser takes either end of the phrase for the mark."""
    if view.morph(v, "VerbForm") != "Fin" or _past(view, v):
        return False
    marks = [c for c in view.children[v] if view.dep[c] == "mark"]
    phrases = view.grammar.phrases["unfulfilled"]
    return any(view.phrase_at(s, p) for p in phrases for c in marks for s in (c, c - len(p) + 1) if s >= 0)


def _defined(view: View, v: int) -> bool:
    """ "Su objetivo es liberar la ciudad", "la capacidad de bombardear": an infinitive that says what an aim or a power is."""
    if view.morph(v, "VerbForm") != "Inf":
        return False
    up, words = view.head[v], view.grammar
    if view.dep[v] == "acl" and view.lemma[up] in words["notions"]:
        return True
    is_now = any(view.dep[c] == "cop" and view.morph(c, "Tense") == "Pres" for c in view.children[v])
    return is_now and any(view.lemma[c] in words["aims_of"] for c in view.children[v] if view.dep[c].startswith("nsubj"))


def _supposed(view: View, v: int) -> bool:
    """ "Supongamos que bombardean la capital", "cada vez que bombardean la capital"."""
    first = view.sentences[view.sentence_of[v]][0]
    return any(True for t in range(first, v) for _ in view.phrases_at(t, "supposed_so"))


def _past(view: View, v: int) -> bool:
    return any(view.morph(t, "Tense") == "Past" for t in (v, *(c for c in view.children[v] if view.dep[c].startswith("aux"))))


def _says(view: View, t: int) -> bool:
    """A verb of saying, its noun or a quotation mark: then the advice is somebody's demand."""
    words = view.grammar
    told = view.lemma[t] in words["claim_verbs"] or view.lemma[t] in words["object_control"]
    return (told and view.pos[t] in VERBAL) or view.lower[t] in words["according"] or view.lower[t] in _QUOTES
