"""One input partition and the only worker that may write for it: position, state, transactions.

Whoever opens a partition fences every earlier owner by its transactional id, then reads the state to its end. What a batch
publishes, what is remembered of it, and the position are one Kafka transaction (stack: exactly once by our own transactions).
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError, TopicAuthorizationFailedError

from teletipo.broker.topics import DEADLETTER, HELD, RAW, STATE
from teletipo.errors import Fenced, MissingTopics, TooLarge
from teletipo.kafka_settings import client_options
from teletipo.lifecycle import KeyState, Upsert, state_from_bytes
from teletipo.records import RawItem, loads, parse_raw
from teletipo.records.codec import dumps
from teletipo.settings import Settings
from teletipo.worker.kafka import MAX_REQUEST, Names, reader
from teletipo.worker.outgoing import POSITION_KEY, Outgoing, position_in, position_record
from teletipo.worker.plan import Context, Read, Records, Step, records_of
from teletipo.worker.store import Store
from teletipo.worker.units import Failure, Result

log = logging.getLogger(__name__)

TRANSACTION_MS = 10_000
QUIET_SECONDS = 60.0
Ahead = tuple[str, int, int]
"""A key with the position and revision of its state: what was enriched ahead counts only while both are the same."""
REFUSED = (MessageSizeTooLargeError, TopicAuthorizationFailedError)
"""What Kafka will answer to this record whenever it is sent: its input becomes a dead letter."""


class Refused(Exception):
    """Kafka refuses a record for ever; the transaction was aborted."""

    def __init__(self, record: Outgoing, reason: str) -> None:
        super().__init__(f"{record.topic}: {reason}")
        self.record = record
        self.reason = reason


@dataclass(slots=True)
class Delivered:
    """What one transaction, or the last of several attempts, brought out."""

    steps: list[tuple[Step, Records]] = field(default_factory=list)
    dead_letters: int = 0


class PartitionOwner:
    """The owner of one partition of `news.raw`, from its assignment to this worker until it is revoked."""

    def __init__(self, settings: Settings, names: Names, partition: int, store: Store, limits: dict[str, int]) -> None:
        self.partition = partition
        self.position = 0
        """The next input offset that was not delivered yet."""
        self.seen = 0
        """The next input offset that was not read yet; what is between waits or is being enriched."""
        self.waiting: deque[Read] = deque()
        """Inputs that were read and not planned yet; kills overtake what waits here."""
        self.backlog_end = 0
        """End of the input when the partition was opened; embargoes are released when all before it has been read."""
        self.opened_at = 0.0
        self.ahead: dict[Ahead, tuple[Upsert, asyncio.Future[Result]]] = {}
        """Held versions that are enriched shortly before their time, so that they leave at it."""
        self.late_kills: dict[str, float] = {}
        """Keys with a kill that waits for the end of a work under way, and when the kill was read."""
        self.pending: Counter[str] = Counter()
        """Keys of the works under way, with the number of works that have them."""
        self.closed = False
        self._settings = settings
        self._names = names
        self._store = store
        self._limits = limits
        self._due: list[tuple[datetime, str, int]] = []
        self._embargoed: dict[str, dict[int, datetime]] = {}
        """When each held version of a key is due; entries of `_due` that say otherwise are of a kill, a release or a move."""
        self._lock = asyncio.Lock()
        self._producer: AIOKafkaProducer | None = None

    # opening and closing

    async def open(self, committed: Callable[[int], Awaitable[int | None]]) -> None:
        """Fence earlier owners, read the state to its end, and find the position.

        The position record counts; the group's offset (`committed`) only where a partition has none yet.
        """
        await self._fence()
        source = TopicPartition(self._names.full(RAW), self.partition)
        async with reader(self._settings, source) as consumer:
            earliest = (await consumer.beginning_offsets([source]))[source]
            self.backlog_end = (await consumer.end_offsets([source]))[source]
            for topic in (STATE, HELD):
                await self._catch_up(consumer, topic)
        known = position_in(self._store.get(STATE, self.partition, POSITION_KEY))
        if known is not None and known > self.backlog_end:
            raise MissingTopics(
                f"{source.topic} ends at {self.backlog_end} in partition {self.partition}, but {known} inputs were delivered: it "
                f"was made again; delete {self._names.full(STATE)} and {self._names.full(HELD)} too, or use another prefix"
            )
        start = known if known is not None else await committed(self.partition) or earliest
        if start < earliest:
            log.error("partition %d: retention deleted inputs %d to %d unread", self.partition, start, earliest - 1)
        self.position = self.seen = max(start, earliest)
        self._find_due()
        self.opened_at = time.monotonic()

    async def _fence(self) -> None:
        """Take the transactional id over. Returns only when a transaction of a predecessor has ended, so that what is read
        after it is complete."""
        self._producer = AIOKafkaProducer(
            **client_options(self._settings),
            transactional_id=f"{self._names.group}-{self._names.full(RAW)}-{self.partition}",
            transaction_timeout_ms=TRANSACTION_MS,
            max_request_size=MAX_REQUEST,
            max_batch_size=256 * 1024,
        )
        await self._producer.start()

    async def _begin_again(self) -> None:
        """After a refused record the producer's numbering is out of step with Kafka's: a new one, and the state read anew.

        Raises Fenced if the position has moved: then another worker was here, and this one must go.
        """
        assert self._producer is not None
        await self._producer.stop()
        await self._fence()
        async with reader(self._settings, TopicPartition(self._names.full(STATE), self.partition)) as consumer:
            for topic in (STATE, HELD):
                await self._catch_up(consumer, topic)
        known = position_in(self._store.get(STATE, self.partition, POSITION_KEY))
        if known is not None and known != self.position:
            raise Fenced(f"partition {self.partition}: another worker has delivered up to {known}")

    async def _catch_up(self, consumer: AIOKafkaConsumer, topic: str) -> None:
        """Bring the copy on disk to the topic's end; progress is told when that takes over a second."""
        source = TopicPartition(self._names.full(topic), self.partition)
        consumer.assign([source])
        first = (await consumer.beginning_offsets([source]))[source]
        end = (await consumer.end_offsets([source]))[source]
        offset = self._store.offset(topic, self.partition)
        if offset > end:
            log.warning("partition %d: the copy of %s is ahead of it and is made again", self.partition, source.topic)
            self._store.forget(topic, self.partition)
            offset = 0
        consumer.seek(source, max(offset, first))
        told = time.monotonic()
        count = 0
        while (position := await consumer.position(source)) < end:
            batch = (await consumer.getmany(source, timeout_ms=500, max_records=1000)).get(source, [])
            values = {record.key: record.value for record in batch}
            self._store.apply(topic, self.partition, values, max(position, await consumer.position(source)))
            count += len(batch)
            if time.monotonic() - told > 1:
                told = time.monotonic()
                log.info("partition %d: reading %s, %d records, %d to go", self.partition, source.topic, count, end - position)

    def _find_due(self) -> None:
        self._due, self._embargoed = [], {}
        for key in self._store.keys(HELD, self.partition):
            self._remember_due(key.decode(), self.state_of(key.decode()))

    def _remember_due(self, key: str, state: KeyState) -> None:
        before, now = self._embargoed.pop(key, {}), {held.order.version: held.due for held in state.held if held.due is not None}
        if now:
            self._embargoed[key] = now
        for version, due in now.items():
            if before.get(version) != due:
                heapq.heappush(self._due, (due, key, version))

    async def close(self) -> None:
        """Let a running transaction end, then give the partition up."""
        self.closed = True
        async with self._lock:
            if self._producer is not None:
                await self._producer.stop()
                self._producer = None

    # what is remembered

    def state_of(self, key: str) -> KeyState:
        """What is remembered of a key; a key never seen has an empty state."""
        value = self._store.get(STATE, self.partition, key.encode())
        return state_from_bytes(value) if value is not None else KeyState()

    def held_items(self, key: str) -> dict[int, RawItem]:
        """The held versions of a key, whole, by version."""
        value = self._store.get(HELD, self.partition, key.encode())
        return {int(version): _held_item(item) for version, item in loads(value).items()} if value is not None else {}

    def some_keys(self, start: bytes, limit: int) -> tuple[list[tuple[str, KeyState]], bytes]:
        """At most `limit` keys with their states from `start` on, and where the rest begins (empty: there is none)."""
        found: list[tuple[str, KeyState]] = []
        for key, value in self._store.items(STATE, self.partition, start):
            if len(found) == limit:
                return found, key
            if key != POSITION_KEY:
                found.append((key.decode(), state_from_bytes(value)))
        return found, b""

    def due(self, now: datetime, limit: int) -> list[tuple[str, KeyState]]:
        """Keys with an embargo that has ended by `now`, at most `limit`; the same ones until they are delivered.

        One that a work has, or that an input decides on which was read and not planned yet, has to wait for that.
        """
        if not self._due or self._due[0][0] > now:
            return []
        keys: dict[str, KeyState] = {}
        undecided = {key for one in self.waiting for key in one.concerns}
        again = []
        while self._due and self._due[0][0] <= now and len(keys) < limit:
            entry = heapq.heappop(self._due)
            state = self.state_of(entry[1])
            if not any(held.due == entry[0] and held.order.version == entry[2] for held in state.held):
                continue
            again.append(entry)
            if entry[1] not in self.pending and entry[1] not in undecided:
                keys[entry[1]] = state
        for entry in again:
            heapq.heappush(self._due, entry)
        return list(keys.items())

    @property
    def caught_up(self) -> bool:
        """True when the backlog of the opening has been read, so that what is due may be released: its kills are obeyed by
        then, and `due` leaves out what the rest of it has yet to decide.

        The markers of a feeder that uses transactions, against the contract, can be the last offsets of a partition: after a
        minute without anything to do the backlog counts as read too.
        """
        quiet = not self.waiting and not self.pending and time.monotonic() - self.opened_at > QUIET_SECONDS
        return self.seen >= self.backlog_end or quiet

    @property
    def next_due(self) -> datetime | None:
        """When the next embargo of this partition ends."""
        while self._due and self._embargoed.get(self._due[0][1], {}).get(self._due[0][2]) != self._due[0][0]:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    @property
    def held(self) -> int:
        """Items that wait for the end of an embargo."""
        return sum(len(versions) for versions in self._embargoed.values())

    # delivering

    async def deliver(self, steps: Sequence[Step], letters: Sequence[Outgoing], next_offset: int | None) -> Delivered:
        """Send what the steps ask for, and `letters` besides, in one transaction, with the position if `next_offset` is given.

        A record that is too large, or that Kafka refuses for ever, turns its step into a dead letter; the rest is repeated
        without it. Raises Fenced if another worker has the partition; whatever else is raised must end the process.
        """
        async with self._lock:
            if self.closed or self._producer is None:
                raise Fenced(f"partition {self.partition} was given up")
            context = Context(self._names.full(RAW), self.partition, datetime.now(UTC), self.held_items)
            while True:
                delivered = Delivered([(step, self._fitting(step, context)) for step in steps], len(letters))
                records = [record for _, made in delivered.steps for record in made.outgoing]
                records += letters
                if next_offset is not None:
                    records.append(position_record(next_offset))
                if not records:
                    return delivered
                try:
                    ends = await self._transact(records, next_offset)
                except Refused as refused:
                    _give_up(refused)
                    await self._begin_again()
                    continue
                self._remember(delivered, records, ends, next_offset)
                return delivered

    def _fitting(self, step: Step, context: Context) -> Records:
        made = records_of(step, context)
        for record in made.outgoing:
            limit = self._limits[record.topic]
            if record.size > limit and not isinstance(step.result, Failure) and not step.retract:
                message = f"{record.topic}: {record.size} bytes, the topic takes {limit}"
                step.result = Failure(TooLarge.stage, TooLarge.__name__, message)
                return records_of(step, context)
        return made

    async def _transact(self, records: Sequence[Outgoing], next_offset: int | None) -> dict[str, int]:
        """One transaction; for each topic the offset after the last record sent to it. Every send is awaited before the
        commit: a failed send alone does not fail a transaction."""
        producer = self._producer
        assert producer is not None
        await producer.begin_transaction()
        futures: list[tuple[Outgoing, Any]] = []
        refused: list[tuple[Outgoing, str]] = []
        ends: dict[str, int] = {}
        try:
            for record in records:
                future = await producer.send(
                    self._names.full(record.topic), record.value, record.key, partition=self.partition, headers=record.headers
                )
                futures.append((record, future))
        except REFUSED as error:
            refused.append((record, type(error).__name__))
        for record, future in futures:
            try:
                sent = await future
                ends[record.topic] = max(ends.get(record.topic, 0), sent.offset + 1)
            except REFUSED as error:
                refused.append((record, type(error).__name__))
        if refused:
            await producer.abort_transaction()
            # Kafka refuses a producer's batch as a whole: of the records that went in one, the largest is to blame.
            raise Refused(*max(refused, key=lambda one: len(one[0].value or b"")))
        if next_offset is not None:
            source = TopicPartition(self._names.full(RAW), self.partition)
            await producer.send_offsets_to_transaction({source: next_offset}, self._names.group)
        await producer.commit_transaction()
        return ends

    def _remember(self, delivered: Delivered, records: Iterable[Outgoing], ends: dict[str, int], next_offset: int | None) -> None:
        """After the commit: the copy on disk, the position, the embargoes."""
        for topic in (STATE, HELD):
            values = {record.key or b"": record.value for record in records if record.topic == topic}
            if values:
                self._store.apply(topic, self.partition, values, ends[topic])
        for step, made in delivered.steps:
            self._remember_due(step.key, made.state)
        if next_offset is not None:
            self.position = next_offset

    async def correct_group_offset(self) -> None:
        """Set the group's offset to the position, so that Faust starts there after the restart that has to follow."""
        async with self._lock:
            await self._transact([], self.position)


def _give_up(refused: Refused) -> None:
    step = refused.record.cause
    if (
        not isinstance(step, Step)
        or step.upsert is None
        or refused.record.topic == DEADLETTER
        or isinstance(step.result, Failure)
    ):
        raise Fenced(f"Kafka refuses {refused}; nothing can be delivered") from None
    log.warning("%s: Kafka refuses its record on %s", step.key, refused)
    step.result = Failure(TooLarge.stage, refused.reason.removesuffix("Error"), f"Kafka refuses the record on {refused}")


def _held_item(fields: dict[str, Any]) -> RawItem:
    return parse_raw(dumps(fields)).item
