"""What is said not to have happened, and what only looks like a denial."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]


def modalities(draft: Draft) -> list[tuple[str, str]]:
    return [(event.type, event.modality) for event in draft.events]


@pytest.mark.parametrize("opening", ["Sin embargo", "No obstante", "Sin duda"])
def test_a_phrase_that_begins_with_a_negation_denies_nothing(opening: str, coded: Coded) -> None:
    text = f"{opening}, Perú expulsó a tres diplomáticos venezolanos."
    assert modalities(coded(text)) == [("SANCTION", "asserted")]


def test_such_a_phrase_within_the_clause_denies_nothing(coded: Coded) -> None:
    text = "El ministro de Minas de Ecuador, sin embargo, canceló la reunión con los mineros."
    assert modalities(coded(text)) == [("REJECT", "asserted")]


def test_a_true_negation_denies(coded: Coded) -> None:
    assert modalities(coded("Perú no expulsó a los diplomáticos venezolanos.")) == [("SANCTION", "denied")]
