"""What the worker itself writes to `news.raw`: kills of items that another one names, and inputs on a wrong partition."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from teletipo.broker.topics import partition_of
from teletipo.kafka_settings import client_options
from teletipo.settings import Settings
from teletipo.worker.kafka import MAX_REQUEST, Names
from teletipo.worker.metrics import Metrics
from teletipo.worker.outgoing import Outgoing, derived_kill
from teletipo.worker.plan import Read, Step, rekeyed

log = logging.getLogger(__name__)


class Forwarder:
    """A producer outside every transaction; what it sends is acknowledged before the input that asks for it counts as done."""

    def __init__(self, settings: Settings, partitions: int, metrics: Metrics) -> None:
        self._names = Names(settings.topic_prefix)
        self._partitions = partitions
        self._metrics = metrics
        self._producer = AIOKafkaProducer(**client_options(settings), enable_idempotence=True, max_request_size=MAX_REQUEST)

    async def start(self) -> None:
        """Connect."""
        await self._producer.start()

    async def stop(self) -> None:
        """Disconnect; harmless if it never started."""
        await self._producer.stop()

    async def derived_kills(self, steps: Iterable[Step]) -> None:
        """Send the kills that these steps name on to the items to be killed."""
        derived = [derived_kill(item) for step in steps for item in step.forwards]
        if derived:
            await self._send(derived)
            self._metrics.forwarded.inc(len(derived))

    async def misplaced(self, reads: Iterable[Read]) -> None:
        """Send those that are under a wrong key or on a wrong partition on to the right one."""
        sent = [rekeyed(one) for one in reads if one.misplaced]
        if sent:
            await self._send(sent)
            self._metrics.rekeyed.inc(len(sent))
            log.info("sent %d misplaced inputs on to the partition of their key", len(sent))

    async def _send(self, records: Sequence[Outgoing]) -> None:
        futures: list[Awaitable[Any]] = []
        for record in records:
            assert record.key is not None
            partition = partition_of(record.key, self._partitions)
            topic = self._names.full(record.topic)
            futures.append(
                await self._producer.send(topic, record.value, record.key, partition=partition, headers=record.headers)
            )
        await asyncio.gather(*futures)
