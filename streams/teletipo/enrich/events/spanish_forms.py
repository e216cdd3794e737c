"""Spanish verb forms that the tagger takes for others: imperfects for presents, participles behind "fueron" for nouns."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teletipo.enrich.events.view import View

_IMPERFECT = {"ar": ("aba", "aban", "ábamos"), "er": ("ía", "ían", "íamos"), "ir": ("ía", "ían", "íamos")}


def mend_forms(view: View, verb_of: Callable[[str], str | None], nouns: Collection[str]) -> None:
    """Set right what the ending of a verb or the words before it say beyond doubt.

    `verb_of`: from a form to an infinitive; `nouns`: participles that may be taken for nouns.
    """
    for i, pos in enumerate(view.pos):
        if pos == "VERB" and view.features[i].get("Tense") == "Pres" and is_imperfect(view.lower[i], view.lemma[i]):
            view.features[i] = {**view.features[i], "Tense": "Imp"}
        elif pos == "NOUN" and i and view.lower[i] in nouns and view.lower[i - 1] in view.grammar["passive_forms"]:
            view.pos[i] = "VERB"
            view.lemma[i] = verb_of(view.lower[i]) or view.lemma[i]
            view.features[i] = {**view.features[i], "VerbForm": "Part", "Tense": "Past"}


def is_imperfect(form: str, infinitive: str) -> bool:
    """ "protestaban" of "protestar", but not "graban" of "grabar" and "envía" of "enviar"."""
    stem, ending = infinitive[:-2], form[len(infinitive) - 2 :]
    return form.startswith(stem) and ending in _IMPERFECT.get(infinitive[-2:], ())
