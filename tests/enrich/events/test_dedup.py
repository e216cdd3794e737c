"""One act in two wordings is one event; two acts of a like kind are two."""

from __future__ import annotations

from collections.abc import Callable

from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]


def test_the_target_of_the_headline_and_the_victims_of_the_lead_are_one_attack(coded: Coded) -> None:
    events = coded(
        "Al menos doce palestinos murieron este sábado en un ataque aéreo israelí contra una escuela que albergaba a desplazados, "
        "informó la Defensa Civil.",
        headline="Al menos doce muertos en un bombardeo israelí contra una escuela en Gaza",
        published="2024-08-03T15:00:00+00:00",
    ).events
    (attack,) = [event for event in events if event.type == "ASSAULT"]
    assert attack.also


def test_attacks_of_two_states_in_headline_and_lead_are_two(coded: Coded) -> None:
    events = coded("Rusia bombardeó un hospital en Ucrania.", headline="Israel bombardea una escuela en Gaza").events
    assert [event.type for event in events] == ["ASSAULT", "ASSAULT"]
