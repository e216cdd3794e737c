"""How the worker's own Kafka clients and Faust's connect, and by which names."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from teletipo.kafka_settings import client_options
from teletipo.settings import Settings

MAX_REQUEST = 17 * 2**20
"""Bytes of the largest request: a dead letter of the largest input has room for its headers."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names in Kafka that the prefix changes."""

    prefix: str

    @property
    def group(self) -> str:
        """The consumer group of all workers of this prefix."""
        return f"{self.prefix}teletipo"

    def full(self, topic: str) -> str:
        """The real name of a topic."""
        return self.prefix + topic


@contextlib.asynccontextmanager
async def reader(settings: Settings, source: TopicPartition) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer outside every group that reads one partition, committed records only, without waiting to fill a fetch."""
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        group_id=None,
        enable_auto_commit=False,
        isolation_level="read_committed",
        fetch_max_wait_ms=20,
        # Kafka sends a larger record whole all the same; a worker has one such buffer for each partition that it opens.
        max_partition_fetch_bytes=2**20,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        consumer.assign([source])
        yield consumer
    finally:
        await consumer.stop()
