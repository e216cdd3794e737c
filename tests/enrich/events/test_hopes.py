"""What an article only hopes for, aims at, waits for, supposes or describes is no act; the same act told as done is one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]


def kinds(draft: Draft) -> set[str]:
    return {event.type for event in draft.events}


@pytest.mark.parametrize(
    ("thought", "told", "kind"),
    [
        (
            "El asedio sigue con la esperanza de que los rebeldes acusen a Siria de traición.",
            "Los rebeldes acusaron el martes a Siria de traición.",
            "ACCUSE",
        ),
        (
            "El objetivo de los rebeldes es liberar a los presos de Goma.",
            "Los rebeldes liberaron el martes a los presos de Goma.",
            "RETREAT",
        ),
        (
            "El bloqueo no acabará hasta que el presidente de Haití dimita.",
            "El presidente de Haití dimitió el martes.",
            "RETREAT",
        ),
        (
            "Supongamos que Irán bombardea la capital de Irak.",
            "Irán bombardeó el martes la capital de Irak.",
            "ASSAULT",
        ),
        (
            "Nadie duda de la capacidad de bombardear la capital de Irak.",
            "Irán bombardeó el martes la capital de Irak.",
            "ASSAULT",
        ),
        (
            "El banco central de Chad ha concentrado sus esfuerzos en la inflación.",
            "Cientos de vecinos se concentraron el martes ante el banco central de Chad.",
            "PROTEST",
        ),
        (
            "El Fondo reconoció que los gobiernos de Grecia tenían razón.",
            "El presidente de Chile reconoció el martes al Gobierno de Kosovo.",
            "SUPPORT",
        ),
        (
            "Las tropas desplegadas en Mali esperan el relevo.",
            "Francia desplegó el martes tropas en Mali.",
            "MOBILIZE",
        ),
    ],
)
def test_only_what_is_told_is_an_act(coded: Coded, thought: str, told: str, kind: str) -> None:
    assert kind in kinds(coded(told))
    assert kind not in kinds(coded(thought))


def test_an_act_whose_effects_stand_in_the_conditional_is_possible(coded: Coded) -> None:
    events = coded("Un ataque militar de Israel contra Irán marcaría el inicio de una guerra.").events
    assert all(event.modality == "hypothetical" for event in events if event.type == "ASSAULT")
