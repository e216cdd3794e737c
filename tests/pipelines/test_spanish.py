"""What the Spanish pipeline must do on newswire; all sentences are invented."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from spacy.tokens import Doc
from teletipo.enrich.annotate import Annotator

SEED = Path(__file__).parent.parent.parent / "seeds" / "000_e08587906b7245c9.txt"


def annotated(annotator: Annotator, text: str) -> Doc:
    (doc,) = annotator.annotate([text], "es")
    assert doc.text == text
    return doc


def entities(doc: Doc) -> dict[str, str]:
    return {ent.text: ent.label_ for ent in doc.ents}


@pytest.mark.parametrize(
    "opener",
    [
        "Además,",
        "También",
        "Por su parte,",
        "Según",
        "Asimismo,",
        "Sin embargo,",
        "Mientras tanto,",
        "Podés",
        "Ayer",
        "Tras",
        "Aunque",
    ],
)
def test_no_function_word_that_opens_a_sentence_is_an_entity(annotator: Annotator, opener: str) -> None:
    doc = annotated(annotator, f"{opener} el gobierno anunció que el presidente viajará a Moscú.")
    found = entities(doc)
    assert found == {"Moscú": "LOC"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Putin y Kim Jong-un firmaron un acuerdo en Pyongyang.", {"Putin": "PER", "Kim Jong-un": "PER", "Pyongyang": "LOC"}),
        (
            "El príncipe heredero Mohamed bin Salmán recibió a Al Asad en Riad.",
            {"Mohamed bin Salmán": "PER", "Al Asad": "PER", "Riad": "LOC"},
        ),
        ("De la Rúa renunció a la presidencia.", {"De la Rúa": "PER"}),
        ("La ONU y la OTAN condenaron el ataque contra Ucrania.", {"ONU": "ORG", "OTAN": "ORG", "Ucrania": "LOC"}),
        ("Los ministros de Alemania y Francia se reunieron en Bruselas.", {"Alemania": "LOC", "Francia": "LOC", "Bruselas": "LOC"}),
    ],
)  # fmt: skip
def test_names(annotator: Annotator, text: str, expected: dict[str, str]) -> None:
    assert entities(annotated(annotator, text)) == expected


def test_an_acronym_with_dots_is_a_name(annotator: Annotator) -> None:
    """Whether a state that acts is a place or an organisation wavers in CESS-ESP; the entity linker makes it a place."""
    found = entities(annotated(annotator, "El canciller viajó a EE.UU. y a Corea del Norte."))
    assert found.keys() == {"EE.UU.", "Corea del Norte"}
    assert found["EE.UU."] in {"LOC", "ORG"}


def test_a_dateline_is_place_and_agency(annotator: Annotator) -> None:
    found = entities(annotated(annotator, "Pyongyang, 19 jun (EFE).- El presidente ruso llegó este miércoles a la capital."))
    assert found == {"Pyongyang": "LOC", "EFE": "ORG"}


def test_a_headline_in_capitals_keeps_its_names(annotator: Annotator) -> None:
    found = entities(annotated(annotator, "PUTIN VIAJA A CHINA"))
    assert found.get("PUTIN") == "PER"
    assert found.get("CHINA") == "LOC"
    assert "VIAJA" not in found


@pytest.mark.parametrize("quotes", ["«»", "“”", '""'])
def test_quotes_of_all_kinds_leave_the_names_alone(annotator: Annotator, quotes: str) -> None:
    doc = annotated(annotator, f"{quotes[0]}No habrá acuerdo{quotes[1]}, declaró Maduro en Caracas.")
    assert entities(doc) == {"Maduro": "PER", "Caracas": "LOC"}
    verb = next(token for token in doc if token.text == "declaró")
    assert verb.lemma_ == "declarar"
    assert any(child.text == "Maduro" and child.dep_ == "nsubj" for child in verb.children)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("El Sr. Gómez viajó a EE. UU. el martes. Volvió el jueves.", 2),
        ("La norma núm. 12 entró en vigor. Nadie la cumple.", 2),
        ("El Dr. Paz llegó. La Sra. Ruiz no.", 2),
        ("Costó 3.500 millones de dólares. Se pagó en abril.", 2),
        ("¿Habrá guerra? Nadie lo sabe.", 2),
    ],
)
def test_sentences(annotator: Annotator, text: str, sentences: int) -> None:
    assert len(list(annotated(annotator, text).sents)) == sentences


@pytest.mark.parametrize(
    ("text", "form", "lemma"),
    [
        ("El presidente llegó para reunirse con su par.", "reunirse", "reunir"),
        ("Ambos mandatarios se reunieron en Ginebra.", "reunieron", "reunir"),
        ("Los rebeldes atacaron el cuartel.", "atacaron", "atacar"),
        ("La policía detuvo a tres manifestantes.", "detuvo", "detener"),
        ("El ministro advirtió que habrá sanciones.", "advirtió", "advertir"),
        ("Moscú impuso un bloqueo.", "impuso", "imponer"),
        ("El canciller fue recibido por el rey.", "recibido", "recibir"),
        ("Exigieron la renuncia del alcalde.", "Exigieron", "exigir"),
        ("Los dos países firmarán el tratado mañana.", "firmarán", "firmar"),
        ("El gobierno expulsó a dos diplomáticos.", "diplomáticos", "diplomático"),
        ("Murieron siete soldados.", "soldados", "soldado"),
    ],
)
def test_lemmas(annotator: Annotator, text: str, form: str, lemma: str) -> None:
    assert next(token.lemma_ for token in annotated(annotator, text) if token.text == form) == lemma


def test_subject_object_and_complement_of_a_plain_report(annotator: Annotator) -> None:
    doc = annotated(annotator, "El presidente ruso viajó ayer a Vladivostok con tres ministros.")
    found = {token.text: (token.dep_, token.head.text) for token in doc}
    assert found["presidente"] == ("nsubj", "viajó")
    assert found["Vladivostok"][1] == found["ayer"][1] == "viajó"
    assert found["tres"] == ("nummod", "ministros")


def test_the_passive_with_se_is_marked(annotator: Annotator) -> None:
    doc = annotated(annotator, "Se firmó un acuerdo entre ambos países.")
    assert doc[0].dep_.startswith("expl")


def test_text_in_nfd_is_read_like_nfc(annotator: Annotator) -> None:
    text = "También viajó a Moscú el líder de Irán."
    composed = annotated(annotator, text)
    decomposed = annotated(annotator, unicodedata.normalize("NFD", text))
    assert [t.lemma_ for t in decomposed] == [t.lemma_ for t in composed]
    assert [t.pos_ for t in decomposed] == [t.pos_ for t in composed]
    assert list(map(str.casefold, entities(composed))) == [
        unicodedata.normalize("NFC", name).casefold() for name in entities(decomposed)
    ]


def test_the_users_article(annotator: Annotator) -> None:
    doc = annotated(annotator, SEED.read_text(encoding="utf-8"))
    found = [(ent.text, ent.label_) for ent in doc.ents]
    names = {text for text, _label in found}
    assert not names & {
        "Además",
        "Podés",
        "También",
        "Por",
        "Esta",
        "Las",
        "Te",
        "Podés leer",
        "Te puede interesar",
        "Apreciamos",
    }
    for name, label in (
        ("Putin", "PER"), ("Vladimir Putin", "PER"), ("Kim Jong-un", "PER"), ("Kim", "PER"), ("Zelenski", "PER"),
        ("Milei", "PER"), ("Pyongyang", "LOC"), ("Moscú", "LOC"), ("Corea del Norte", "LOC"), ("Rusia", "LOC"),
        ("Ucrania", "LOC"), ("Europa", "LOC"),
    ):  # fmt: skip
        occurrences = [i for i in range(len(doc)) if doc.text.startswith(name, doc[i].idx)]
        assert occurrences, name
        assert (name, label) in found, (name, found)
    assert any("Consejo de Seguridad" in text for text in names)
