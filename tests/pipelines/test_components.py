"""The cached tok2vec gives what the uncached one gives; tables survive saving; each folder has its card."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from teletipo.enrich.annotate import PIPELINES, Annotator
from teletipo.enrich.components import tok2vec
from teletipo.enrich.components.lemmatizer import LemmaTable, TableLemmatizer
from teletipo.enrich.components.lexicon import Lexicon
from teletipo.enrich.components.tok2vec import form_features, set_lexicon

CONFIG = {
    "@architectures": "teletipo.FormTok2Vec.v1", "width": 32, "depth": 2, "window_size": 1, "maxout_pieces": 2,
    "rows": [100] * 8, "widths": [16] * 8, "vector_width": 4,
}  # fmt: skip


def lexicon() -> Lexicon:
    words = ["moscú", "firmar", "acuerdo"]
    return Lexicon.build(words, np.arange(12, dtype="float32").reshape(3, 4), [4, 0, 0], [4, 1, 1])


def test_lexicon_rows() -> None:
    made = lexicon()
    row = made.row("moscú")
    assert made.classes[row] == 4
    assert made.capitals[row] == 4
    assert np.allclose(made.vectors[row] * made.scale, [0, 1, 2, 3], atol=0.06)
    assert made.row("praga") == -1


def test_features_of_composed_and_decomposed_forms_are_the_same() -> None:
    assert form_features("Moscú", lexicon()) == form_features("Moscu\u0301", lexicon())
    assert form_features("Moscú", lexicon()) != form_features("MOSCÚ", lexicon())


def test_remembered_rows_are_those_of_training_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tok2vec, "WORD_DROPOUT", 0.0)
    nlp = spacy.blank("es")
    component = nlp.add_pipe("tok2vec", config={"model": CONFIG})
    model = component.model  # type: ignore[attr-defined]
    set_lexicon(model, lexicon())
    nlp.initialize()
    docs = [nlp.make_doc("Moscú firma un acuerdo con Moscú ."), nlp.make_doc("Otro acuerdo"), Doc(nlp.vocab, words=[])]
    trained, _backprop = model.begin_update(docs)
    for _ in range(2):
        for one, other in zip(model.predict(docs), trained, strict=True):
            assert np.allclose(one, other, atol=1e-4)


def test_changed_weights_empty_the_memory() -> None:
    nlp = spacy.blank("es")
    component = nlp.add_pipe("tok2vec", config={"model": CONFIG})
    model = component.model  # type: ignore[attr-defined]
    nlp.initialize()
    doc = nlp.make_doc("un acuerdo")
    before = model.predict([doc])[0].copy()
    mixer = next(node for node in model.get_ref("embed").get_ref("mixer").walk() if node.has_param("W"))
    mixer.set_param("W", -mixer.get_param("W"))
    assert not np.allclose(before, model.predict([doc])[0])


def test_lemmatizer_survives_saving(tmp_path: Path) -> None:
    nlp = spacy.blank("es")
    component = nlp.add_pipe("teletipo_lemmatizer")
    assert isinstance(component, TableLemmatizer)
    component.table = LemmaTable.build([("fue", "AUX", "", "ser"), ("fue", "VERB", "", "ir")], [["NOUN", "s", ""]], ["se"], ".")
    nlp.to_disk(tmp_path / "saved")
    loaded = spacy.load(tmp_path / "saved")
    doc = Doc(loaded.vocab, words=["fue", "fue", "mesas"], pos=["AUX", "VERB", "NOUN"])
    assert [token.lemma_ for token in loaded.get_pipe("teletipo_lemmatizer")(doc)] == ["ser", "ir", "mesa"]  # type: ignore[operator]


@pytest.mark.parametrize("language", ["es", "en"])
def test_folder_has_card_licence_and_size(language: str) -> None:
    folder = PIPELINES / f"{language}_teletipo"
    card = (folder / "README.md").read_text(encoding="utf-8")
    for heading in ("## Data", "## Scores", "## Known errors"):
        assert heading in card
    assert "creativecommons.org" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert "GeoNames" in (folder / "ATTRIBUTION").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 20 * 2**20


@pytest.mark.parametrize("language", ["es", "en"])
def test_plain_spacy_load_gives_all_components(annotator: Annotator, language: str) -> None:
    nlp = spacy.load(PIPELINES / f"{language}_teletipo")
    assert {"tok2vec", "morphologizer", "lemmatizer", "parser", "ner"} <= set(nlp.pipe_names)
    assert annotator.versions[language].startswith(f"{language}_teletipo ")
