"""A page copied from the web: the paper's name, or the way to the page, is not the headline."""

from __future__ import annotations

import pytest
from teletipo.feeds.files import plain_text
from teletipo.feeds.mastheads import is_masthead

STORY = (
    "Cae un puente en Alba\nLa policía cerró el paso al amanecer y buscó a los conductores.\nNo hubo heridos, dijo el alcalde."
)


@pytest.mark.parametrize("first", ["Alba Noticias", "Diario de Alba", "Inicio > Política", "alba.example", "Sucesos\nAlba News"])
def test_what_stands_above_the_headline_is_left_out(first: str) -> None:
    item = plain_text(f"{first}\n{STORY}".encode(), "1", False)
    assert item is not None
    assert item.headline == "Cae un puente en Alba"
    assert item.body is not None
    assert item.body.startswith("La policía cerró")


@pytest.mark.parametrize(
    "headline",
    [
        "Cae un puente en Alba",
        "Rain Hits Alba",
        "Times are hard in Alba",
        "Muere Pelé",
        "Noticias falsas sobre la vacuna",
        "Elecciones 2026",
    ],
)
def test_headlines_are_no_mastheads(headline: str) -> None:
    assert not is_masthead(headline)
