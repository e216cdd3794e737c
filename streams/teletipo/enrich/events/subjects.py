"""The subject that a verb does not name: from the verb above, the coordinated one before, the words to its left."""

from __future__ import annotations

from collections.abc import Callable

from teletipo.enrich.events.arguments import SUBJECTS, Predicate, is_temporal
from teletipo.enrich.events.view import NOMINAL, VERBAL, View

_LOOSE = frozenset({"conj", "parataxis", "appos", "dep"})
_SHARED = frozenset({"conj", "xcomp", "advcl", "ccomp", "obl", "dep", "obj"})
"""Relations of a verb to the one above whose subject it may share."""


def inherited(view: View, p: Predicate, predicate_of: Callable[[int], Predicate]) -> list[int]:
    """Heads of the subject of a verb that has none of its own; empty where nothing near names it."""
    i = p.token
    up, dep = view.head[i], view.dep[i]
    if view.pos[up] in ("ADV", "ADP", "SCONJ") and up != i:
        up = view.head[up]  # "después de que recibiera": the clause hangs on "después"
    finite = view.morph(i, "VerbForm") == "Fin"
    if i > 1 and is_stranded(view, i - 1):
        return [i - 1]
    if finite and dep == "advcl" and (noun := _marked(view, i)) is not None:
        return [noun]
    if dep == "conj" and finite:
        up = _agreeing(view, up, i)
    other = finite and dep == "advcl" and view.morph(i, "Number") != view.morph(up, "Number")
    if up != i and view.pos[up] in VERBAL | {"ADJ"} and dep in _SHARED and not other:
        above = predicate_of(up)
        heads = above.heads(_controller(view, above, dep, i)) or above.heads("subject")
        if dep == "conj" and above.passive and not p.passive:
            heads = above.heads("object")
        if dep == "advcl" and above.passive and not heads:
            heads = above.heads("object")  # "Found guilty by a court, the mayor was banned"
        if dep == "ccomp" and i < up:
            heads = [h for h in heads if h < i]  # "…, the navy said": who reports stands behind
        if heads:
            return heads[:2]
    if up != i and view.pos[up] in NOMINAL and dep == "acl" and view.morph(i, "VerbForm") == "Inf":
        return []
    if up < i and view.pos[up] in NOMINAL and dep in _LOOSE:
        heads = _above_noun(view, up, predicate_of)
        if heads:
            return heads
    if up < i and dep == "parataxis" and view.pos[up] in VERBAL and _chained(view, up, i):
        heads = predicate_of(up).heads("subject")
        if heads:
            return heads[:2]
    left = _left_of(view, i)
    if left is not None:
        return [*_joined_before(view, left), left]
    return [] if view.morph(i, "VerbForm") == "Part" else _before(view, i, predicate_of)


def _marked(view: View, i: int) -> int | None:
    """ "after Budapest granted asylum": the subject that the parser took for the object of the conjunction."""
    noun = i - 1
    while noun > 0 and view.dep[noun].startswith(("flat", "compound")) and view.head[noun] < i and view.pos[noun] == "PROPN":
        noun = view.head[noun]
    if noun < 1 or view.pos[noun] not in ("NOUN", "PROPN") or view.case(noun) not in ("after", "before", "as", "since", "until"):
        return None
    return noun


def _chained(view: View, up: int, i: int) -> bool:
    """ "shut two papers, cut the internet and imposed a curfew": English verbs in a row that the parser did not join."""
    if view.grammar["reflexive"] or view.lemma[i] in view.grammar["claim_verbs"]:
        return False
    return view.lower[i - 1] in (",", "and")


def is_stranded(view: View, noun: int) -> bool:
    """A noun joined to a phrase before, though it is the subject of the verb right behind ("… and police arrested")."""
    verb = noun + 1
    if verb >= len(view.lower) or view.dep[noun] != "conj" or view.pos[noun] not in ("NOUN", "PROPN") or view.pos[verb] != "VERB":
        return False
    if (
        view.head[verb] == noun
        or view.sentence_of[verb] != view.sentence_of[noun]
        or view.morph(verb, "VerbForm") in ("Inf", "Ger")
    ):
        return False
    earlier = view.clause_verb(view.head[noun])
    if earlier is None or earlier > noun:
        return False
    return not any(view.dep[c].startswith(("nsubj", "aux", "case")) for c in view.children[verb]) and view.case(noun) is None


def _agreeing(view: View, up: int, i: int) -> int:
    """The verb that a finite one is joined to: over one of a relative clause that has another number."""
    for _ in range(3):
        if not view.dep[up].startswith("acl") or view.pos[up] not in VERBAL:
            return up
        number = view.morph(up, "Number")
        if not number or number == view.morph(i, "Number"):
            return up
        verb = view.clause_verb(view.head[up])
        if verb is None or verb >= i:
            return up
        up = verb
    return up


def _above_noun(view: View, up: int, predicate_of: Callable[[int], Predicate]) -> list[int]:
    """The subject of a verb that the parser hung on a noun before it: the noun, or whose object the noun is."""
    if view.dep[up] in ("obj", "obl", "nmod", "conj", "iobj"):
        verb = view.clause_verb(up)
        return predicate_of(verb).heads("subject")[:1] if verb is not None and verb < up else []
    return [up] if view.case(up) is None and view.dep[up] in ("ROOT", "root", "nsubj", "dep", "appos") else []


def subject_around(view: View, modified: int, i: int, predicate_of: Callable[[int], Predicate]) -> list[int]:
    """The subject of the clause around a relative clause that has none of its own ("a la presidenta, a la que rogó que …")."""
    if any(view.dep[c] in SUBJECTS and view.lower[c] not in view.grammar["relatives"] for c in view.children[i]):
        return []
    verb = view.clause_verb(modified)
    if verb is None or verb == i:
        return []
    return [h for h in predicate_of(verb).heads("subject") if h not in (modified, i)][:2]


def _controller(view: View, above: Predicate, dep: str, i: int) -> str:
    """For "instó a X a firmar" the object controls, else the subject."""
    reason = dep == "advcl" and view.case(i) in ("por", "for")  # "destituyó a X por haber decretado …"
    if reason or (
        dep in ("xcomp", "advcl", "ccomp")
        and view.morph(i, "VerbForm") == "Inf"
        and view.lemma[above.token] in view.grammar["object_control"]
    ):
        for relation in ("object", "a", "iobj"):
            if any(view.pos[h] in NOMINAL for h in above.heads(relation)):
                return relation
    return "subject"


def _before(view: View, i: int, predicate_of: Callable[[int], Predicate]) -> list[int]:
    """The subject of the finite verb before in the same sentence, of the same number, relative clauses left out."""
    first = view.sentences[view.sentence_of[i]][0]
    for t in range(i - 1, max(first - 1, i - 40), -1):
        if view.lower[t] == ":":
            return []
        if view.pos[t] != "VERB" or view.morph(t, "VerbForm") != "Fin" or view.dep[t].startswith("acl"):
            continue
        if view.morph(t, "Number") != view.morph(i, "Number") and view.morph(i, "Number"):
            continue
        if heads := predicate_of(t).heads("subject"):
            return heads[:1]
    return []


def _left_of(view: View, i: int) -> int | None:
    """The nearest bare noun phrase to the left in the same sentence with no verb between: what a broken tree hides."""
    first = view.sentences[view.sentence_of[i]][0]
    t = i - 1
    while t >= first and i - t < 25:
        if view.pos[t] in VERBAL and not view.dep[t].startswith(("aux", "cop")):
            return None
        if view.lower[t] in (";", ":"):
            return None
        if view.pos[t] in ("NOUN", "PROPN") and not is_temporal(view, t):
            head = t
            while (
                view.pos[view.head[head]] in NOMINAL
                and first <= view.head[head] < i
                and view.head[head] != head
                and view.dep[head] not in SUBJECTS
                and not any(view.lower[k] == "," for k in range(view.head[head], head))
            ):
                head = view.head[head]
            if view.dep[head] == "obj" and view.dep[view.head[head]].startswith("acl") and view.head[head] < head:
                return None  # the object of a relative clause before
            if view.case(head) is None and (not view.dep[head].startswith("obl")) and head < i:
                return head
            t = min(head, t)
        t -= 1
    return None


def _joined_before(view: View, head: int) -> list[int]:
    """The first of "Riad y Teherán" where the parser tied it to something else."""
    if head >= 2 and view.dep[head] == "conj" and view.pos[head - 1] == "CCONJ" and view.pos[head - 2] == "PROPN":
        other = head - 2
        while view.dep[other].startswith("flat") and view.head[other] < other:
            other = view.head[other]
        return [other] if view.case(other) is None else []
    return []
