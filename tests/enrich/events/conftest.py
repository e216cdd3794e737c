"""What the tests of coded texts share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.events.examples import reading_stages
from teletipo.enrich.model import Draft, Stage
from teletipo.records import RawItem
from teletipo.settings import load_settings

Coded = Callable[..., Draft]


@pytest.fixture(scope="session")
def stages() -> list[Stage]:
    """All stages that lead to events, the cleaner first."""
    settings = load_settings()
    return [Cleaner(settings), *reading_stages(settings)]


@pytest.fixture(scope="session")
def coded(stages: list[Stage]) -> Coded:
    """Codes one text; what its events quote stands where they say."""

    def code(body: str, language: str = "es", published: str = "2025-03-12T15:00:00+00:00", **fields: Any) -> Draft:
        moment = datetime.fromisoformat(published)
        item = RawItem(provider="test", item_id="1", published_at=moment, body=body, language=language, **fields)
        draft = Draft(item=item, language=language)
        for stage in stages:
            stage([draft])
        for event in draft.events:
            for part in (event.trigger, event.sentence, *event.actors, *event.recipients):
                assert draft.text[part.start : part.end] == part.text
        return draft

    return code
