"""Augmented sentences stay well-formed trees with entities on the right words."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from training.augment import Augmenter, Rates, in_capitals, replaced, spans, without_accents, without_period
from training.examples import to_example
from training.sentence import Sentence

LISTS = Path(__file__).parent.parent.parent / "training" / "configs"


@pytest.fixture
def sentence() -> Sentence:
    return Sentence(
        words=["Ana", "Paz", "viajó", "a", "Perú", "."],
        spaces=[True, True, True, True, False, True],
        pos=["PROPN", "PROPN", "VERB", "ADP", "PROPN", "PUNCT"],
        morphs=["", "", "Mood=Ind|VerbForm=Fin", "", "", "PunctType=Peri"],
        lemmas=["Ana", "Paz", "viajar", "a", "Perú", "."],
        heads=[2, 0, 2, 4, 2, 2],
        deps=["nsubj", "flat", "ROOT", "case", "obl", "punct"],
        entities=["B-PER", "I-PER", "O", "O", "B-LOC", "O"],
    )


def test_a_name_is_replaced_with_its_inner_structure(sentence: Sentence) -> None:
    changed = replaced(sentence, 4, 5, ["Corea", "del", "Norte"], "LOC")
    assert changed.words == ["Ana", "Paz", "viajó", "a", "Corea", "del", "Norte", "."]
    assert changed.heads == [2, 0, 2, 4, 2, 6, 4, 2]
    assert changed.deps == ["nsubj", "flat", "ROOT", "case", "obl", "case", "flat", "punct"]
    assert spans(changed.entities or []) == [(0, 2, "PER"), (4, 7, "LOC")]


@pytest.mark.parametrize("language", ["es", "en"])
def test_whatever_is_drawn_gives_a_valid_tree(sentence: Sentence, language: str) -> None:
    often = Rates(capitals=0.3, accents=0.3, names=0.9, dateline=0.4, opener=0.4, lead=0.2, quotes=0.5, period=0.3)
    augmenter = Augmenter(LISTS / f"augment_{language}.toml", seed=3, rates=often)
    vocab = spacy.blank(language).vocab
    different = set()
    for _ in range(200):
        changed = augmenter(sentence)
        different.add(tuple(changed.words))
        reference = to_example([changed], vocab).reference
        assert len(list(reference.sents)) == 1
        assert {ent.label_ for ent in reference.ents} <= {"PER", "LOC", "ORG"}
        assert len(reference.ents) >= 2
    assert len(different) > 50


def test_no_opener_is_an_entity(sentence: Sentence) -> None:
    augmenter = Augmenter(LISTS / "augment_es.toml", seed=1)
    for opener in augmenter.lists["openers"]:
        changed = augmenter.open_with(sentence, opener)
        words = len(opener.split(" "))
        assert changed.entities is not None
        assert set(changed.entities[:words]) == {"O"}
        assert changed.words[words:] == sentence.words


def test_capitals_accents_and_periods(sentence: Sentence) -> None:
    assert in_capitals(sentence).words[2] == "VIAJÓ"
    assert without_accents(sentence).words[4] == "Peru"
    assert without_period(sentence).words[-1] == "Perú"
