"""Language over all languages; the declared one wins on short and doubtful texts (contract.md, news.articles)."""

from __future__ import annotations

from pathlib import Path

import pytest
from teletipo.enrich.language import LanguageIdentifier
from teletipo.enrich.model import Draft
from teletipo.records import RawItem
from teletipo.settings import Settings


@pytest.fixture(scope="module")
def stage() -> LanguageIdentifier:
    return LanguageIdentifier(Settings())


def identified(stage: LanguageIdentifier, text: str, declared: str | None = None) -> Draft:
    draft = Draft(RawItem("p", "1", body=text, language=declared), text=text)
    stage([draft])
    return draft


TEXTS = {
    "es": "El presidente viajó este martes a la frontera, donde visitó a los damnificados por las lluvias de la semana pasada.",
    "en": "The president travelled to the border on Tuesday, where he visited people affected by last week's heavy rain.",
    "pt": "O presidente viajou nesta terça-feira à fronteira, onde visitou os atingidos pelas chuvas da semana passada.",
    "ca": "El president va viatjar dimarts a la frontera, on va visitar els afectats per les pluges de la setmana passada.",
    "gl": "O presidente viaxou onte á fronteira, onde visitou os veciños afectados polas choivas da semana pasada.",
    "it": "Il presidente è andato martedì al confine, dove ha visitato le persone colpite dalle piogge della settimana scorsa.",
    "fr": "Le président s'est rendu mardi à la frontière, où il a rencontré les victimes des pluies de la semaine dernière.",
    "de": "Der Präsident reiste am Dienstag an die Grenze und besuchte die Opfer der Regenfälle der vergangenen Woche.",
    "ru": "Президент посетил во вторник пострадавших от дождей на прошлой неделе жителей приграничных районов страны.",
    "ar": "سافر الرئيس يوم الثلاثاء إلى الحدود حيث زار المتضررين من الأمطار الغزيرة في الأسبوع الماضي.",
    "zh": "总统星期二前往边境地区，看望了上周暴雨的受灾民众，并承诺政府将尽快提供援助，帮助他们重建家园。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_language_is_told_whatever_is_declared(stage: LanguageIdentifier, language: str) -> None:
    for declared in (None, "es", "en-GB"):
        draft = identified(stage, TEXTS[language], declared)
        assert draft.language == language
        assert draft.language_confidence is not None
        assert 0.6 <= draft.language_confidence <= 1


def test_short_text_takes_the_declared_language(stage: LanguageIdentifier) -> None:
    assert identified(stage, "Stocks fall sharply", "es-AR").language == "es"
    assert identified(stage, "Dimite el ministro de Defensa").language == "es"


def test_without_letters_the_declared_language_stands(stage: LanguageIdentifier) -> None:
    assert identified(stage, "", "es").language == "es"
    draft = identified(stage, "1-0, 2-1 … 33 %")
    assert (draft.language, draft.language_confidence) == ("und", 0.0)


def test_quoted_foreign_sentences_do_not_count(stage: LanguageIdentifier) -> None:
    text = (
        "El cantante leyó en inglés el mensaje de la viuda. «We will never forget what you did for this town, and we thank "
        "you from the bottom of our hearts for every single day of it», dijo. «The children of the valley will sing your "
        "songs for as long as there is music in this world», añadió ante el público, que aplaudió de pie."
    )
    assert identified(stage, text).language == "es"


@pytest.mark.parametrize(("declared", "language"), [("ES", "es"), ("spa", "es"), ("en_US", "en"), ("español", None), ("", None)])
def test_declared_tags_are_read(stage: LanguageIdentifier, declared: str, language: str | None) -> None:
    assert stage.declared(declared) == language


def test_very_long_text_takes_no_longer(stage: LanguageIdentifier) -> None:
    assert identified(stage, (TEXTS["es"] + "\n") * 9_000).language == "es"
    assert identified(stage, '"' * 1_000_000).language == "und"


def test_neighbours_of_spanish_are_not_spanish(stage: LanguageIdentifier) -> None:
    """Forty short or mixed texts of our own, among them foreign sentences quoted in Spanish and Spanish ones quoted abroad."""
    rows = [line.split("\t") for line in (Path(__file__).parent / "language_samples.tsv").read_text("utf-8").splitlines()]
    wrong = [(language, found, text) for language, text in rows if (found := identified(stage, text).language) != language]
    assert len(rows) == 40
    assert len(wrong) <= 1, wrong
    assert not [row for row in wrong if "es" in row[:2]], wrong


@pytest.mark.parametrize("declared", ["pt", "ca", "gl", "it"])
def test_a_doubtful_neighbour_takes_what_is_declared(stage: LanguageIdentifier, declared: str) -> None:
    assert identified(stage, "Roma, Lisboa, Vigo", declared).language == declared
