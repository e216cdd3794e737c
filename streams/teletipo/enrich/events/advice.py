"""What an author thinks should, can or would be done, and what is so of anybody: opinions, not acts (coding.md, 1)."""

from __future__ import annotations

from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.view import VERBAL, View

_QUOTES = frozenset('«»“”"')
_ADVISED_WITHIN = 5
"""Tokens from "debe" or "should" to the verb that is advised."""


def thought(view: View, match: Match, carrier: int) -> str | None:
    """Why the words of an act are the author's thought; None where they tell of an act. `carrier`: the verb that does it."""
    p = match.predicate
    if p.nominal and any(view.dep[t].startswith("acl") for t in view.children[p.token]):
        return None  # "Kuwait should keep the promise that it made": that there is one is told
    if is_advice(view, carrier):
        return "the author's advice"
    if p.nominal and view.dep[p.token] == "obj" and view.lemma[carrier] in view.grammar["needs"] and not _told(view, carrier):
        return "the author's advice"
    done = not p.nominal or (view.head[p.token] == carrier and view.dep[p.token] in ("obj", "nsubj", "nsubj:pass"))
    if done and match.entry.type != "ASSAULT" and _unreal(view, carrier):
        return "what was not done"
    if done and _able(view, carrier) and not _told(view, carrier):
        return "what somebody is able to do"
    if not p.nominal and _of_anybody(view, carrier):
        return "what is so of anybody"
    return None


def is_advice(view: View, v: int) -> bool:
    """Whether a verb stands under "debe", "hay que", "should" with nobody who says so.

    A verb joined to an advised one is advised with it: "Peru should invest and share what it knows". "We must" is advice
    whoever says it.
    """
    for verb in (v, view.head[v]) if view.dep[v] == "conj" and view.morph(v, "Tense") != "Past" else (v,):
        by = _advised(view, verb)
        if by is not None:
            return view.morph(by, "Person") == "1" or not _told(view, verb)
    return False


def _advised(view: View, v: int) -> int | None:
    """The word of advice that a verb stands under."""
    first = view.sentences[view.sentence_of[v]][0]
    t = v - 1
    while t >= first and v - t <= _ADVISED_WITHIN and view.morph(t, "VerbForm") != "Fin":
        t -= 1
    if t < first or v - t > _ADVISED_WITHIN:
        return None
    return t if any(t + len(phrase) <= v for phrase in view.phrases_at(t, "advice")) else None


def _told(view: View, v: int) -> bool:
    """A verb of saying or a quotation mark: then it is what somebody says. Not a verb in a clause about v's sides."""
    first, last = view.sentences[view.sentence_of[v]]
    return _quoted(view, range(first, v)) or _quoted(view, range(v, last)) or any(_says(view, t, v) for t in range(first, last))


def _quoted(view: View, side: range) -> bool:
    """Whether a quotation is left open on one side of a word: it stands within."""
    return sum(view.lower[t] in _QUOTES for t in side) % 2 == 1


def _says(view: View, t: int, v: int) -> bool:
    words = view.grammar
    if view.lower[t] in words["according"]:
        return True
    if view.pos[t] not in VERBAL or t == v:
        return False
    if view.lemma[t] in words["object_control"]:
        return t in view.ancestors(v)
    return view.lemma[t] in words["claim_verbs"] and not (view.dep[t].startswith("acl") and v in view.ancestors(t))


def _unreal(view: View, v: int) -> bool:
    """ "Ghana would have helped", "they should have asked": it was not done."""
    below = [t for t in view.children[v] if t < v and view.dep[t].startswith("aux")]
    return any(view.lower[t] in view.grammar["unreal"] for t in below) and any(
        view.lower[t] in view.grammar["unreal_perfect"] for t in below
    )


def _able(view: View, v: int) -> bool:
    """ "China and Japan can cooperate"; "cannot" is a refusal or a failure, and stays."""
    below = [view.lower[t] for t in view.children[v] if t < v]
    return any(word in view.grammar["ability"] for word in below) and not any(word in view.grammar["negation"] for word in below)


def _of_anybody(view: View, v: int) -> bool:
    """ "governments that attack their own people", "an author who is sued": a clause in the present about a kind."""
    head = view.head[v]
    if not view.dep[v].startswith("acl:relcl") or view.pos[head] != "NOUN" or view.named[head] or head > v:
        return False
    if not any(view.lower[t] in view.grammar["generic_relatives"] for t in range(head + 1, v)):
        return False
    helpers = [t for t in view.children[v] if view.dep[t].startswith("aux")]
    simple = view.morph(v, "VerbForm") == "Fin" and view.morph(v, "Tense") == "Pres" and not helpers
    passive = view.morph(v, "Tense") == "Past" and [view.lower[t] for t in helpers] in (["is"], ["are"])
    if not simple and not passive:
        return False
    marks = [t for t in view.children[head] if view.dep[t].startswith(("det", "nummod", "nmod:poss", "amod", "compound"))]
    plural = view.morph(head, "Number") == "Plur"
    return not marks if plural else bool(marks) and all(view.lower[t] in ("a", "an") for t in marks)
