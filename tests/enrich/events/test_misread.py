"""English trees set right: what the parser took for a participle, an adjective, one party of two."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Acts = Callable[[str, str, str, tuple[str, ...], tuple[str, ...]], None]
Sides = tuple[str, ...]

CASES: dict[str, tuple[str, str, Sides, Sides]] = {
    "past before a reporting clause": (
        "Angolan police detained at least 20 people at a rally in Luanda on Saturday, the lawyers' union said.",
        "COERCE",
        ("AGO",),
        ("people",),
    ),
    "day between subject and verb": ("Norway on Friday lifted sanctions on Eritrea.", "RETREAT", ("NOR",), ("ERI",)),
    "first of two clauses": (
        "Tens of thousands marched through Madrid on Saturday, and a smaller group threw stones at officers.",
        "PROTEST",
        ("thousands",),
        (),
    ),
    "behind a participle": (
        "Militants linked to the Islamic State group attacked a village in Mozambique, local media reported.",
        "ASSAULT",
        ("Militants",),
        ("village",),
    ),
    "behind a conjunction": (
        "Crowds gathered in Male on Friday after the Supreme Court ordered the release of nine politicians.",
        "RETREAT",
        ("Supreme Court",),
        ("politicians",),
    ),
    "two verbs in a row": (
        "Two sailors abducted last week by pirates off Benin were freed on Tuesday.",
        "ASSAULT",
        ("pirates",),
        ("sailors",),
    ),
    "a particle far behind": (
        "Latvia handed a suspected Dutch drug boss over to Austria on Monday.",
        "COOPERATE",
        ("LVA", "AUT"),
        (),
    ),
    "two armed parties": (
        "The Malian army and Russian mercenaries killed 20 herders near Mopti on Monday.",
        "ASSAULT",
        ("MLI", "RUS"),
        ("herders",),
    ),
    "object between verb and particle": ("A court in Baku jailed the blogger for six years.", "SANCTION", ("AZE",), ("blogger",)),
    "word of the judgement itself": ("Japan lodged a protest with Fiji on Monday.", "ACCUSE", ("JPN",), ("FJI",)),
    "movement of a state": ("Israel struck a Hezbollah depot near Tyre on Monday.", "ASSAULT", ("ISR",), ("LBN",)),
    "next clause": (
        "Serbia warned that it would walk out of the talks, and nationalist lawmakers urged the army to act.",
        "THREATEN",
        ("SRB",),
        (),
    ),
    "whom a threat would hit": ("Al-Shabaab threatened to kill any elder who votes.", "THREATEN", ("SOM",), ("elder",)),
    "the dead of a clash": (
        "Students clashed with police in Conakry on Monday, leaving two people dead.",
        "ASSAULT",
        ("Students", "police"),
        (),
    ),
}


@pytest.mark.parametrize(("text", "kind", "actors", "recipients"), CASES.values(), ids=list(CASES))
def test_sides(acts: Acts, text: str, kind: str, actors: Sides, recipients: Sides) -> None:
    acts("en", text, kind, actors, recipients)


def test_a_participle_in_a_headline_stays_one(acts: Acts) -> None:
    acts("en", "Three lawyers arrested in Minsk", "COERCE", (), ("lawyers",))


def test_who_is_accused_and_flees_is_accused(acts: Acts) -> None:
    acts(
        "en",
        "A mayor accused of bribery by prosecutors in Lima fled to Chile, the newspaper said.",
        "ACCUSE",
        ("PER",),
        ("mayor",),
    )
