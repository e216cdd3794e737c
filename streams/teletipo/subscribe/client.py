"""Typed iterators over what Teletipo publishes, for programs that consume it.

from teletipo.subscribe import events

for change in events(group="desk", countries=["RUS"], min_confidence=0.6):
    print("gone" if change.gone else "stands", change.record.id)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata
from pydantic import TypeAdapter, ValidationError

from teletipo.broker.clients import open_consumer, partitions_of
from teletipo.errors import InvalidRecord, MissingTopics
from teletipo.records import Article, Event
from teletipo.settings import Settings, load_settings
from teletipo.subscribe.delivered import Delivered
from teletipo.subscribe.filters import Filter

Record = TypeVar("Record", Article, Event)


@dataclass(slots=True, frozen=True)
class Change(Generic[Record]):
    """One record for the subscriber. `gone`: forget it, it was retracted or no longer matches the filter.

    Apply it as an upsert on `record.id` if `record.revision` is higher than the stored one, or a deletion if `gone`.
    """

    record: Record
    gone: bool
    partition: int
    offset: int
    key: str


def follow(consumer: KafkaConsumer, topic: str, start: datetime | str | None) -> None:
    """Read all partitions of a topic from its end (None), its `beginning`, or what was appended at a time or later."""
    partitions = partitions_of(consumer, topic)
    consumer.assign(partitions)
    if start == "beginning":
        consumer.seek_to_beginning(*partitions)
    elif isinstance(start, datetime):
        found = consumer.offsets_for_times({p: int(start.timestamp() * 1000) for p in partitions})
        for partition, place in found.items():
            if place is None:
                consumer.seek_to_end(partition)
            else:
                consumer.seek(partition, place.offset)
    else:
        consumer.seek_to_end(*partitions)
    # The position is fixed now, not at the first poll: what is published from here on will be seen.
    for partition in partitions:
        consumer.position(partition)


class Subscription(Generic[Record]):
    """An endless iterator over the changes of one topic; a context manager that closes the consumer.

    With a `group` the position is kept in Kafka: committed after each change has been worked on (when the next is asked
    for), or by `commit()` if `auto_commit` is off. Without a group it begins at the end, or where `start` says.
    """

    def __init__(
        self,
        topic: str,
        record_type: type[Record],
        wanted: Filter,
        *,
        settings: Settings | None = None,
        group: str | None = None,
        start: datetime | str | None = None,
        auto_commit: bool = True,
        delivered: Path | None = None,
        idle_seconds: float | None = None,
    ) -> None:
        self._settings = settings or load_settings()
        self._adapter: TypeAdapter[Any] = TypeAdapter(record_type)
        self._wanted = wanted
        self._auto_commit = auto_commit and group is not None
        self._delivered = Delivered(delivered)
        self._position: dict[TopicPartition, int] = {}
        topic = self._settings.topic_prefix + topic
        options: dict[str, Any] = {"auto_offset_reset": "latest" if start is None and group is None else "earliest"}
        if idle_seconds is not None:
            options["consumer_timeout_ms"] = int(idle_seconds * 1000)
        self._consumer = open_consumer(self._settings, group_id=group, **options)
        try:
            if group is not None:
                partitions_of(self._consumer, topic)
                self._consumer.subscribe([topic])
            else:
                follow(self._consumer, topic, start)
        except MissingTopics:
            self.close()
            raise

    def __enter__(self) -> Subscription[Record]:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Change[Record]]:
        for message in self._consumer:
            change = self._change(message)
            place = TopicPartition(message.topic, message.partition)
            if change is not None:
                yield change
            self._position[place] = message.offset + 1
            if self._auto_commit:
                self.commit()

    def _change(self, message: Any) -> Change[Record] | None:
        if message.value is None:
            return None
        record = self._read(message)
        wanted = self._wanted.wants(record)
        known = record.id in self._delivered
        if not wanted and not known:
            return None
        gone = record.retracted or not wanted
        if gone:
            self._delivered.discard(record.id)
        else:
            self._delivered.add(record.id)
        return Change(record, gone, message.partition, message.offset, (message.key or b"").decode("utf-8", "replace"))

    def _read(self, message: Any) -> Record:
        try:
            record: Record = self._adapter.validate_json(message.value)
        except ValidationError as error:
            place = f"{message.topic}[{message.partition}]@{message.offset}"
            raise InvalidRecord(f"{place}: not a record of this release: {error.errors()[0]['msg']}") from None
        return record

    def commit(self) -> None:
        """Keep the position behind the last change that was worked on."""
        if self._position:
            self._consumer.commit({place: OffsetAndMetadata(offset, "", -1) for place, offset in self._position.items()})
            self._position = {}

    def close(self) -> None:
        """Leave the group and close the connections."""
        self._consumer.close()
        self._delivered.close()


def events(
    *,
    types: Iterable[str] = (),
    countries: Iterable[str] = (),
    actors: Iterable[str] = (),
    languages: Iterable[str] = (),
    min_confidence: float = 0.0,
    **options: Any,
) -> Subscription[Event]:
    """Subscribe to `news.events`; the filters are Filter's, the options Subscription's."""
    wanted = Filter(frozenset(types), frozenset(countries), tuple(actors), frozenset(languages), min_confidence)
    return Subscription("news.events", Event, wanted, **options)


def articles(
    *, countries: Iterable[str] = (), actors: Iterable[str] = (), languages: Iterable[str] = (), **options: Any
) -> Subscription[Article]:
    """Subscribe to `news.articles`; the filters are Filter's, the options Subscription's."""
    wanted = Filter(frozenset(), frozenset(countries), tuple(actors), frozenset(languages))
    return Subscription("news.articles", Article, wanted, **options)
