"""How the worker's own Kafka clients and Faust's connect, and by which names."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from teletipo.broker import bootstrap_servers
from teletipo.kafka_settings import sasl_credentials, ssl_context
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


def aiokafka_options(settings: Settings) -> dict[str, Any]:
    """Connection and security options of an aiokafka client. Raises BrokerUnavailable, SettingsError."""
    protocol = settings.kafka_security_protocol
    options: dict[str, Any] = {
        "bootstrap_servers": [address.strip() for address in bootstrap_servers(settings).split(",")],
        "security_protocol": protocol,
    }
    if protocol.endswith("SSL"):
        options["ssl_context"] = ssl_context(settings)
    if protocol.startswith("SASL"):
        username, password = sasl_credentials(settings)
        options |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": username,
            "sasl_plain_password": password,
        }
    return options


@contextlib.asynccontextmanager
async def reader(settings: Settings, source: TopicPartition) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer outside every group that reads one partition, committed records only, without waiting to fill a fetch."""
    consumer = AIOKafkaConsumer(
        **aiokafka_options(settings),
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
