"""What an article only hopes for, aims at, waits for, defines or supposes: thoughts, not acts (coding.md, 1)."""

from __future__ import annotations

from teletipo.enrich.events.view import View


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
    number = view.sentence_of[v]
    if view.words_in(number).forms.isdisjoint(view.grammar.starts["supposed_so"]):
        return False  # as nearly always
    first = view.sentences[number][0]
    return any(True for t in range(first, v) for _ in view.phrases_at(t, "supposed_so"))


def _past(view: View, v: int) -> bool:
    return any(view.morph(t, "Tense") == "Past" for t in (v, *(c for c in view.children[v] if view.dep[c].startswith("aux"))))
