"""What a subscriber's filter lets pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from teletipo.records import Event, Participant, Place, Span
from teletipo.subscribe import Filter


def event(**more: Any) -> Event:
    base = Event(
        id="e1", revision=1, article_id="efe:1", article_version=1, provider="efe", language="es", published_at=None, url=None,
        type="SUPPORT", mode=None, contexts=[], cameo="057", quad_class=1, goldstein=8.0, modality="asserted",
        actors=[Participant(0, 5, "Putin", "Vladimir Putin", None, "RUS", "GOV")],
        recipients=[], claimed_by=None, date=None, place=Place("Pyongyang", "PRK", None, None, None, 0, 0),
        sentence=Span(0, 0, ""), trigger=Span(0, 0, ""), confidence=0.7, coder="t",
    )  # fmt: skip
    return replace(base, **more)


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (Filter(), True),
        (Filter(types=frozenset({"SUPPORT"})), True),
        (Filter(types=frozenset({"ASSAULT"})), False),
        (Filter(countries=frozenset({"RUS"})), True),
        (Filter(countries=frozenset({"PRK"})), True),
        (Filter(countries=frozenset({"USA"})), False),
        (Filter(actors=("putin",)), True),
        (Filter(actors=("Kim",)), False),
        (Filter(min_confidence=0.8), False),
        (Filter(languages=frozenset({"en"})), False),
    ],
)
def test_conditions(wanted: Filter, passes: bool) -> None:
    assert wanted.wants(event()) is passes


def test_a_retraction_passes_every_filter() -> None:
    gone = event(retracted=True, retraction="killed")
    assert Filter(types=frozenset({"ASSAULT"}), min_confidence=1.0, languages=frozenset({"en"})).wants(gone)
