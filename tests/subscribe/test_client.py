"""Subscribing to a real Kafka: filters, what is gone, positions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from kafka import KafkaProducer
from teletipo.errors import MissingTopics
from teletipo.feeds.sender import Sender
from teletipo.kafka_settings import producer_options
from teletipo.records import Event, Participant, Span, dumps
from teletipo.settings import Settings
from teletipo.subscribe import Filter, Subscription, events

BASE = Event(
    id="e1", revision=1, article_id="efe:1", article_version=1, provider="efe", language="es", published_at=None, url=None,
    type="SUPPORT", mode=None, contexts=[], cameo="057", quad_class=1, goldstein=8.0, modality="asserted",
    actors=[Participant(0, 5, "Putin", "Vladimir Putin", None, "RUS", "GOV")], recipients=[], claimed_by=None, date=None,
    place=None, sentence=Span(0, 0, ""), trigger=Span(0, 0, ""), confidence=0.9, coder="t",
)  # fmt: skip


def publish(settings: Settings, *records: Event) -> None:
    producer = KafkaProducer(**producer_options(settings))
    for record in records:
        producer.send(f"{settings.topic_prefix}news.events", key=record.id.encode(), value=dumps(record), partition=0)
    producer.flush()
    producer.close()


def test_an_event_that_no_longer_matches_is_delivered_once_more_as_gone(settings: Callable[..., Settings]) -> None:
    mine = settings()
    publish(
        mine,
        BASE,
        replace(BASE, id="e2", type="ASSAULT"),
        replace(BASE, revision=2, type="ASSAULT", cameo="190"),
        replace(BASE, revision=3, type="ASSAULT", cameo="193"),
        replace(BASE, id="e3", retracted=True, retraction="killed"),
    )
    with events(types=["SUPPORT"], settings=mine, start="beginning", idle_seconds=2) as subscription:
        changes = [(change.record.id, change.record.revision, change.gone) for change in subscription]
    assert changes == [("e1", 1, False), ("e1", 2, True), ("e3", 1, True)]


def test_records_come_back_as_they_were_sent(settings: Callable[..., Settings]) -> None:
    mine = settings()
    dated = replace(
        BASE, date={"from": "2024-06-19", "to": "2024-06-19", "text": "ayer", "start": 0, "end": 4, "resolution": "day"}
    )
    publish(mine, dated)
    with events(settings=mine, start="beginning", idle_seconds=2) as subscription:
        assert [change.record for change in subscription] == [dated]


def test_a_group_goes_on_behind_what_was_worked_on(settings: Callable[..., Settings], tmp_path: Path) -> None:
    mine = settings()
    publish(mine, *(replace(BASE, id=f"e{n}") for n in range(4)))

    def taken(most: int) -> list[str]:
        found: list[str] = []
        options = {"settings": mine, "group": "mesa", "idle_seconds": 4, "delivered": tmp_path / "delivered.sqlite"}
        with Subscription("news.events", Event, Filter(), **options) as subscription:
            for change in subscription:
                found.append(change.record.id)
                if len(found) == most:
                    break
        return found

    # The last change of the first run was not worked on to its end (the loop was left), so it comes again.
    assert taken(2) == ["e0", "e1"]
    assert taken(9) == ["e1", "e2", "e3"]


def test_a_topic_that_is_not_there_is_one_line(settings: Callable[..., Settings]) -> None:
    absent = settings().model_copy(update={"topic_prefix": "absent."})
    with pytest.raises(MissingTopics, match=r"no topic absent\.news\.events; type `teletipo topics create`"):
        events(settings=absent, start="beginning")
    with pytest.raises(MissingTopics, match=r"no topic absent\.news\.events; type `teletipo topics create`"):
        events(settings=absent, group="desk")
    with pytest.raises(MissingTopics, match=r"no topic absent\.news\.raw; type `teletipo topics create`"):
        Sender(absent)
