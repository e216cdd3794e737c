"""Lemma tables: annotated corpora first, then conjugation, then rules."""

from __future__ import annotations

import pytest
from teletipo.enrich.components.lemmatizer import LemmaTable

from training.lemmas import english_forms, english_table, spanish_table
from training.sentence import Sentence


@pytest.fixture(scope="module")
def spanish() -> LemmaTable:
    sentence = Sentence(
        words=["del", "creo", "Ministros"],
        spaces=[True] * 3,
        pos=["ADP", "VERB", "NOUN"],
        morphs=["", "Mood=Ind|Number=Sing|Person=1|Tense=Pres|VerbForm=Fin", "Number=Plur"],
        lemmas=["de el", "creer", "ministro"],
    )
    silver = {
        ("naciones", "NOUN", "Number=Plur"): 3,
        ("nación", "NOUN", "Number=Sing"): 5,
        ("rusas", "ADJ", "Gender=Fem|Number=Plur"): 2,
        ("ruso", "ADJ", "Gender=Masc|Number=Sing"): 9,
    }
    return spanish_table([sentence], silver, ["reunir", "crear", "firmar", "decir"])


@pytest.mark.parametrize(
    ("word", "pos", "lemma"),
    [
        ("reunirse", "VERB", "reunir"), ("reuniéndose", "VERB", "reunir"), ("reúnen", "VERB", "reunir"),
        ("firmaron", "VERB", "firmar"), ("FIRMARON", "VERB", "firmar"), ("decírselo", "VERB", "decir"),
        ("dijeron", "VERB", "decir"), ("creo", "VERB", "creer"), ("creó", "VERB", "crear"), ("del", "ADP", "de el"),
        ("naciones", "NOUN", "nación"), ("rusas", "ADJ", "ruso"), ("tuiteó", "VERB", "tuitear"), ("Putin", "PROPN", "Putin"),
        ("1.250,5", "NUM", "1250.5"), ("12.30", "NUM", "12.30"),
    ],
)  # fmt: skip
def test_spanish(spanish: LemmaTable, word: str, pos: str, lemma: str) -> None:
    assert spanish.lemma(word, pos, "") == lemma


@pytest.fixture(scope="module")
def english() -> LemmaTable:
    words = ["announce", "announced", "announcing", "treaty", "treaties", "plan", "planned", "planning"]
    return english_table([], dict.fromkeys(words, 5))


@pytest.mark.parametrize(
    ("word", "pos", "lemma"),
    [
        ("announced", "VERB", "announce"), ("planned", "VERB", "plan"), ("said", "VERB", "say"), ("met", "VERB", "meet"),
        ("withdrew", "VERB", "withdraw"), ("treaties", "NOUN", "treaty"), ("women", "NOUN", "woman"), ("carries", "VERB", "carry"),
    ],
)  # fmt: skip
def test_english(english: LemmaTable, word: str, pos: str, lemma: str) -> None:
    assert english.lemma(word, pos, "") == lemma


def test_english_spelling() -> None:
    assert english_forms("carry")["ed"] == "carried"
    assert english_forms("stop")["doubled ing"] == "stopping"
    assert english_forms("lie")["ing"] == "lying"
    assert english_forms("agree")["ing"] == "agreeing"
