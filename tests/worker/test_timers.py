"""Which embargoes are due, what has to be decided before them, and what is enriched ahead of its time; without Kafka."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from teletipo.broker.topics import HELD, STATE
from teletipo.lifecycle import KeyState
from teletipo.records import dumps
from teletipo.settings import Settings
from teletipo.worker.kafka import Names
from teletipo.worker.owner import PartitionOwner
from teletipo.worker.plan import Context, Raw, Read, decide_key, read, records_of
from teletipo.worker.pool import Priority
from teletipo.worker.store import Store
from teletipo.worker.timers import LEAD_SECONDS, RELEASES, enrich_ahead
from teletipo.worker.units import Job

NOW = datetime.now(UTC)


def arrived(item_id: str, offset: int, **fields: Any) -> Read:
    """An input on the only partition."""
    record = {"provider": "p", "item_id": item_id, "body": "Texto."} | fields
    return read(Raw(0, offset, f"p:{item_id}".encode(), dumps(record), ()), 1)


@pytest.fixture
def owner(tmp_path: Path) -> PartitionOwner:
    """The owner of a partition whose state is read."""
    return PartitionOwner(Settings(state_dir=tmp_path), Names(""), 0, Store(tmp_path / "copy"), {})


@pytest.fixture(autouse=True)
def now() -> None:
    """Now is the start of each test, not of the run, which may be minutes ago."""
    global NOW
    NOW = datetime.now(UTC)


def hold(owner: PartitionOwner, item_id: str, seconds: float, offset: int = 0) -> None:
    """Book an item under an embargo that ends so many seconds from now."""
    due = (NOW + timedelta(seconds=seconds)).isoformat()
    step = decide_key(f"p:{item_id}", KeyState(), [arrived(item_id, offset, embargoed_until=due)], NOW - timedelta(days=1))
    for record in records_of(step, Context("news.raw", 0, NOW, owner.held_items)).outgoing:
        if record.topic in (STATE, HELD):
            owner._store.apply(record.topic, 0, {record.key or b"": record.value}, offset + 1)
    owner._find_due()


def due(owner: PartitionOwner, seconds: float = 0) -> list[str]:
    """Keys that are due so many seconds from now."""
    return [key for key, _ in owner.due(NOW + timedelta(seconds=seconds), RELEASES)]


def test_what_has_ended_is_due_until_it_is_delivered(owner: PartitionOwner) -> None:
    hold(owner, "past", -5)
    hold(owner, "soon", 5)
    assert due(owner) == due(owner) == ["p:past"]
    assert due(owner, 6) == ["p:past", "p:soon"]
    assert owner.held == 2


def test_what_is_moved_or_no_longer_held_counts_no_more(owner: PartitionOwner) -> None:
    hold(owner, "killed", 50)
    hold(owner, "moved", 60)
    owner._remember_due("p:killed", KeyState())
    state = owner.state_of("p:moved")
    later = NOW + timedelta(seconds=900)
    owner._remember_due("p:moved", replace(state, held=tuple(replace(held, due=later) for held in state.held)))
    assert owner.held == 1
    assert owner.next_due == later


def test_what_a_work_has_is_not_due(owner: PartitionOwner) -> None:
    hold(owner, "1", -5)
    owner.pending["p:1"] += 1
    assert due(owner) == []


def test_what_an_input_that_was_read_decides_on_is_not_due(owner: PartitionOwner) -> None:
    for item_id in ("corrected", "killed", "other"):
        hold(owner, item_id, -5)
    owner.waiting.append(arrived("corrected", 7, version=1))
    owner.waiting.append(arrived("notice", 8, related=[{"relation": "kills", "ref": "killed"}]))
    owner.waiting.append(read(Raw(0, 9, b"p:other", b"no record", ()), 1))
    assert due(owner) == ["p:other"]


def test_releases_wait_until_the_backlog_is_read_and_no_longer(owner: PartitionOwner) -> None:
    owner.opened_at, owner.backlog_end, owner.position = time.monotonic(), 400, 3
    owner.seen = 399
    assert not owner.caught_up
    owner.seen = 400
    owner.waiting.append(arrived("1", 399))
    assert owner.caught_up, "what is read and waits to be enriched holds nothing up"


class FakePool:
    """Notes what it is asked for and never answers."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def submit(self, jobs: list[Job], priority: Priority) -> list[asyncio.Future[Any]]:
        assert priority is Priority.RELEASE
        self.jobs += jobs
        return [asyncio.get_running_loop().create_future() for _ in jobs]


def test_what_is_due_soon_is_enriched_once_and_forgotten_when_it_changes(owner: PartitionOwner) -> None:
    pool = FakePool()
    runtime: Any = SimpleNamespace(pool=pool)

    async def look() -> list[str]:
        enrich_ahead(runtime, owner)
        return sorted(key for key, _, _ in owner.ahead)

    async def day() -> None:
        hold(owner, "overdue", -60)
        hold(owner, "soon", LEAD_SECONDS - 1)
        hold(owner, "later", LEAD_SECONDS + 60)
        assert await look() == await look() == ["p:overdue", "p:soon"]
        assert sorted(job.item.item_id for job in pool.jobs) == ["overdue", "soon"]
        assert {(job.revision, job.supersedes) for job in pool.jobs} == {(1, None)}
        owner.waiting.append(arrived("soon", 9, status="canceled"))
        assert await look() == ["p:overdue"]
        owner.waiting.clear()
        hold(owner, "soon", LEAD_SECONDS - 1, offset=10)
        assert await look() == ["p:overdue", "p:soon"]
        assert len(pool.jobs) == 3, "another state of the item: enriched anew"

    asyncio.run(day())
