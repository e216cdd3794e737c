"""Child processes that enrich: units of bounded size, a time limit each, and only the guilty item lost when one dies.

Units wait here, not in the pool's own queue, so that a release or a kill's successor overtakes re-coding.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field
from enum import IntEnum

from pebble import CONSTS, ProcessExpired, ProcessPool

from teletipo.errors import EnrichmentCrashed, EnrichmentTimeout, PipelineUnusable
from teletipo.settings import Settings
from teletipo.worker import units
from teletipo.worker.ending import fatal
from teletipo.worker.units import Failure, Job, Result

log = logging.getLogger(__name__)

UNIT_ITEMS = 16
UNIT_WORDS = 8_000
LOAD_SECONDS = 120.0
"""How long a child may take to load its pipelines."""
GRACE_SECONDS = 3.0
"""How long after every time limit in force the pool counts as stuck when no child has answered."""
PAUSE_SECONDS = 0.5
"""Before a unit that no child began is tried again."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


class _Replaced(Exception):
    """The pool went away before a child had begun a unit."""


class Priority(IntEnum):
    """Which unit goes first when all children are busy."""

    RELEASE = 0
    STREAM = 1
    RECODE = 2


def seconds_for(jobs: Sequence[Job]) -> float:
    """The time limit of a unit: 10 s and 1 ms a word for each article."""
    return sum(10.0 + job.words / 1000 for job in jobs)


def cut(jobs: Sequence[Job]) -> Iterator[list[int]]:
    """Cut jobs into units of at most UNIT_ITEMS items or UNIT_WORDS words; gives their indexes. One long item is a unit."""
    unit: list[int] = []
    words = 0
    for index, job in enumerate(jobs):
        if unit and (len(unit) == UNIT_ITEMS or words + job.words > UNIT_WORDS):
            yield unit
            unit, words = [], 0
        unit.append(index)
        words += job.words
    if unit:
        yield unit


@dataclass(order=True, slots=True)
class _Unit:
    priority: int
    turn: int
    jobs: list[Job] = field(compare=False)
    futures: list[asyncio.Future[Result]] = field(compare=False)


def _without_secrets(settings: Settings) -> Settings:
    return settings.model_copy(update={"kafka_sasl_password": None, "kafka_ssl_key_password": None})


class Pool:
    """A pool as wide as the machine's cores (or as set). `on_repeat` is told of each unit that died or hung."""

    def __init__(self, settings: Settings, on_repeat: Callable[[str], None] = lambda kind: None) -> None:
        self.width = settings.worker_pool or os.cpu_count() or 1
        self._settings = settings
        self._on_repeat = on_repeat
        self._waiting: list[_Unit] = []
        self._arrived = asyncio.Event()
        self._turns = itertools.count()
        self._runners: list[asyncio.Task[None]] = []
        self._pool: ProcessPool | None = None
        self._limits: list[float] = []
        self._moved = 0.0
        self._loading_until = 0.0
        """A child that took another's place may be silent until then: it loads its pipelines."""
        self.busy = 0

    @property
    def waiting(self) -> int:
        """Units that no child works on yet."""
        return len(self._waiting)

    async def start(self) -> None:
        """Start the children and load their pipelines. Raises PipelineUnusable with the child's own line.

        A child that dies or hangs while it loads is nobody's mistake: it raises RuntimeError, and the worker is started again.
        """
        for name in _THREADS:
            os.environ[name] = "1"
        # Children leave SIGTERM to us (units.begin): pebble, which sends it first, need not wait for what it does.
        CONSTS.term_timeout = 0.1
        self._pool = self._new_pool()
        loading = [self._pool.schedule(units.warm_up, timeout=LOAD_SECONDS) for _ in range(self.width)]
        try:
            complaints = await asyncio.gather(*(asyncio.wrap_future(future) for future in loading))
        except (ProcessExpired, BrokenExecutor, TimeoutError) as error:
            raise RuntimeError(f"an enriching process ended while it loaded its pipelines ({error})") from None
        for complaint in complaints:
            if complaint:
                raise PipelineUnusable(complaint)
        # One unit more than children, so that none waits for the parent between two units.
        self._runners = [asyncio.create_task(fatal(self._run()), name=f"pool-{n}") for n in range(self.width + 1)]

    def _new_pool(self) -> ProcessPool:
        # Spawned, not forked: the parent has threads. A child must be the parent's own, to see it die.
        return ProcessPool(
            max_workers=self.width,
            context=multiprocessing.get_context("spawn"),
            initializer=units.begin,
            initargs=(_without_secrets(self._settings), os.getpid()),
        )

    def submit(self, jobs: Sequence[Job], priority: Priority = Priority.STREAM) -> list[asyncio.Future[Result]]:
        """Queue jobs; a future for each, in the same order. A future never fails: what goes wrong is a Failure."""
        loop = asyncio.get_running_loop()
        futures: list[asyncio.Future[Result]] = [loop.create_future() for _ in jobs]
        for indexes in cut(jobs):
            unit = _Unit(priority, next(self._turns), [jobs[i] for i in indexes], [futures[i] for i in indexes])
            heapq.heappush(self._waiting, unit)
        self._arrived.set()
        return futures

    async def _run(self) -> None:
        while True:
            while not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
            unit = heapq.heappop(self._waiting)
            self.busy += 1
            try:
                results = await self._enrich(unit.jobs)
            finally:
                self.busy -= 1
            for future, result in zip(unit.futures, results, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _enrich(self, jobs: list[Job]) -> list[Result]:
        first = await self._answer(jobs)
        if not isinstance(first, Failure):
            return first
        self._on_repeat(first.type)
        log.warning("a unit of %d items failed (%s); repeating them one by one", len(jobs), first.type)
        results: list[Result] = []
        for job in jobs:
            alone = await self._answer([job])
            results.append(alone if isinstance(alone, Failure) else alone[0])
        return results

    async def _answer(self, jobs: list[Job]) -> list[Result] | Failure:
        """The first answer that says something of these jobs: a child that died or hung without them is no fault of theirs."""
        while True:
            try:
                return await self._attempt(jobs)
            except _Replaced as reason:
                self._on_repeat("ProcessReplaced")
                log.warning("a unit of %d items was not worked on (%s); repeating it", len(jobs), reason)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _attempt(self, jobs: list[Job]) -> list[Result] | Failure:
        """What a child makes of these jobs, or how it died or hung on them. Raises _Replaced if none began them."""
        pool, limit = self._pool, seconds_for(jobs)
        assert pool is not None
        self._limits.append(limit)
        began = time.monotonic()
        try:
            running = pool.schedule(units.enrich, args=(jobs,), timeout=limit)
            future = asyncio.wrap_future(running)
            while not (await asyncio.wait({future}, timeout=1.0))[0]:
                # A child that was stopped while it waited for work holds up the others, and its own time limit never starts.
                stuck = time.monotonic() - max(began, self._moved) > max(self._limits) + GRACE_SECONDS
                if stuck and time.monotonic() > self._loading_until:
                    await self._replace(pool)
                    raise _Replaced("no enriching process answers")
            results = list(future.result())
            self._loading_until = 0.0
            return results
        except TimeoutError:
            self._loading_until = time.monotonic() + LOAD_SECONDS
            return Failure(EnrichmentTimeout.stage, EnrichmentTimeout.__name__, f"not done after {limit:.1f} s")
        except ProcessExpired as error:
            self._loading_until = time.monotonic() + LOAD_SECONDS
            message = f"the enriching process died on it (exit status {error.exitcode})"
            return Failure(EnrichmentCrashed.stage, EnrichmentCrashed.__name__, message)
        except (BrokenExecutor, RuntimeError) as error:
            # A child that died while it waited for work takes pebble's whole pool with it.
            await self._replace(pool)
            raise _Replaced(str(error)) from None
        except asyncio.CancelledError:
            if not running.cancelled():
                raise
            raise _Replaced("the pool was replaced") from None
        finally:
            self._limits.remove(limit)
            self._moved = time.monotonic()

    async def _replace(self, pool: ProcessPool) -> None:
        """Kill all children of a pool that does not answer and go on with a new one; what it worked on is repeated."""
        if pool is not self._pool:
            return
        log.error("the enriching processes do not answer; replacing all %d", self.width)
        self._pool = self._new_pool()
        self._loading_until = time.monotonic() + LOAD_SECONDS
        for child in multiprocessing.active_children():
            child.kill()
        await asyncio.to_thread(_end, pool)

    def stop(self) -> None:
        """End the children at once; what they work on is given up."""
        for runner in self._runners:
            runner.cancel()
        for child in multiprocessing.active_children():
            child.kill()
        if self._pool is not None:
            _end(self._pool)


def _end(pool: ProcessPool) -> None:
    pool.stop()
    with contextlib.suppress(TimeoutError):
        pool.join(timeout=5)
