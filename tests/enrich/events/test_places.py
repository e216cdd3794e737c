"""Where it happened: nested places, several words that say where, sites without a name, the scene that goes on, no place at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]

CASES: dict[str, tuple[str, str, str, str | None]] = {
    "a town that is no known name": ("en", "Settlers burned a Bedouin school near Jericho on Monday.", "ASSAULT", "Jericho"),
    "where it is said is not where it was done": (
        "en",
        "Nicaragua's police have banned processions, Bishop Mateo Arce said from exile in Costa Rica.",
        "COERCE",
        None,
    ),
    "several words": ("es", "La policía detuvo el lunes a tres mineros a la altura de Oruro.", "COERCE", "Oruro"),
    "building and its city": (
        "es",
        "Encapuchados golpearon a un juez a la salida del juzgado de Cobán.",
        "ASSAULT",
        "juzgado de Cobán",
    ),
    "a border": ("es", "Letonia desplegó 900 soldados en la frontera con Rusia.", "MOBILIZE", "frontera con Rusia"),
    "where the victims were": (
        "es",
        "La policía dispersó con gases lacrimógenos a los jubilados que se manifestaban ante el Ministerio, en Lima.",
        "ASSAULT",
        "Lima",
    ),
    "the scene goes on": (
        "es",
        "Hombres armados atacaron el lunes un convoy en Kutum. Los asaltantes mataron a dos choferes.",
        "ASSAULT",
        "Kutum",
    ),
    "pointing back": (
        "es",
        "Una bomba mató el lunes a seis policías en Bannu. El Ejército desplegó tropas en la zona.",
        "MOBILIZE",
        "Bannu",
    ),
    "spoken from": ("es", "El exministro negó desde Miami haber robado fondos públicos.", "REJECT", "Miami"),
    "an organisation is no place": ("es", "Kenia pidió ayuda en la OTAN a los aliados.", "REQUEST", None),
    "brought there": ("es", "Panamá deportó el lunes a Nicaragua a dos sacerdotes.", "COERCE", None),
    "a border in English": ("en", "Lithuania sent two battalions to the Belarusian border.", "MOBILIZE", "Belarusian border"),
    "whose embassy it is": (
        "es",
        "Cientos de personas protestaron el lunes frente a la embajada de Venezuela en Montevideo.",
        "PROTEST",
        "Montevideo",
    ),
    "a region of a state": (
        "en",
        "Kenyan troops killed ten militants in Somalia's Lower Shabelle region on Monday.",
        "ASSAULT",
        "Lower Shabelle",
    ),
    "sides of a war": ("en", "The Vatican urged both sides in Nicaragua to resume dialogue.", "REQUEST", None),
}


@pytest.mark.parametrize("name", CASES)
def test_where(coded: Coded, name: str) -> None:
    language, body, kind, wanted = CASES[name]
    places = [event.place.name if event.place else None for event in coded(body, language).events if event.type == kind]
    assert places
    assert places[-1] == wanted


def test_whom_a_protest_is_in_front_of_is_its_place_too(coded) -> None:
    event = coded("Miles de jubilados se concentraron el jueves frente al Congreso de Argentina.").events[0]
    assert (event.type, event.place.name, event.place.country) == ("PROTEST", "Congreso de Argentina", "ARG")
