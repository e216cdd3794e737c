"""Who did it to whom in English: people of two states, people named by their nation, what hides behind the words of a wire."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Acts = Callable[[str, str, str, tuple[str, ...], tuple[str, ...]], None]
Sides = tuple[str, ...]

CASES: dict[str, tuple[str, str, Sides, Sides]] = {
    "officials of two states": ("Kenyan and Ethiopian officials met in Rome on Monday.", "CONSULT", ("KEN", "ETH"), ()),
    "envoys from two states": ("Envoys from Serbia and Albania signed an accord on Friday.", "SUPPORT", ("SRB", "ALB"), ()),
    "numbered people of two states": (
        "Police in Lisbon arrested two Danish and three Polish sailors on Monday.",
        "COERCE",
        ("PRT",),
        ("DNK", "POL"),
    ),
    "people by their nation": ("Georgia freed three Armenians on Monday.", "RETREAT", ("GEO",), ("ARM",)),
    "criticism drawn": (
        "Norway's fisheries minister drew criticism from the Icelandic government on Friday.",
        "ACCUSE",
        ("ISL",),
        ("NOR",),
    ),
}


@pytest.mark.parametrize(("text", "kind", "actors", "recipients"), CASES.values(), ids=list(CASES))
def test_sides(acts: Acts, text: str, kind: str, actors: Sides, recipients: Sides) -> None:
    acts("en", text, kind, actors, recipients)


def test_people_of_one_state_are_one_side(acts: Acts) -> None:
    acts("en", "Young and poor Kenyan workers marched in Nairobi on Monday.", "PROTEST", ("KEN",), ())
