"""Whole articles with the events that a reader codes in them: the user's own, ten invented ones, and three without any event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from teletipo.enrich.model import Draft, Stage
from teletipo.records import Event, RawItem

Coded = Callable[..., Draft]
SEED = Path(__file__).parents[3] / "seeds" / "000_e08587906b7245c9.txt"


@dataclass(frozen=True)
class Want:
    """An expected event: sides by state or by a word of their text, day and place where the text says them."""

    type: str
    mode: str | None
    cameo: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...] = ()
    modality: str = "asserted"
    date: str | None = None
    place: str | None = None


def sides(names: tuple[str, ...], people: list) -> bool:
    return len(names) == len(people) and all(any(n == p.country or n in p.text or n in p.name for p in people) for n in names)


def meets(want: Want, event: Event) -> bool:
    return (
        (want.type, want.mode, want.cameo, want.modality) == (event.type, event.mode, event.cameo, event.modality)
        and sides(want.actors, event.actors)
        and (not want.recipients or sides(want.recipients, event.recipients))
        and (want.date is None or (event.date is not None and event.date["from"] == want.date))
        and (want.place is None or (event.place is not None and event.place.name == want.place))
    )


def test_the_users_article(coded: Coded) -> None:
    standfirst, headline, body = SEED.read_text("utf-8").split("\n", 2)
    events = coded(body, headline=headline, published="2024-06-19T15:00:00+00:00", subheadline=standfirst).events
    wanted = [
        Want("SUPPORT", None, "057", ("Putin", "Kim"), date="2024-06-19", place="Pyongyang"),
        Want("CONSULT", None, "040", ("Putin", "Kim"), date="2024-06-19", place="Pyongyang"),
        Want("CONSULT", "visit", "042", ("Putin",), ("PRK",)),
        Want("AGREE", None, "036", ("Kim",), ("RUS",), modality="planned"),
        Want("CONSULT", "visit", "042", ("Kim",), ("RUS",), date="2023-09-01"),
        Want("REJECT", "yield", "129", ("RUS",), date="2024-03-01"),
    ]
    for want in wanted:
        assert any(meets(want, event) for event in events), want
    assert len(events) == len(wanted)


ARTICLES = {
    "protest": (
        "Miles de estudiantes marcharon el martes en Santiago de Chile contra la reforma educativa. Llovía.",
        [Want("PROTEST", "demo", "1412", ("CHL",), date="2025-03-11", place="Santiago de Chile")],
    ),
    "coup": (
        "Un grupo de militares dio el lunes un golpe de Estado en Gabón. La capital amaneció en silencio.",
        [Want("COERCE", None, "170", ("GAB",), date="2025-03-10", place="Gabón")],
    ),
    "sanctions": (
        "Canadá impuso ayer sanciones a dos ministros de Nicaragua. Los bancos abrieron con normalidad.",
        [Want("SANCTION", "discontinue", "163", ("CAN",), ("NIC",), date="2025-03-11")],
    ),
    "ceasefire": (
        "El Gobierno de Colombia y la guerrilla del ELN acordaron el domingo un alto el fuego.",
        [Want("CONCEDE", None, "0871", ("COL", "ELN"), date="2025-03-09")],
    ),
    "prisoner exchange": (
        "Rusia y Ucrania intercambiaron el martes 90 prisioneros de guerra. Los autobuses cruzaron al alba.",
        [Want("RETREAT", "release", "0841", ("RUS", "UKR"), date="2025-03-11")],
    ),
    "trial": (
        "Un tribunal de Lima condenó el viernes al exministro Julio Carranza a doce años de prisión.",
        [Want("SANCTION", "convict", "116", ("tribunal",), ("Carranza",), date="2025-03-07")],
    ),
    "aid": (
        "Noruega envió ayuda humanitaria a Moldavia la semana pasada. El invierno ha sido duro.",
        [Want("AID", None, "073", ("NOR",), ("MDA",), date="2025-03-03")],
    ),
    "strike": (
        "Los maestros de Uruguay iniciaron el lunes una huelga de dos días. Las aulas quedaron vacías.",
        [Want("PROTEST", "strike", "143", ("URY",), date="2025-03-10")],
    ),
    "missile test": (
        "Corea del Norte lanzó el jueves un misil balístico hacia el mar de Japón.",
        [Want("MOBILIZE", "weapons", "150", ("PRK",), date="2025-03-06")],
    ),
    "expulsion of diplomats": (
        "Polonia expulsó el miércoles a tres diplomáticos rusos. Tienen cinco días para hacer las maletas.",
        [Want("SANCTION", "expel", "161", ("POL",), ("RUS",), date="2025-03-12")],
    ),
}


@pytest.mark.parametrize("topic", ARTICLES)
def test_articles_of_our_own(coded: Coded, topic: str) -> None:
    body, wanted = ARTICLES[topic]
    events = coded(body).events
    for want in wanted:
        assert any(meets(want, event) for event in events), [
            (e.type, e.mode, e.cameo, [p.text for p in e.actors], [p.text for p in e.recipients], e.date, e.place) for e in events
        ]
    assert len(events) == len(wanted)


@pytest.mark.parametrize(
    "body",
    [
        "El Racing derrotó por dos goles al Celta en la última jornada de la liga. El delantero fusiló al portero.",
        "La bolsa de Madrid cerró con una caída del uno por ciento. La guerra de precios castigó a las aerolíneas.",
        "Una tormenta azotó la costa de Galicia y derribó cientos de árboles. Los bomberos achicaron agua toda la noche.",
    ],
    ids=["sport", "market", "storm"],
)
def test_articles_without_an_event(coded: Coded, body: str) -> None:
    assert coded(body).events == []


def test_broken_sentences_are_skipped_and_counted(stages: list[Stage]) -> None:
    body = "Francia atacó a " + "Malí y a " * 400 + "Chad."
    draft = Draft(
        item=RawItem(provider="test", item_id="2", published_at=datetime(2025, 3, 12, tzinfo=UTC), body=body, language="es"),
        language="es",
    )
    for stage in stages:
        stage([draft])
    assert draft.events == []
    assert draft.skipped["events"] == "1 sentences over the budget"
