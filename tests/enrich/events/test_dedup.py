"""One act in two wordings is one event; two acts of a like kind are two."""

from __future__ import annotations

from datetime import datetime

import pytest
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.events.examples import reading_stages
from teletipo.enrich.model import Draft, Stage
from teletipo.records import Event, RawItem
from teletipo.settings import load_settings


@pytest.fixture(scope="module")
def stages() -> list[Stage]:
    settings = load_settings()
    return [Cleaner(settings), *reading_stages(settings)]


def assaults(stages: list[Stage], headline: str, body: str) -> list[Event]:
    item = RawItem(
        provider="test",
        item_id="1",
        published_at=datetime.fromisoformat("2024-08-03T15:00:00+00:00"),
        headline=headline,
        body=body,
        language="es",
    )
    draft = Draft(item=item, language="es")
    for stage in stages:
        stage([draft])
    return [event for event in draft.events if event.type == "ASSAULT"]


def test_the_target_of_the_headline_and_the_victims_of_the_lead_are_one_attack(stages: list[Stage]) -> None:
    (event,) = assaults(
        stages,
        "Al menos doce muertos en un bombardeo israelí contra una escuela en Gaza",
        "Al menos doce palestinos murieron este sábado en un ataque aéreo israelí contra una escuela que albergaba a desplazados, "
        "informó la Defensa Civil.",
    )
    assert event.also


def test_attacks_of_two_states_in_headline_and_lead_are_two(stages: list[Stage]) -> None:
    found = assaults(
        stages,
        "Israel bombardea una escuela en Gaza",
        "Rusia bombardeó un hospital en Ucrania.",
    )
    assert len(found) == 2
