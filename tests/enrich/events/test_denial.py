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


def test_what_is_ruled_out_is_the_act_and_no_refusal(coded: Coded) -> None:
    text = "El Ejército de Colombia descartó que vaya a bombardear los campamentos de las disidencias en Guaviare."
    assert modalities(coded(text)) == [("ASSAULT", "denied")]


def test_a_guess_that_is_ruled_out_is_nothing(coded: Coded) -> None:
    assert coded("La presidenta del Congreso de Perú descartó que su partido vaya a blindarlo.").events == []


def test_to_rule_out_a_concession_is_a_refusal(coded: Coded) -> None:
    assert modalities(coded("El Kremlin descartó levantar el bloqueo de los puertos.")) == [("REJECT", "asserted")]


def test_who_denies_behind_the_sentence_only_says_so(coded: Coded) -> None:
    assert modalities(coded("Brasil no enviará tropas a Haití, desmintió ayer el portavoz.")) == [("MOBILIZE", "denied")]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("La central obrera de Perú convocó una huelga general contra el Gobierno.", "planned"),
        ("Una marcha convocada por la central obrera recorrió el centro de Lima.", "asserted"),
        ("La oposición de Perú organizó una marcha contra el Gobierno en Lima.", "asserted"),
    ],
)
def test_a_protest_that_is_called_for_is_still_to_come(text: str, modality: str, coded: Coded) -> None:
    assert modalities(coded(text)) == [("PROTEST", modality)]
