"""What the author of an article thinks should be done: an opinion, not an act (coding.md, 1)."""

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
    return advised and not any(_says(view, s) for s in range(first, last))


def _says(view: View, t: int) -> bool:
    """A verb of saying, its noun or a quotation mark: then the advice is somebody's demand."""
    words = view.grammar
    told = view.lemma[t] in words["claim_verbs"] or view.lemma[t] in words["object_control"]
    return (told and view.pos[t] in VERBAL) or view.lower[t] in words["according"] or view.lower[t] in _QUOTES
