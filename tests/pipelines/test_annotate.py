"""The annotator takes any text, gives it back to the last character, and names what is wrong with a pipeline."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from teletipo.enrich.annotate import LONGEST_TOKEN, AnnotateStage, Annotator, load_pipeline
from teletipo.enrich.model import Draft
from teletipo.errors import PipelineUnusable
from teletipo.records import RawItem
from teletipo.settings import Settings

HARD = [
    "", " ", "\n", "\n\n\n", ".", "...", "¡¿?!", "Hola",
    "  Hola  mundo.  \n\n Adiós. ", "a\r\nb\tc", "\x00\x01\x02 hola \x7f",
    "\u202eabc\u200f def\u2066",
    "😀😀 hola 👩\u200d👩\u200d👧 mundo", "Hola. Hello. Привет. 你好世界。 مرحبا", "x" * 1000, "«", "\u00a0\u2003",
    "Cafe\u0301 de Pari\u0301s.", "\ufeffHola", "a" * LONGEST_TOKEN + " " + "b" * (LONGEST_TOKEN + 1) + " c",
]  # fmt: skip


@pytest.mark.parametrize("text", HARD)
@pytest.mark.parametrize("language", ["es", "en"])
def test_hard_texts_come_back_unchanged(annotator: Annotator, text: str, language: str) -> None:
    (doc,) = annotator.annotate([text], language)
    assert doc.text == text
    sentences = list(doc.sents)
    assert sum(len(sentence) for sentence in sentences) == len(doc)
    assert all(sentence.root is not None for sentence in sentences)


@given(text=st.text(max_size=200))
@hypothesis_settings(max_examples=60)
def test_any_text_comes_back_unchanged(annotator: Annotator, text: str) -> None:
    (doc,) = annotator.annotate([text], "es")
    assert doc.text == text
    assert sum(len(sentence) for sentence in doc.sents) == len(doc)


def test_a_line_break_always_ends_a_sentence(annotator: Annotator) -> None:
    (doc,) = annotator.annotate(["Putin viaja a China\n\nEl presidente llegó hoy\nFue recibido por Xi."], "es")
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "Putin viaja a China",
        "El presidente llegó hoy",
        "Fue recibido por Xi.",
    ]


def test_no_head_and_no_entity_crosses_a_line_break(annotator: Annotator) -> None:
    text = "Viajó a Corea\ndel Norte el ministro.\nNueva York\nTimes Square"
    (doc,) = annotator.annotate([text], "es")
    lines = [doc.text.count("\n", 0, token.idx) for token in doc]
    for token in doc:
        if not token.is_space:
            assert lines[token.i] == lines[token.head.i]
    assert all("\n" not in ent.text for ent in doc.ents)


def test_texts_do_not_change_one_another(annotator: Annotator) -> None:
    texts = ["Putin llegó a Pyongyang.", "", "Dos líneas.\nMilei habló en Davos.", "La ONU pidió calma."]
    together = annotator.annotate(texts, "es")
    alone = [annotator.annotate([text], "es")[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert [(t.text, t.pos_, t.lemma_, t.dep_, t.head.i, t.ent_type_) for t in one] == [
            (t.text, t.pos_, t.lemma_, t.dep_, t.head.i, t.ent_type_) for t in other
        ]


def test_a_megabyte_without_a_space_is_bounded(annotator: Annotator) -> None:
    started = time.process_time()
    for text in ("x" * 1_000_000, "a.b," * 250_000):
        (doc,) = annotator.annotate([text], "es")
        assert doc.text == text
        assert max(len(token) for token in doc) <= LONGEST_TOKEN
    assert time.process_time() - started < 60


@pytest.mark.long
def test_a_hundred_thousand_words(annotator: Annotator) -> None:
    text = "El ministro viajó a Lima para firmar un acuerdo con el Gobierno. " * 8_000
    (doc,) = annotator.annotate([text], "es")
    assert doc.text == text
    assert len(list(doc.sents)) >= 7_900


def test_stage_sets_documents_and_says_what_it_skipped(annotator: Annotator) -> None:
    stage = AnnotateStage.__new__(AnnotateStage)
    stage.annotator = annotator
    drafts = [
        Draft(RawItem(provider="x", item_id=str(i), body=""), text="Hola.", language=language)
        for i, language in enumerate(["es", "es-AR", "en", "fr", None])
    ]
    stage(drafts)
    assert [draft.doc is not None for draft in drafts] == [True, True, True, False, False]
    assert drafts[0].pipeline is not None
    assert drafts[0].pipeline.startswith("es_teletipo ")
    assert "fr" in drafts[3].skipped["annotate"]


def test_a_pipeline_that_is_not_there_is_one_line() -> None:
    with pytest.raises(PipelineUnusable) as caught:
        Annotator(Settings(model_es="no_such_package_at_all"))
    assert "TELETIPO_MODEL_ES" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pipeline_without_components_is_named(tmp_path: Path) -> None:
    nlp = spacy.blank("es")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "poor")
    with pytest.raises(PipelineUnusable, match=r"lemmas.*dependencies.*entities"):
        load_pipeline("es", str(tmp_path / "poor"))


def test_a_pipeline_of_another_language_is_refused(tmp_path: Path) -> None:
    spacy.blank("pt").to_disk(tmp_path / "other")
    with pytest.raises(PipelineUnusable, match="'pt'"):
        load_pipeline("es", str(tmp_path / "other"))
