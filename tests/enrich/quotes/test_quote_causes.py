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


def test_a_relative_pronoun_does_not_speak() -> None:
    body = "Los vecinos de Alba protestaron otra vez, por lo que exigen que cierre la planta."
    assert told(body)[-1][1] != "que"


def test_a_colon_hands_over_to_what_is_quoted() -> None:
    body = "Ana Molina explicó que la fiesta molesta a los vecinos: «No encuentro a nadie que esté cómodo allí»."
    assert told(body) == [
        ("la fiesta molesta a los vecinos", "Ana Molina"),
        ("No encuentro a nadie que esté cómodo allí", "Ana Molina"),
    ]


def test_quoted_words_after_a_report_are_its_speakers() -> None:
    body = (
        "“We will stay,” said Max Doe. The threat will grow, said Ann Roe, an analyst who knows the country. “The time is over.”"
    )
    assert told(body, "en")[-1] == ("The time is over.", "Ann Roe")


def test_he_is_no_group() -> None:
    body = (
        "Carla Boone took office on Monday. Those close to the party say she will stay. “They will pay a high price,” she said."
    )
    assert told(body, "en")[-1] == ("They will pay a high price,", "Carla Boone")


def test_a_participle_in_the_description_of_the_speaker() -> None:
    body = "“It is far from reality,” Max Doe of the Western-backed National Coalition told reporters."
    assert told(body, "en") == [("It is far from reality,", "Max Doe")]


def test_the_subject_belongs_to_what_is_said() -> None:
    body = "Alba Oil Corp said its refined products terminal in Memphis remained closed."
    assert [text for text, _ in told(body, "en")] == ["its refined products terminal in Memphis remained closed"]


def test_a_hyphen_does_not_cut_the_speaker() -> None:
    body = "On a per-share basis, the Ohio-based company said it had profit of 36 cents."
    assert [speaker for _, speaker in told(body, "en")] == ["the Ohio-based company"]


@pytest.mark.parametrize(
    ("body", "language", "expected"),
    [
        ("El juez citó al fiscal. Refirió que el juicio será en mayo.", "es", "el juicio será en mayo"),
        ("La ministra explicó a los senadores que la inflación cederá pronto.", "es", "la inflación cederá pronto"),
        ("Para el analista Teo Barrios, el Gobierno ha perdido la iniciativa.", "es", "el Gobierno ha perdido la iniciativa"),
        ("Ana Ruiz dijo que irá, añadiendo que el plan sigue en pie.", "es", "el plan sigue en pie"),
        ("Ann Doe told reporters she would go, adding that the plan stands.", "en", "the plan stands"),
    ],
)
def test_further_ways_to_report(body: str, language: str, expected: str) -> None:
    assert told(body, language)[-1][0] == expected


@pytest.mark.parametrize(
    "body",
    [
        "Para el campeón, la cena se sirvió tarde y nadie lo supo.",
        "El alcalde se refirió a las obras que terminarán en mayo.",
        "Acusó a los directivos que firmaron el contrato.",
    ],
)
def test_what_only_looks_like_a_report(body: str) -> None:
    assert told(body) == []


def test_the_name_speaks_and_not_its_description() -> None:
    body = "El presidente de Filipinas, Rodrigo Molina, reconoció que la guerra fue más difícil."
    assert told(body) == [("la guerra fue más difícil", "Rodrigo Molina")]


def test_the_body_named_behind_its_noun_speaks() -> None:
    (quote,) = quotes("El sitio web «Alba Numérica» reveló que la justicia ha adoptado medidas.")
    assert quote.speaker is not None
    assert (quote.speaker.text, quote.speaker.entity) == ("Alba Numérica", "ORG:alba numerica")


def test_who_speaks_for_a_body_is_not_the_body() -> None:
    assert told("La portavoz de la Plataforma Alba destacó que el ruido no cesa.")[0][1] != "Plataforma Alba"


def test_the_gerund_is_the_speakers_and_not_of_what_is_said() -> None:
    body = "Carla Boone said the site brings in money, adding that the monument welcomes visitors."
    assert [speaker for _, speaker in told(body, "en")] == ["Carla Boone", "Carla Boone"]
