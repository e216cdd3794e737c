"""Spanish verb forms that the tagger takes for others."""

from __future__ import annotations

from collections.abc import Callable

from teletipo.enrich.events.spanish_forms import is_imperfect
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]


def test_an_imperfect_is_told_by_its_infinitive() -> None:
    assert is_imperfect("protestaban", "protestar")
    assert is_imperfect("exigían", "exigir")
    assert not is_imperfect("graban", "grabar")
    assert not is_imperfect("envía", "enviar")


def test_who_was_set_free_in_the_passive(coded: Coded) -> None:
    draft = coded("Los tres activistas fueron puestos en libertad bajo fianza en Managua.")
    event = next(e for e in draft.events if e.type == "RETREAT")
    assert event.mode == "release"
    assert [person.text for person in event.recipients] == ["activistas"]
    assert event.place is not None
    assert event.place.name == "Managua"
