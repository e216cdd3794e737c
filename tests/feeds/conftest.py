"""What the tests of the feeders share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition
from teletipo.kafka_settings import consumer_options
from teletipo.settings import Settings

Sent = Callable[[Settings], list[Any]]


@pytest.fixture
def sent() -> Sent:
    """All messages that are in news.raw now: read up to the ends of its partitions, however long that takes."""

    def read_all(settings: Settings) -> list[Any]:
        topic = f"{settings.topic_prefix}news.raw"
        consumer = KafkaConsumer(group_id=None, **(consumer_options(settings) | {"auto_offset_reset": "earliest"}))
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        assert partitions
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        ends = consumer.end_offsets(partitions)
        found: list[Any] = []
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            found += [message for batch in consumer.poll(timeout_ms=1000).values() for message in batch]
        consumer.close()
        return sorted(found, key=lambda message: (message.key, message.offset))

    return read_all
