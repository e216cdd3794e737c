"""Which of the inputs that Faust brings are the next ones of their partition. None is taken twice, none is passed over."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from aiokafka import TopicPartition

from teletipo.broker.topics import RAW
from teletipo.errors import Fenced
from teletipo.settings import Settings
from teletipo.worker.kafka import Names, reader
from teletipo.worker.owner import PartitionOwner
from teletipo.worker.plan import Raw

log = logging.getLogger(__name__)

SETTLE_SECONDS = 15.0
"""How long after a rebalance inputs may arrive out of step, because Faust had them in hand."""


async def in_sequence(settings: Settings, owner: PartitionOwner, raws: Iterable[Raw]) -> list[Raw]:
    """The inputs that come next, without those read already, up to the first that must wait for one before it.

    Raises Fenced where inputs stay out: this worker must begin again at the position.
    """
    expected = owner.seen
    fresh: list[Raw] = []
    for raw in raws:
        if raw.offset < expected:
            continue
        if raw.offset > expected and await _jumped(settings, owner, expected, raw.offset):
            break
        fresh.append(raw)
        expected = raw.offset + 1
    return fresh


async def _jumped(settings: Settings, owner: PartitionOwner, expected: int, offset: int) -> bool:
    """True if inputs from `expected` to `offset` exist and did not come: what follows must wait.

    Just after a rebalance Faust may still hand over what it had; later, going on would lose inputs.
    """
    first = await _first_from(settings, owner.partition, expected)
    if first is not None and first >= offset:
        log.error("partition %d: inputs %d to %d are gone from the topic", owner.partition, expected, offset - 1)
        return False
    if time.monotonic() - owner.opened_at < SETTLE_SECONDS:
        return True
    await owner.correct_group_offset()
    raise Fenced(f"partition {owner.partition}: input {offset} came, but {first} comes next; starting again from there")


async def _first_from(settings: Settings, partition: int, offset: int) -> int | None:
    """The offset of the first input at or after `offset` that the topic holds."""
    source = TopicPartition(Names(settings.topic_prefix).full(RAW), partition)
    async with reader(settings, source) as consumer:
        consumer.seek(source, offset)
        records = await consumer.getmany(source, timeout_ms=5000, max_records=1)
    return next((record.offset for batch in records.values() for record in batch), None)
