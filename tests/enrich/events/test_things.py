"""Where a thing stands in the place of somebody, and words that are an act only where they are a verb."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "body",
    [
        "El producto interno bruto (PIB) creció un 2 % en el segundo trimestre.",
        "La última encuesta de población se publicó el lunes.",
        "El ministro envió un mensaje a los militares con motivo de las fiestas.",
        "La Comisión Europea y las autoridades de consumo enviaron este lunes una carta a Google en la que le piden ser más "
        "transparente en los términos de Google Store, la tienda de la empresa.",
        "El presidente mandó el lunes un mensaje en tono de burla a la Corte Penal Internacional.",
        "El presidente lamentó la muerte de la diputada Ana Pérez.",
        "El Gobierno prepara la apertura de centros de deportación fuera de la UE.",
        "Los gobiernos deben imponer sanciones a los países que contaminan.",
        "Conviene recordar que es preciso aplicar restricciones al gasto.",
    ],
)
def test_no_act(coded, body: str) -> None:
    assert coded(body).events == []


@pytest.mark.parametrize(
    "body",
    ["Governments must impose sanctions on the countries that pollute.", "Europe should support the government of Kenya."],
)
def test_the_advice_of_an_author_is_no_act(coded, body: str) -> None:
    assert coded(body, "en").events == []


def test_a_demand_that_somebody_makes_is_no_advice(coded) -> None:
    body = 'El presidente francés exigió el lunes que Rusia retire sus tropas: "Debe retirarlas ya", dijo.'
    assert [e.type for e in coded(body).events][:1] == ["REQUEST"]


def test_the_setting_of_an_act_is_no_act(coded) -> None:
    body = "Putin y Kim firmaron un acuerdo en Pyongyang en un contexto marcado por la ofensiva de Rusia en Ucrania."
    assert [e.type for e in coded(body).events] == ["SUPPORT"]


def test_a_treaty_is_no_party(coded) -> None:
    events = coded("Irlanda rechazó el martes el Tratado de Lisboa en un referéndum.").events
    assert [p.country for e in events for p in (*e.actors, *e.recipients)].count("PRT") == 0


def test_a_thing_in_the_place_of_a_side_is_seen(stages, coded) -> None:
    coder = next(stage for stage in stages if stage.name == "events")
    told = coder.trace(coded("La sequía derrocó el lunes al Gobierno de Perú."))
    seen = [c.features for c in told.coded if c.type == "COERCE"]
    assert seen
    assert all("thing_subject" in features for features in seen)
    told = coder.trace(coded("Los rebeldes derrocaron el lunes al Gobierno de Perú."))
    assert not any("thing_subject" in c.features or "thing_object" in c.features for c in told.coded)


def test_who_is_urged_is_no_actor_where_the_subject_is_dropped(acts) -> None:
    acts("es", "Por eso exhortaron al gobierno de Cuba a que respete los derechos de los presos.", "REQUEST", (), ("CUB",))


def test_an_opposition_is_a_party_unless_it_is_to_something(coded) -> None:
    told = coded("Grupos de la oposición boliviana bloquearon el martes las rutas de Cochabamba.")
    assert [e.type for e in told.events] == ["PROTEST"]
    assert [e.type for e in coded("Rusia expresó el martes su oposición a la ampliación de la OTAN.").events] == ["REJECT"]
