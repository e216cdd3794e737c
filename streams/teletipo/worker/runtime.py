"""What the worker does between Faust, which brings batches and assignments, and Kafka, which takes the transactions.

Inputs are read ahead of what can be enriched, so that kills overtake the backlog. Batches of them are planned, enriched in the
pool, and delivered in the order of their offsets; the next batch is planned and enriched meanwhile. Whatever goes wrong inside
ends the process with status 3: the topics hold all that counts, and a restart goes on exactly where the last transaction ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from teletipo.broker.topics import RAW, STATE, TOPICS
from teletipo.errors import Fenced
from teletipo.kafka_settings import client_options
from teletipo.lifecycle import KeyState
from teletipo.settings import Settings
from teletipo.worker import timers, waiting
from teletipo.worker.counting import count, count_inputs
from teletipo.worker.ending import fatal
from teletipo.worker.forwarding import Forwarder
from teletipo.worker.kafka import Names
from teletipo.worker.metrics import Metrics
from teletipo.worker.owner import PartitionOwner
from teletipo.worker.plan import RECODE, Raw, Read, Step, decide_key, decide_recode, letter, read
from teletipo.worker.pool import Pool, Priority
from teletipo.worker.sequence import in_sequence
from teletipo.worker.store import Store, claim_folder
from teletipo.worker.work import Work

log = logging.getLogger(__name__)

IN_FLIGHT = 2
"""Batches between planning and delivery."""
LOOK_AHEAD = 4_000
"""Inputs that may wait to be planned; a kill overtakes them all."""
LOOK_AHEAD_BYTES = 64 * 2**20


class Runtime:
    """One worker's state and tasks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.names = Names(settings.topic_prefix)
        self.metrics = Metrics()
        self.pool = Pool(settings, on_repeat=lambda why: self.metrics.repeats.labels(why).inc())
        self.owners: dict[int, PartitionOwner] = {}
        self.ready = False
        self.draining = False
        self.progressed_at = time.monotonic()
        self.rebalanced_at = time.monotonic()
        self.idle_at = time.monotonic()
        self.has_assignment = False
        self._allowed: set[int] = set()
        self._generation = 0
        self._opening: dict[int, asyncio.Lock] = {}
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._queue: asyncio.Queue[list[Work]] = asyncio.Queue()
        self._works: dict[int, list[Work]] = {}
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._opened = contextlib.AsyncExitStack()
        """What has to be closed at the end, however far the start came."""

    # life

    async def start(self) -> None:
        """Wait for Kafka, check the topics, load the pipelines, connect. Raises UserError if something is missing."""
        found = await waiting.topics(self.settings)
        self.partitions = found[RAW].partitions
        self.limits = {topic.name: int(found[topic.name].config["max.message.bytes"]) for topic in TOPICS}
        incarnation = f"{found[STATE].topic_id[-12:]}"
        folder, claim = claim_folder(self.settings, incarnation)
        self._opened.callback(claim.close)
        self.store = Store(folder)
        self._opened.callback(self.store.close)
        await self.pool.start()
        self.admin = AIOKafkaAdminClient(**client_options(self.settings))
        self.forwarder = Forwarder(self.settings, self.partitions, self.metrics)
        self._opened.push_async_callback(self.admin.close)
        self._opened.push_async_callback(self.forwarder.stop)
        await self.admin.start()
        await self.forwarder.start()
        self._spawn(self._plan_in_order(), "plan")
        self._spawn(self._deliver_in_order(), "deliver")
        self._spawn(timers.release_when_due(self), "release")
        self._spawn(timers.expire_now_and_then(self), "expire")
        self.ready = True

    def _spawn(self, work: Any, name: str) -> None:
        self._tasks.append(asyncio.create_task(fatal(work), name=name))

    async def drain(self, seconds: float) -> None:
        """Take no more, and give what is being enriched this long to be delivered."""
        self.draining = True
        self.ready = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(self._works.values()):
                    await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Close everything; what was not delivered will be read again by whoever owns the partition next."""
        self.draining = True
        self._allowed.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(owner.close() for owner in self.owners.values()), return_exceptions=True)
        self.owners.clear()
        self.pool.stop()
        await self._opened.aclose()

    # assignment

    async def revoked(self) -> None:
        """All partitions are about to change hands: nothing may be opened, and what is open is closed after its transaction."""
        self._allowed.clear()
        self._generation += 1
        self.rebalanced_at = time.monotonic()
        owners, self.owners = self.owners, {}
        await asyncio.gather(*(owner.close() for owner in owners.values()))
        for works in self._works.values():
            for work in works:
                work.done.set()
        self._works.clear()
        self._room.set()
        self.metrics.partitions.set(0)

    async def assigned(self, partitions: Iterable[int]) -> None:
        """These partitions are ours. All are opened at once: an open transaction of a dead owner hides its outputs until then."""
        self._allowed = set(partitions)
        self.has_assignment = True
        self.rebalanced_at = self.progressed_at = time.monotonic()
        log.info("assigned partitions %s", sorted(self._allowed) or "none")
        for partition in sorted(self._allowed):
            self._spawn(self._open_quietly(partition), f"open-{partition}")

    @property
    def assigned_partitions(self) -> set[int]:
        """Partitions that are ours, open or about to be."""
        return set(self._allowed)

    async def _open_quietly(self, partition: int) -> None:
        await self._owner(partition)

    async def _owner(self, partition: int) -> PartitionOwner | None:
        """The open owner of a partition, or None if it is not ours (any more)."""
        async with self._opening.setdefault(partition, asyncio.Lock()):
            if partition not in self._allowed:
                return None
            if partition in self.owners:
                return self.owners[partition]
            generation = self._generation
            owner = PartitionOwner(self.settings, self.names, partition, self.store, self.limits)
            await owner.open(self._committed)
            if generation != self._generation or partition not in self._allowed:
                await owner.close()
                return None
            self.owners[partition] = owner
            # What came due while nobody owned the partition goes to the pool before the backlog does.
            timers.enrich_ahead(self, owner)
            self.metrics.partitions.set(len(self.owners))
            log.info("partition %d open at %d, backlog to %d, %d held", partition, owner.position, owner.backlog_end, owner.held)
            return owner

    async def _committed(self, partition: int) -> int | None:
        """The group's offset of an input partition, for one that has no position record yet."""
        source = TopicPartition(self.names.full(RAW), partition)
        offsets = await self.admin.list_consumer_group_offsets(self.names.group, partitions=[source])
        return next((found.offset for found in offsets.values() if found.offset >= 0), None)

    # the stream

    async def take(self, batch: Sequence[Raw]) -> None:
        """Read one batch of all partitions; its kills are delivered here and now. Waits while too much is read ahead."""
        if self.draining:
            await asyncio.Event().wait()
        by_partition: dict[int, list[Raw]] = {}
        for raw in batch:
            by_partition.setdefault(raw.partition, []).append(raw)
        await asyncio.gather(*(self._see(partition, raws) for partition, raws in by_partition.items()))
        self._arrived.set()
        while self._too_far_ahead():
            self._room.clear()
            await self._room.wait()

    def _too_far_ahead(self) -> bool:
        waiting = [one.raw for owner in self.owners.values() for one in owner.waiting]
        return len(waiting) >= LOOK_AHEAD or sum(len(raw.value or b"") for raw in waiting) >= LOOK_AHEAD_BYTES

    async def _see(self, partition: int, raws: list[Raw]) -> None:
        begun = time.monotonic()
        owner = await self._owner(partition)
        if owner is None:
            return
        fresh = await in_sequence(self.settings, owner, raws)
        if not fresh:
            return
        reads = [read(raw, self.partitions) for raw in fresh]
        owner.seen = fresh[-1].offset + 1
        owner.waiting.extend(reads)
        killed = {one.item_key: begun for one in reads if one.kills}
        if killed:
            await self._kill_ahead(owner, killed)

    async def _kill_ahead(self, owner: PartitionOwner, killed: dict[str, float]) -> None:
        """Deliver kills before what was read earlier of other items, in a transaction of their own without the position.

        All that waits of a killed item is decided with its kill, so that its own order is kept; when its inputs' turn comes
        they are silent, because the state is past them. An item with a work under way has to wait for that, and an item that is
        shown again by what waits has to wait for its turn. `killed` are keys with the time when the kill was read.
        """
        by_key: dict[str, list[Read]] = {key: [] for key in killed if key not in owner.pending}
        for one in owner.waiting:
            if one.item_key in by_key:
                by_key[one.item_key].append(one)
        owner.late_kills.update((key, begun) for key, begun in killed.items() if key in owner.pending)
        by_key = {key: inputs for key, inputs in by_key.items() if inputs}
        if not by_key:
            return
        work = Work(owner, set(by_key), begun=min(killed[key] for key in by_key))
        self.begin(work)
        try:
            steps = self._steps(work, by_key)
            await self._deliver_kills(work, [step for step in steps if not step.upsert])
        except Fenced:
            if not owner.closed:
                raise
        finally:
            self._finish(work)

    async def _plan_in_order(self) -> None:
        while True:
            await self._slots.acquire()
            while self.draining or not (chunk := self._next_chunk()):
                self._arrived.clear()
                await self._arrived.wait()
            self._room.set()
            await asyncio.gather(*(self._plan(work) for work in chunk))
            steps = [(work, step) for work in chunk for step in work.steps if step.upsert]
            for priority, again in ((Priority.STREAM, False), (Priority.RECODE, True)):
                chosen = [(work, step) for work, step in steps if (step.reason == "recoded") is again]
                jobs = [job for _, step in chosen if (job := step.job()) is not None]
                for (work, step), future in zip(chosen, self.pool.submit(jobs, priority), strict=True):
                    work.futures.append((step, future))
            self._queue.put_nowait(chunk)

    def _next_chunk(self) -> list[Work]:
        """The next inputs of all partitions, together a batch, as works that are begun: their keys are reserved from here on."""
        owners = [owner for owner in self.owners.values() if owner.waiting]
        share = -(-self.settings.worker_batch // max(1, len(owners)))
        works = []
        for owner in owners:
            reads = [owner.waiting.popleft() for _ in range(min(share, len(owner.waiting)))]
            keys = {one.item_key for one in reads if one.decides}
            work = Work(owner, keys, reads=reads, next_offset=reads[-1].raw.offset + 1)
            self.begin(work)
            works.append(work)
        return works

    async def _plan(self, work: Work) -> None:
        try:
            await self._plan_reads(work)
        except Fenced:
            if not work.owner.closed:
                raise

    async def _plan_reads(self, work: Work) -> None:
        reads = work.reads
        await self.forwarder.misplaced(reads)
        work.letters = [letter(one.raw, self.names.full(RAW), one.fault) for one in reads if one.fault and not one.parsed]
        by_key: dict[str, list[Read]] = {}
        for one in reads:
            if one.decides:
                by_key.setdefault(one.item_key, []).append(one)
        # A key whose last step is not delivered yet cannot be decided on what that will leave; the others do not wait for it.
        await self._decide(work, {key: by_key.pop(key) for key in list(by_key) if not self._blocked(work, key)})
        if by_key:
            await self._settled(work)
            await self._decide(work, by_key)

    async def _decide(self, work: Work, by_key: dict[str, list[Read]]) -> None:
        """Decide these keys; their kills go first, in a transaction of their own without the position."""
        steps = self._steps(work, by_key)
        await self.forwarder.derived_kills(step for step in steps if not step.retract)
        await self._deliver_kills(work, [step for step in steps if step.retract])
        work.steps += [step for step in steps if not step.retract]

    def _steps(self, work: Work, by_key: dict[str, list[Read]]) -> list[Step]:
        now = datetime.now(UTC)
        steps = [_step(key, work.owner.state_of(key), inputs, now) for key, inputs in by_key.items()]
        return [step for step in steps if not step.idle]

    async def _deliver_kills(self, work: Work, kills: list[Step]) -> None:
        if not kills:
            return
        await self.forwarder.derived_kills(kills)
        count(self.metrics, await work.owner.deliver(kills, [], None))
        for _ in kills:
            self.metrics.kill_seconds.observe(time.monotonic() - work.begun)

    def _earlier(self, work: Work) -> list[Work]:
        works = self._works.get(work.owner.partition, [])
        return works[: works.index(work)] if work in works else []

    def _blocked(self, work: Work, key: str) -> bool:
        return any(key in other.keys for other in self._earlier(work))

    async def _settled(self, work: Work) -> None:
        """Wait for the works of this partition that were begun before."""
        for other in self._earlier(work):
            await other.done.wait()

    def begin(self, work: Work) -> None:
        """Reserve the keys of a work until it is delivered."""
        work.owner.pending.update(work.keys)
        self._works.setdefault(work.owner.partition, []).append(work)

    def _finish(self, work: Work) -> None:
        pending = work.owner.pending
        pending.subtract(work.keys)
        for key in work.keys:
            if pending[key] <= 0:
                del pending[key]
        works = self._works.get(work.owner.partition, [])
        if work in works:
            works.remove(work)
        work.done.set()

    # delivery

    async def _deliver_in_order(self) -> None:
        while True:
            works = await self._queue.get()
            await asyncio.gather(*(self.deliver(work) for work in works))
            self._slots.release()

    async def deliver(self, work: Work) -> None:
        """Wait for the enriched items of a work and send everything in one transaction."""
        try:
            for step, future in work.futures:
                step.result = await future
            if work.owner.closed:
                return
            enriched = time.monotonic()
            delivered = await work.owner.deliver(work.steps, work.letters, work.next_offset)
        except Fenced:
            if work.owner.closed:
                return
            raise
        finally:
            self._finish(work)
        free = {key: work.owner.late_kills.pop(key) for key in work.keys & work.owner.late_kills.keys()}
        if free:
            await self._kill_ahead(work.owner, free)
        self.progressed_at = time.monotonic()
        self.metrics.latency.labels("enrich").observe(enriched - work.begun)
        self.metrics.latency.labels("deliver").observe(self.progressed_at - enriched)
        count(self.metrics, delivered)
        count_inputs(self.metrics, work.reads)


def _step(key: str, state: KeyState, inputs: list[Read], now: datetime) -> Step:
    """What a batch does to a key. Copies to be coded again count only where nothing newer of the key came with them."""
    news = [one for one in inputs if one.raw.header(RECODE) is None]
    return decide_key(key, state, news, now) if news else decide_recode(key, state, inputs[-1], now)
