"""What the tests of coded texts share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.events.examples import reading_stages
from teletipo.enrich.model import Draft, Stage
from teletipo.records import Participant, RawItem
from teletipo.settings import load_settings

Coded = Callable[..., Draft]
Acts = Callable[[str, str, str, tuple[str, ...], tuple[str, ...]], None]


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


@pytest.fixture(scope="session")
def acts(coded: Coded) -> Acts:
    """Asserts that a text has an act of a type with exactly these sides, each told by its state or a part of its name."""

    def named(wanted: tuple[str, ...], people: list[Participant]) -> bool:
        found = [any(w == p.country or w in p.name or w in p.text for p in people) for w in wanted]
        return len(wanted) == len(people) and all(found)

    def check(language: str, body: str, kind: str, actors: tuple[str, ...], recipients: tuple[str, ...]) -> None:
        events = coded(body, language).events
        assert any(e.type == kind and named(actors, e.actors) and named(recipients, e.recipients) for e in events), [
            (e.type, [(p.text, p.country) for p in e.actors], [(p.text, p.country) for p in e.recipients]) for e in events
        ]

    return check
