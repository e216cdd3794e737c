"""What the English pipeline must do on newswire; all sentences are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.tokens import Doc
from teletipo.enrich.annotate import Annotator

NEWSWIRE = Path(__file__).parent / "data" / "en_sentences.txt"


def annotated(annotator: Annotator, text: str) -> Doc:
    (doc,) = annotator.annotate([text], "en")
    assert doc.text == text
    return doc


def test_sentence_boundaries_of_two_hundred_newswire_sentences(annotator: Annotator) -> None:
    blocks = [block.split("\n") for block in NEWSWIRE.read_text(encoding="utf-8").strip().split("\n\n")]
    right = gold = found = 0
    for sentences in blocks:
        doc = annotated(annotator, " ".join(sentences))
        spans = {(s.start_char, s.end_char) for s in doc.sents}
        start = 0
        wanted = set()
        for sentence in sentences:
            wanted.add((start, start + len(sentence)))
            start += len(sentence) + 1
        right += len(spans & wanted)
        gold += len(wanted)
        found += len(spans)
    assert gold == 200
    assert 2 * right / (gold + found) >= 0.96


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Putin met Xi Jinping in Beijing on Tuesday.", "Putin", "PER"),
        ("Putin met Xi Jinping in Beijing on Tuesday.", "Xi Jinping", "PER"),
        ("Putin met Xi Jinping in Beijing on Tuesday.", "Beijing", "LOC"),
        ('"There will be no deal," said Putin.', "Putin", "PER"),
        ("The European Union imposed sanctions on Belarus.", "European Union", "ORG"),
        ("The European Union imposed sanctions on Belarus.", "Belarus", "LOC"),
        ("MOSCOW (Reuters) - Russia recalled its ambassador.", "Russia", "LOC"),
        ("MOSCOW (Reuters) - Russia recalled its ambassador.", "MOSCOW", "LOC"),
    ],
)
def test_names(annotator: Annotator, text: str, name: str, label: str) -> None:
    assert (name, label) in {(ent.text, ent.label_) for ent in annotated(annotator, text).ents}


@pytest.mark.parametrize("opener", ["However,", "Meanwhile,", "Also,", "On Tuesday,", "According to the ministry,", "Earlier,"])
def test_no_opener_is_an_entity(annotator: Annotator, opener: str) -> None:
    doc = annotated(annotator, f"{opener} the president said he would visit Paris.")
    assert [ent.text for ent in doc.ents] == ["Paris"]


@pytest.mark.parametrize(
    ("text", "form", "lemma"),
    [
        ("Police arrested 14 demonstrators.", "arrested", "arrest"),
        ("The two leaders met in Geneva.", "met", "meet"),
        ("Rebels withdrew from the town.", "withdrew", "withdraw"),
        ("The countries are signing a treaty.", "signing", "sign"),
        ("Police arrested 14 demonstrators.", "demonstrators", "demonstrator"),
    ],
)
def test_lemmas(annotator: Annotator, text: str, form: str, lemma: str) -> None:
    assert next(token.lemma_ for token in annotated(annotator, text) if token.text == form) == lemma


def test_passive_subject_and_agent(annotator: Annotator) -> None:
    doc = annotated(annotator, "The minister was arrested by the police.")
    assert next(token.dep_ for token in doc if token.text == "minister") == "nsubj:pass"
