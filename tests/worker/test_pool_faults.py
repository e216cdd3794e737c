"""Children of the real pool that die: only what a child worked on is ever blamed on an item."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import psutil
import pytest
from teletipo.records import RawItem
from teletipo.settings import Settings
from teletipo.worker.pool import Pool
from teletipo.worker.units import Failure, Job

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = "El presidente de Rusia, Vladimir Putin, se reunió en Pyongyang con el líder norcoreano Kim Jong-un. "


def job(name: str, repeats: int = 1) -> Job:
    return Job(RawItem("p", name, 0, language="es", body=TEXT * repeats), 1, None, NOW)


def children() -> list[psutil.Process]:
    """The enriching processes of this test."""
    found = psutil.Process().children()
    return [child for child in found if "spawn_main" in " ".join(child.cmdline())]


def run(scenario: Callable[[Pool, list[str]], Awaitable[None]]) -> None:
    repeats: list[str] = []

    async def whole() -> None:
        pool = Pool(Settings(worker_pool=1), repeats.append)
        await pool.start()
        try:
            await scenario(pool, repeats)
        finally:
            pool.stop()

    asyncio.run(whole())


def test_a_child_that_dies_while_it_waits_costs_no_item_anything() -> None:
    async def scenario(pool: Pool, repeats: list[str]) -> None:
        (child,) = children()
        child.send_signal(signal.SIGSTOP)
        futures = pool.submit([job("waits"), job("waits too")])
        await asyncio.sleep(0.3)
        child.kill()
        assert not [result for result in await asyncio.gather(*futures) if isinstance(result, Failure)]
        assert repeats == ["ProcessReplaced"]

    run(scenario)


def test_sigterm_to_every_process_of_the_service_is_the_parents_alone() -> None:
    async def scenario(pool: Pool, repeats: list[str]) -> None:
        before = {child.pid for child in children()}
        futures = pool.submit([job("long", 200)])
        await asyncio.sleep(0.2)
        for child in children():
            child.send_signal(signal.SIGTERM)
        assert not isinstance(await futures[0], Failure)
        assert repeats == []
        assert {child.pid for child in children()} == before

    run(scenario)


def test_a_child_that_dies_while_it_loads_ends_the_start_with_a_reason_to_start_again() -> None:
    async def scenario() -> None:
        pool = Pool(Settings(worker_pool=1))
        starting = asyncio.create_task(pool.start())
        begun = time.monotonic()
        while not children() and time.monotonic() - begun < 20:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        os.kill(children()[0].pid, signal.SIGKILL)
        with pytest.raises(RuntimeError, match="ended while it loaded its pipelines"):
            await starting
        pool.stop()

    asyncio.run(scenario())
