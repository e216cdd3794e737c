"""Relative clauses: which noun they tell of, and what it is to their verb ("Polonia, que había expulsado")."""

from __future__ import annotations

from teletipo.enrich.events.arguments import SUBJECTS
from teletipo.enrich.events.view import View, preposition


def antecedent_of(view: View, i: int, modified: int | None) -> int | None:
    """Whom "quien" or "who" means, where the tree hung its clause on a thing: the name right before it."""
    if modified is None or view.pos[modified] == "PROPN":
        return modified
    for t in range(max(modified + 1, i - 12), i):
        if view.lower[t] in view.grammar["personal_relatives"]:
            before = t - 1
            while before > modified and (view.pos[before] in ("PUNCT", "ADP")):
                before -= 1
            return before if view.pos[before] == "PROPN" else modified
    return modified


def is_relative(view: View, i: int) -> bool:
    """Whether a verb heads a relative clause, by the word that opens it."""
    return view.dep[i].startswith("acl") and any(
        view.lower[t] in view.grammar["relatives"] or view.lemma[t] in view.grammar["relatives"]
        for t in range(max(view.head[i] + 1, i - 12), i)
    )


def relation_of(view: View, i: int) -> str:
    """What the noun before "que" is to the clause: by the preposition before "que", else by a subject of the clause's own."""
    words = view.grammar
    own = any(view.dep[c] in SUBJECTS and view.lower[c] not in words["relatives"] for c in view.children[i])
    for t in range(max(view.head[i] + 1, i - 12), i):
        if view.lower[t] not in words["relatives"] and view.lemma[t] not in words["relatives"]:
            continue
        if view.lower[t] in words["relative_places"] or view.lemma[t] in words["relative_owners"]:
            return "relative"
        before = t - 1
        if before > 0 and view.lower[before] in words["articles"]:
            before -= 1
        if before > view.head[i] and view.pos[before] == "ADP":
            return preposition(view.lower[before])
        return "object" if own or view.lower[t] == "whom" else "subject"
    return "object" if own else "subject"
