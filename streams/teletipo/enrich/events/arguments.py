"""A word that names an act, and the phrases that stand in a relation to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from teletipo.enrich.events.view import View

SUBJECTS = ("nsubj", "csubj", "nsubj:pass", "csubj:pass", "nsubj:outer")


@dataclass(slots=True)
class Argument:
    """A phrase in a relation (docs/events.md) to the word that names the act. `near`: found by position, not by the tree."""

    relation: str
    head: int
    near: bool = False


@dataclass(slots=True)
class Predicate:
    """An act-naming word with its arguments. `carrier` is the verb whose tense and mood are the act's."""

    token: int
    nominal: bool
    carrier: int | None
    passive: bool = False
    reflexive: bool = False
    arguments: list[Argument] = field(default_factory=list)

    def heads(self, relation: str) -> list[int]:
        """Heads of the phrases in a relation."""
        return [a.head for a in self.arguments if a.relation == relation]


def is_label(view: View, c: int, i: int) -> bool:
    """What stands before a colon names the speaker or the topic, not a side of the act ("Ministro: 40 policías heridos")."""
    return c < i and ":" in view.lower[max(view.sentences[view.sentence_of[i]][0], c + 1) : i]


def is_temporal(view: View, c: int) -> bool:
    """Whether a phrase only says when ("el martes")."""
    weekdays = view.grammar["weekday_words"]
    return view.dep[c].endswith("tmod") or view.lemma[c] in weekdays or view.lower[c] in weekdays
