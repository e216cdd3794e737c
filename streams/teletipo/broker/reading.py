"""Reading what a topic holds now, once, for commands: committed records only, up to the end as it was at the start."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from teletipo.broker.clients import open_consumer
from teletipo.broker.topics import check, partition_of
from teletipo.settings import Settings


def read_topic(settings: Settings, topic: str, key: str | None = None, since: datetime | None = None) -> Iterator[Any]:
    """kafka-python's records of a topic in the order of each partition; of one item key, or from a time on.

    Raises MissingTopics or BrokerUnavailable.
    """
    partitions = check(settings)[topic].partitions
    wanted = range(partitions) if key is None else [partition_of(key.encode(), partitions)]
    sources = [TopicPartition(settings.topic_prefix + topic, number) for number in wanted]
    with contextlib.closing(open_consumer(settings, group_id=None, auto_offset_reset="earliest")) as consumer:
        consumer.assign(sources)
        ends = consumer.end_offsets(sources)
        consumer.seek_to_beginning(*sources)
        if since is not None:
            _seek_to_time(consumer, sources, since, ends)
        # A transaction's marker takes an offset too: the end is a position, not a record.
        while any(consumer.position(source) < ends[source] for source in sources):
            for messages in consumer.poll(timeout_ms=500).values():
                for message in messages:
                    if key is None or message.key == key.encode():
                        yield message


def _seek_to_time(consumer: KafkaConsumer, sources: list[TopicPartition], since: datetime, ends: dict[Any, int]) -> None:
    found = consumer.offsets_for_times(dict.fromkeys(sources, int(since.timestamp() * 1000)))
    for source in sources:
        consumer.seek(source, found[source].offset if found.get(source) else ends[source])
