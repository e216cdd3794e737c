"""The causes of faults seen in articles: what only seems to report, who speaks where no subject stands, marks that do not match."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pytest
import spacy
from spacy.language import Language
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.entities import EntityLinker
from teletipo.enrich.model import Draft
from teletipo.enrich.quotes import QuoteFinder
from teletipo.records import Quote, RawItem
from teletipo.settings import Settings

CLEANER, LINKER, FINDER = Cleaner(Settings()), EntityLinker(Settings()), QuoteFinder(Settings())


@cache
def pipeline(language: str) -> Language:
    return spacy.load(str(resources.files("teletipo.pipelines") / f"{language}_teletipo"))


def quotes(body: str, language: str = "es") -> list[Quote]:
    draft = Draft(RawItem("p", "1", body=body), language=language)
    CLEANER([draft])
    draft.doc = pipeline(language)(draft.text)
    LINKER([draft])
    FINDER([draft])
    return draft.quotes


def told(body: str, language: str = "es") -> list[tuple[str, str | None]]:
    """Text and speaker of each quote."""
    return [(quote.text, quote.speaker.text if quote.speaker else None) for quote in quotes(body, language)]


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("La evidencia reciente sugiere que el mundo entró en calma.", "es"),
        ("Todos los indicios indican que el juicio será largo.", "es"),
        ("Se estima que el sector crecerá un 3 % este año.", "es"),
        ("Si bien el banco está en crisis, cuenta con muchas sucursales en el país.", "es"),
        ("El juez pide un informe sobre los medios que publicaron el contenido.", "es"),
        ("Recent evidence suggests that the world has entered a calm period.", "en"),
        ("It is estimated that the world will need more water.", "en"),
        ("They can have a cascading effect, with, say, a pandemic that provokes a crisis.", "en"),
    ],
)
def test_what_nobody_says_is_no_quote(body: str, language: str) -> None:
    assert told(body, language) == []


def test_object_of_the_verb_is_not_its_speaker() -> None:
    body = "Ana Prueba estaba a la cabeza del grupo y, para justificarlo, proclamó «una nueva doctrina de la comunidad»."
    assert told(body) == []


def test_adverbial_is_no_speaker() -> None:
    body = "«El plan sigue en pie», dijo Ana Prueba. En cualquier caso, destacó que los pagos se harán en verano."
    assert told(body) == [("El plan sigue en pie", "Ana Prueba"), ("los pagos se harán en verano", "Ana Prueba")]


def test_body_behind_a_preposition_speaks() -> None:
    body = "La firma lo negó. En el Ministerio de Trabajo dijeron que convocarán a las partes el martes."
    assert told(body) == [("convocarán a las partes el martes", "Ministerio de Trabajo")]


def test_relative_clause_belongs_to_the_source() -> None:
    body = "Según datos de la firma Alba, que gestiona las oficinas, el empleo cayó un 3 % en mayo."
    assert [text for text, _ in told(body)] == ["el empleo cayó un 3 % en mayo"]


def test_dropped_subject_is_that_of_the_sentence_before() -> None:
    body = "China afirma que la rodean. Estados Unidos rechaza las acusaciones. Sostiene que sus vecinos pidieron protección."
    assert told(body)[-1] == ("sus vecinos pidieron protección", "Estados Unidos")


def test_speaker_goes_on_over_another_subject() -> None:
    body = "«No habrá más plazos», dijo Ana Prueba. El Banco Central subió la tasa. Añadió que los pagos se harán en mayo."
    assert told(body)[-1] == ("los pagos se harán en mayo", "Ana Prueba")


def test_several_dropped_subjects() -> None:
    body = "Los ministros de Chile y Perú firmaron una carta. También pidieron a la empresa que modifique los contratos."
    assert told(body)[-1][1] == "Los ministros de Chile y Perú"


@pytest.mark.parametrize(
    "body",
    [
        "«No hay datos», dijo Ana Prueba. “Se trata de testimonios sin valor“, añadió.",
        '«No hay datos», dijo Ana Prueba. “Se trata de testimonios sin valor", añadió.',
        '«No hay datos», dijo Ana Prueba. "Se trata de testimonios sin valor”, añadió.',
    ],
)
def test_marks_that_do_not_match(body: str) -> None:
    assert told(body) == [("No hay datos", "Ana Prueba"), ("Se trata de testimonios sin valor", "Ana Prueba")]
