"""What happens by the clock: embargoes that end, and items idle for so long that they are forgotten."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from teletipo.lifecycle import KeyState, ReleaseDue, Upsert
from teletipo.worker.outgoing import state_record
from teletipo.worker.owner import Ahead, PartitionOwner
from teletipo.worker.plan import Step, decide_release
from teletipo.worker.pool import Priority
from teletipo.worker.units import Job
from teletipo.worker.work import Work

if TYPE_CHECKING:
    from teletipo.worker.runtime import Runtime

log = logging.getLogger(__name__)

TICK_SECONDS = 0.2
"""Between two looks for embargoes that have ended."""
LEAD_SECONDS = 3.0
"""How long before its time a held version is enriched; nothing of it leaves before."""
RELEASES = 64
"""Items released in one transaction; many with one release time leave in several, one after the other."""
EXPIRE_KEYS = 5_000
"""Items of a partition that one look for idle ones takes in."""


async def release_when_due(runtime: Runtime) -> None:
    """Publish what was held, on whichever worker owns its partition, once the backlog of the partition's opening is read."""
    more = False
    while True:
        await asyncio.sleep(0 if more else TICK_SECONDS)
        owners = [] if runtime.draining else list(runtime.owners.values())
        more = any(await asyncio.gather(*(_release(runtime, owner) for owner in owners)))


async def _release(runtime: Runtime, owner: PartitionOwner) -> bool:
    """Release what is due; True if that was as much as one transaction takes, so that more may be."""
    if owner.closed:
        return False
    now = datetime.now(UTC)
    due = owner.due(now, RELEASES) if owner.caught_up else []
    steps = [step for key, state in due if (step := _release_step(owner, key, state, now))]
    if steps:
        await _deliver(runtime, owner, steps, now)
    else:
        enrich_ahead(runtime, owner)
    return len(steps) == RELEASES


def enrich_ahead(runtime: Runtime, owner: PartitionOwner) -> None:
    """Have what is due or soon will be enriched before the stream's items, so that a busy pool does not delay it; forget what
    was enriched in vain."""
    until = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
    soon = {_ahead(key, state): state for key, state in owner.due(until, RELEASES)}
    owner.ahead = {known: found for known, found in owner.ahead.items() if known in soon}
    chosen: list[tuple[Ahead, Upsert]] = []
    jobs: list[Job] = []
    for known, state in soon.items():
        first = min(held.due for held in state.held if held.due)
        step = None if known in owner.ahead else _release_step(owner, known[0], state, first)
        if step and step.upsert and (job := step.job()):
            chosen.append((known, step.upsert))
            jobs.append(job)
    for (known, upsert), future in zip(chosen, runtime.pool.submit(jobs, Priority.RELEASE), strict=True):
        owner.ahead[known] = (upsert, future)


def _ahead(key: str, state: KeyState) -> Ahead:
    return key, state.position, state.revision


async def _deliver(runtime: Runtime, owner: PartitionOwner, steps: list[Step], now: datetime) -> None:
    work = Work(owner, {step.key for step in steps}, steps)
    runtime.begin(work)
    for step in steps:
        upsert, enriched = owner.ahead.pop(_ahead(step.key, step.before), (None, None))
        if enriched and upsert == step.upsert:
            work.futures.append((step, enriched))
    ready = {step.key for step, _ in work.futures}
    others = [step for step in steps if step.upsert and step.key not in ready]
    jobs = [job for step in others if (job := step.job()) is not None]
    work.futures += zip(others, runtime.pool.submit(jobs, Priority.RELEASE), strict=True)
    await runtime.deliver(work)
    done = datetime.now(UTC)
    for step in steps:
        for held in step.before.held:
            if held.due and held.due <= now:
                runtime.metrics.release_delay.observe((done - held.due).total_seconds())


def _release_step(owner: PartitionOwner, key: str, state: KeyState, now: datetime) -> Step | None:
    items = owner.held_items(key)
    due = sorted((held for held in state.held if held.due and held.due <= now), key=lambda held: held.order.version)
    arrivals = [ReleaseDue(items[held.order.version], held.order) for held in due if held.order.version in items]
    if len(arrivals) < len(due):
        log.error("%s: a held version is in the state and not in news.held; it cannot be released", key)
    return decide_release(key, state, arrivals, now) if arrivals else None


async def expire_now_and_then(runtime: Runtime) -> None:
    """Forget items that nothing has been heard of for `TELETIPO_STATE_EXPIRE_DAYS`, kill marks `TELETIPO_KILL_EXPIRE_DAYS`."""
    cursors: dict[int, bytes] = {}
    while True:
        await asyncio.sleep(runtime.settings.expire_seconds)
        for owner in list(runtime.owners.values()):
            if not runtime.draining and not owner.closed:
                cursors[owner.partition] = await expire(runtime, owner, cursors.get(owner.partition, b""))


async def expire(runtime: Runtime, owner: PartitionOwner, start: bytes) -> bytes:
    """Forget the idle ones among the next EXPIRE_KEYS keys; where to go on the next time (empty: from the beginning)."""
    settings, now = runtime.settings, datetime.now(UTC)
    idle, killed = timedelta(days=settings.state_expire_days), timedelta(days=settings.kill_expire_days)
    keys, after = owner.some_keys(start, EXPIRE_KEYS)
    forgotten = [
        key
        for key, state in keys
        if key not in owner.pending and not state.held and state.touched
        and now - state.touched > (idle if state.kill_mark is None else max(idle, killed))
    ]  # fmt: skip
    if forgotten:
        work = Work(owner, set(forgotten), letters=[state_record(key, None) for key in forgotten])
        runtime.begin(work)
        await runtime.deliver(work)
        log.info("partition %d: forgot %d items that were idle", owner.partition, len(forgotten))
    return after
