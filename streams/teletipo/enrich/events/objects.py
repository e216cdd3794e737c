"""The object that stands elsewhere: behind the verb that is joined to this one, or bare behind it where the tree is broken."""

from __future__ import annotations

from teletipo.enrich.events.arguments import is_temporal
from teletipo.enrich.events.view import VERBAL, View

_WITHIN = frozenset({"DET", "ADJ", "NUM", "NOUN", "PROPN", "X", "SYM"})
_JOINING = frozenset({"CCONJ", "ADV", "AUX"})
_LONGEST = 12
"""Tokens that a bare noun phrase behind a verb may have."""


def bare_object(view: View, i: int) -> int | None:
    """Head of the noun phrase that begins right behind a verb, whatever the parser tied it to; None where there is none.

    "arrested a 20-year-old Somali man suspected of …", "met Mauritania's President Mohamed Ould Abdel Aziz at …".
    """
    last = min(i + 1 + _LONGEST, view.sentences[view.sentence_of[i]][1])
    head = None
    for t in range(i + 1, last):
        possessive = view.lower[t] in ("'s", "’s", "'", "’") or view.lower[t] in view.grammar["possessives"]
        if view.pos[t] not in _WITHIN and not possessive and view.lower[t] not in ("-", "–", "of"):
            break
        if view.lower[t] == "of" and (head is None or view.lemma[head] not in view.grammar["measures"]):
            break
        if possessive and head is not None:
            head = None
        elif view.pos[t] in ("NOUN", "PROPN") and not is_temporal(view, t):
            head = t
    if head is None or view.case(head) is not None:
        return None
    while view.dep[head].startswith("flat") and i < view.head[head] < head:
        head = view.head[head]
    return head


def shared_objects(view: View, i: int) -> list[int]:
    """The objects of the verb joined right behind a verb without one: "detuvo y deportó a tres periodistas"."""
    following = next((c for c in view.children[i] if c > i and view.dep[c] == "conj" and view.pos[c] in VERBAL), None)
    if following is None or any(view.pos[t] not in _JOINING for t in range(i + 1, following)):
        return []
    return [c for c in view.children[following] if c > following and view.dep[c] in ("obj", "iobj")]
