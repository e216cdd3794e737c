"""Two verbs with one object between them: whom the second one names, the first one means too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Acts = Callable[[str, str, str, tuple[str, ...], tuple[str, ...]], None]


@pytest.mark.parametrize(
    ("language", "body", "kind", "actors", "recipients"),
    [
        ("es", "El Ejército de Chad secuestró y deportó a dos opositores.", "ASSAULT", ("TCD",), ("opositores",)),
        ("es", "Los campesinos de Perú ocuparon y bloquearon la planta de la petrolera.", "PROTEST", ("PER",), ("petrolera",)),
        ("es", "El presidente de Chile llegó y saludó a los mineros.", "SUPPORT", ("CHL",), ("mineros",)),
        ("en", "Ugandan police abducted and deported three dockers.", "ASSAULT", ("UGA",), ("dockers",)),
    ],
)
def test_the_object_of_the_second_verb(
    language: str, body: str, kind: str, actors: tuple[str, ...], recipients: tuple[str, ...], acts: Acts
) -> None:
    acts(language, body, kind, actors, recipients)
