"""The sentence of an event is what a reader takes for it, quotes and all."""

from __future__ import annotations

import pytest
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.events.examples import reading_stages
from teletipo.enrich.model import Draft
from teletipo.records import RawItem
from teletipo.settings import load_settings


def sentences(body: str) -> set[str]:
    """The sentences of all events coded in a body."""
    settings = load_settings()
    draft = Draft(item=RawItem(provider="test", item_id="1", body=body, language="es"), language="es")
    for stage in (Cleaner(settings), *reading_stages(settings)):
        stage([draft])
    return {event.sentence.text for event in draft.events}


@pytest.mark.parametrize(("opening", "closing"), [('"', '"'), ("«", "»"), ("“", "”")])
def test_a_quote_that_opens_the_next_sentence_stays_with_it(opening: str, closing: str) -> None:
    first = "La policía detuvo en Arequipa a tres personas por los saqueos."
    body = f"{first} {opening}No habrá perdón{closing}, dijo el ministro. El juez las encarceló."
    assert first in sentences(body)


def test_a_quote_that_closes_a_sentence_stays_with_it() -> None:
    body = 'El ministro dijo: "La policía detuvo a tres personas en Arequipa." El juez las encarceló el lunes.'
    assert 'El ministro dijo: "La policía detuvo a tres personas en Arequipa."' in sentences(body)
