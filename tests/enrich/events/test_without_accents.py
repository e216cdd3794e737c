"""Wires that drop accents: the words of the lexicon are met all the same."""

from __future__ import annotations

import pytest
from teletipo.enrich.events.entry import spellings
from teletipo.enrich.events.lexicon import known_verbs, load_lexicon
from teletipo.enrich.events.morphology import lemma_finder


@pytest.mark.parametrize(
    ("form", "lemma"),
    [("reunio", "reunir"), ("acuso", "acusar"), ("dimitira", "dimitir"), ("firmo", "firmar"), ("reunió", "reunir")],
)
def test_verb_forms_without_accents_lead_to_the_infinitive(form: str, lemma: str) -> None:
    find = lemma_finder("es", known_verbs(load_lexicon("es")))
    assert find(form) == lemma


def test_nouns_and_conditions_are_known_in_both_spellings() -> None:
    lexicon = load_lexicon("es")
    assert [row.entry for row in lexicon.nouns["reunion"]] == [row.entry for row in lexicon.nouns["reunión"]]
    kept = [e for e in lexicon.entries if "object" in e.require and "misión de paz" in _phrases(e.require["object"].phrases)]
    assert kept
    assert all("mision de paz" in _phrases(e.require["object"].phrases) for e in kept)


def test_only_words_with_accents_have_two_spellings() -> None:
    assert spellings(("alto", "el", "fuego")) == (("alto", "el", "fuego"),)
    assert spellings(("maniobra", "bélica")) == (("maniobra", "bélica"), ("maniobra", "belica"))


def _phrases(index: dict[str, tuple[tuple[str, ...], ...]]) -> set[str]:
    return {" ".join(words) for rows in index.values() for words in rows}
