"""What is told of one occasion beside another act: clauses of time, circumstances of a protest, compounds and their prepositions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]


def kinds(draft: Draft) -> set[str]:
    return {event.type for event in draft.events}


def test_a_clause_of_time_in_the_past_tells_and_one_to_come_does_not(coded: Coded) -> None:
    told = coded("La calle fue un caos cuando la policía detuvo a tres manifestantes en Lima.")
    assert "COERCE" in kinds(told)
    assert "COERCE" not in kinds(coded("La calle será un caos cuando la policía detenga a tres manifestantes en Lima."))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Miles de personas marcharon en La Paz después de que la policía detuvo a dos dirigentes mineros.", "COERCE"),
        ("Los estudiantes protestaron en Bogotá luego de que el ejército mató a dos campesinos en Cauca.", "ASSAULT"),
    ],
)
def test_what_came_before_a_protest_is_not_its_content(coded: Coded, text: str, other: str) -> None:
    assert kinds(coded(text)) == {"PROTEST", other}


def test_what_a_protest_is_about_is_no_act(coded: Coded) -> None:
    assert kinds(coded("Miles de personas marcharon en La Paz contra la detención de dos dirigentes mineros.")) == {"PROTEST"}


def test_to_count_people_is_no_search(coded: Coded) -> None:
    text = "El ministro del Interior dijo que este viernes se han registrado cerca de 2.000 manifestantes en Arequipa."
    assert "COERCE" not in kinds(coded(text))


def test_a_compound_is_governed_as_its_last_word(coded: Coded) -> None:
    event = coded("Russia and Ukraine carried out a prisoner swap on Tuesday.", "en").events[0]
    assert "prisoner swap" in event.trigger.text
    assert {person.country for person in event.actors} == {"RUS", "UKR"}


def test_what_follows_the_last_preposition_of_a_verb_is_its_object(coded: Coded) -> None:
    event = coded("France pulled out of the military pact with Niger on Monday.", "en").events[0]
    assert (event.type, event.mode) == ("SANCTION", "withdraw")
    assert [person.country for person in (*event.actors, *event.recipients)] == ["FRA", "NER"]


def test_a_scene_goes_on_the_same_day(coded: Coded) -> None:
    draft = coded("Cientos de pescadores marcharon el lunes en Iquique. La Policía detuvo a nueve manifestantes.")
    days = {event.type: event.date for event in draft.events}
    assert days["PROTEST"] is not None
    assert days["COERCE"] is not None
    assert days["COERCE"]["from"] == days["PROTEST"]["from"]


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("Cientos de pescadores marcharon el lunes en Iquique. La Policía había detenido a su dirigente, Luis Soto.", "COERCE"),
        ("Cientos de pescadores marcharon el lunes en Iquique. El Gobierno de Chile condenó los disturbios.", "ACCUSE"),
    ],
)
def test_what_came_before_and_what_is_only_said_need_not_be_of_the_same_day(coded: Coded, text: str, later: str) -> None:
    assert [event.date for event in coded(text).events if event.type == later] == [None]


def test_an_imperfect_tells_of_one_occasion_too(coded: Coded) -> None:
    text = "El ministro habló por la radio mientras los pescadores se enfrentaban con la policía en Puerto Montt."
    assert "ASSAULT" in kinds(coded(text))


def test_a_relative_clause_in_the_past_tells_who_they_are(coded: Coded) -> None:
    text = "El sindicato de Ecuador exigió la liberación de los transportistas que fueron detenidos por la Policía el lunes."
    assert kinds(coded(text)) == {"REQUEST", "COERCE"}


def test_what_stands_beside_the_noun_of_an_act_is_not_its_content(coded: Coded) -> None:
    text = "La decisión del alcalde de Cali provocó una ola de críticas y varias manifestaciones contra el alcalde en el centro."
    assert kinds(coded(text)) == {"ACCUSE", "PROTEST"}


def test_what_goes_on_meanwhile_is_told(coded: Coded) -> None:
    text = "Perú acordó con Chile eliminar los aranceles, en medio de protestas de los agricultores contra el tratado."
    modes = {event.type: event.modality for event in coded(text).events}
    assert modes == {"AGREE": "planned", "PROTEST": "asserted"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "El presidente de Togo indultó el lunes a 40 opositores que habían sido detenidos por la Policía en marzo.",
            {"CONCEDE", "COERCE"},
        ),
        (
            "El ministro de Perú negó que el Gobierno conociera el plan, como había denunciado el portavoz opositor Juan Salas.",
            {"REJECT", "ACCUSE"},
        ),
        ("El Gobierno de Malí advirtió a la misión de la ONU que será expulsada si vuelve a publicar su informe.", {"THREATEN"}),
        ("El partido Alianza de Chile expulsó a tres concejales que pactaron con la derecha.", {"SANCTION"}),
    ],
)
def test_which_clauses_within_an_act_tell_of_another(text: str, wanted: set[str], coded: Coded) -> None:
    assert kinds(coded(text)) == wanted


def test_who_announces_behind_a_comma_does_so(coded: Coded) -> None:
    text = "El ministro de Chile, que viajó el lunes a la zona, anunció el envío de 120 carabineros."
    assert ("MOBILIZE", "planned") in {(event.type, event.modality) for event in coded(text).events}
