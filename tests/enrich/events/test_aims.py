"""What a protest is for or against is the last digit of its code; contents of acts that the parser hung elsewhere."""

from __future__ import annotations

import pytest
from teletipo import codebook
from teletipo.enrich.events import EventCoder
from teletipo.enrich.events.examples import reading_stages
from teletipo.enrich.model import Draft
from teletipo.records import Event, RawItem
from teletipo.settings import load_settings


@pytest.fixture(scope="module")
def stages() -> list:
    return reading_stages(load_settings())


def events(stages: list, body: str, language: str = "es") -> list[Event]:
    draft = Draft(item=RawItem(provider="t", item_id="1", body=body, language=language), language=language, text=body)
    for stage in stages:
        stage([draft])
    assert any(isinstance(stage, EventCoder) for stage in stages)
    return draft.events


@pytest.mark.parametrize(
    ("sentence", "cameo"),
    [
        ("Los pescadores marcharon en Valparaíso en demanda de la renuncia del ministro.", "1411"),
        ("Los camioneros bloquearon la carretera a Cúcuta contra el alza del peaje.", "1442"),
        ("Cientos de mujeres marcharon en Asunción por el derecho al aborto.", "1413"),
        ("Los estudiantes marcharon en Argel contra la nueva constitución.", "1414"),
        ("Los vecinos marcharon en Arica contra la violencia.", "141"),
        ("Los vecinos marcharon con velas hasta la plaza de Salta.", "141"),
    ],
)
def test_the_aim_of_a_protest_ends_its_code(stages: list, sentence: str, cameo: str) -> None:
    assert [e.cameo for e in events(stages, sentence) if e.type == "PROTEST"] == [cameo]


def test_an_aim_told_once_holds_for_the_same_people(stages: list) -> None:
    text = (
        "Los mineros de Oruro bloquearon la carretera en rechazo a la ley de tierras. "
        "El martes, los mineros marcharon hasta la sede del Gobierno."
    )
    assert {e.cameo for e in events(stages, text) if e.type == "PROTEST"} == {"1442", "1412"}


def test_an_answer_is_about_what_was_proposed(stages: list) -> None:
    text = "Armenia propuso a Azerbaiyán una ronda de negociaciones, pero Bakú la rechazó horas después."
    assert [(e.mode, e.cameo) for e in events(stages, text) if e.type == "REJECT"] == [("meet", "125")]


def test_two_states_in_a_third_meet_on_neutral_ground(stages: list) -> None:
    (event,) = events(stages, "Los cancilleres de Chad y Libia se reunieron el lunes en Túnez.")
    assert (event.mode, event.cameo) == ("third-party", "044")


@pytest.mark.parametrize(
    ("sentence", "cameo"),
    [
        ("Farmers blocked the highway near Lodz on Monday over grain imports.", "1442"),
        ("Thousands of nurses marched in Nairobi to demand the resignation of the health minister.", "1411"),
        ("Lawyers marched through Lahore to denounce the sacking of two judges.", "1412"),
    ],
)
def test_the_aim_of_an_english_protest_ends_its_code(stages: list, sentence: str, cameo: str) -> None:
    assert [e.cameo for e in events(stages, sentence, "en") if e.type == "PROTEST"] == [cameo]


def test_what_the_doer_is_says_how_it_was_done(stages: list) -> None:
    text = "Un atacante suicida se acercó el martes a la entrada de una mezquita de Peshawar llena de fieles, y mató a nueve personas."
    assert [(e.mode, e.cameo) for e in events(stages, text) if e.type == "ASSAULT"] == [("suicide-attack", "1831")]


def test_a_refusal_without_object_refuses_what_was_asked(stages: list) -> None:
    text = "Lebanon asked Cyprus for blankets and medicine on Monday; Nicosia declined."
    assert [(e.mode, e.cameo) for e in events(stages, text, "en") if e.type == "REJECT"] == [("assist", "1223")]


def test_a_code_brings_its_contexts(stages: list) -> None:
    (event,) = events(stages, "Chile llamó a consultas a su embajador en Managua.")
    assert event.cameo == "161"
    assert event.contexts[0] == "diplomatic"
    assert {name for code in codebook.cameo() for name in codebook.contexts_of(code)} <= codebook.contexts()
