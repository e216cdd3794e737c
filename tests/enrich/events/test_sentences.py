"""The sentence of an event is what a reader takes for it, quotes and all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]


@pytest.mark.parametrize(("opening", "closing"), [('"', '"'), ("«", "»"), ("“", "”")])
def test_a_quote_that_opens_the_next_sentence_stays_with_it(opening: str, closing: str, coded: Coded) -> None:
    first = "La policía detuvo en Arequipa a tres personas por los saqueos."
    body = f"{first} {opening}No habrá perdón{closing}, dijo el ministro. El juez las encarceló."
    assert first in {event.sentence.text for event in coded(body).events}


def test_a_quote_that_closes_a_sentence_stays_with_it(coded: Coded) -> None:
    first = 'El ministro dijo: "La policía detuvo a tres personas en Arequipa."'
    assert first in {event.sentence.text for event in coded(f"{first} El juez las encarceló.").events}
