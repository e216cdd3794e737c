"""Who did it to whom where the words beside the verb do not say it: pronouns, pairs, answers, relative clauses, broken order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]
Acts = Callable[[str, str, str, tuple[str, ...], tuple[str, ...]], None]
Sides = tuple[str, ...]


CASES: dict[str, tuple[str, str, str, Sides, Sides]] = {
    "pair of states": (
        "es",
        "Perú y Chile negociaron el lunes en Tacna. Ambos países firmaron un acuerdo sobre el río.",
        "SUPPORT",
        ("PER", "CHL"),
        (),
    ),
    "pair asked by a third": (
        "es",
        "Armenia y Georgia firmaron el lunes un convenio. La ONU pidió a las dos partes que lo publiquen.",
        "REQUEST",
        ("ONU",),
        ("ARM", "GEO"),
    ),
    "whose minister is who": (
        "es",
        "Los ministros de Exteriores de Perú y Chile, Julio Carranza y Ana Ríos, se reunieron el lunes en Tacna.",
        "CONSULT",
        ("PER", "CHL"),
        (),
    ),
    "object pronoun": (
        "es",
        "Francia recibió el lunes al presidente de Ghana, John Addo. El Gobierno francés le pidió que retire sus tropas de Togo.",
        "REQUEST",
        ("FRA",),
        ("GHA",),
    ),
    "answer to whoever acted": (
        "es",
        "Turquía prohibió el lunes la entrada de camiones griegos. Grecia condenó la decisión.",
        "ACCUSE",
        ("GRC",),
        ("TUR",),
    ),
    "relative clause with a preposition": (
        "es",
        "Los seis pescadores filipinos, a los que China había detenido en mayo, volvieron a casa.",
        "COERCE",
        ("CHN",),
        ("PHL",),
    ),
    "perfect in a relative clause": (
        "es",
        "Polonia, que el lunes había expulsado a dos diplomáticos rusos, cerró el asunto.",
        "SANCTION",
        ("POL",),
        ("RUS",),
    ),
    "perpetrators of an attack": (
        "es",
        "Tres soldados murieron el lunes en Malí en un ataque perpetrado por yihadistas de Al Qaeda.",
        "ASSAULT",
        ("Qaeda",),
        ("soldados",),
    ),
    "subject behind its verb": (
        "es",
        "Suspendieron los médicos de Uruguay el paro que mantenían desde mayo.",
        "CONCEDE",
        ("URY",),
        (),
    ),
    "thing of whoever was raided": (
        "en",
        "Police raided the offices of Amnesty International in Ankara on Monday and confiscated its servers.",
        "COERCE",
        ("Police",),
        ("Amnesty",),
    ),
    "past that looks like a participle": (
        "en",
        "Ugandan police detained thirty students in Kampala on Monday.",
        "COERCE",
        ("UGA",),
        ("students",),
    ),
    "progressive is no passive": (
        "en",
        "Honduran prosecutors are investigating former mayor Luis Zapata over bribes.",
        "ACCUSE",
        ("HND",),
        ("Zapata",),
    ),
    "the two sides": (
        "en",
        "Serbia and Croatia held talks in Vienna on Monday. Both countries signed a border agreement.",
        "SUPPORT",
        ("SRB", "HRV"),
        (),
    ),
    "possessor of what is condemned": (
        "en",
        "Norway condemned Hungary's decision to close the border.",
        "ACCUSE",
        ("NOR",),
        ("HUN",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sides(acts: Acts, name: str) -> None:
    acts(*CASES[name])


def test_an_unnamed_state_is_that_of_the_dateline(coded: Coded) -> None:
    body = "El Gobierno decretó ayer el estado de excepción tras las protestas contra Francia."
    events = coded(body, dateline="Dakar").events
    assert [[p.country for p in e.actors] for e in events if e.type == "COERCE"] == [["SEN"]]
