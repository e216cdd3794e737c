"""A random day on the wire, with workers killed and frozen, against a model that knows only the specification."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from teletipo.broker.server import EmbeddedBroker
from teletipo.records import parse_time
from teletipo.settings import Settings
from wire_stream import Wire, WorkerProcess, assert_lawful, read_all, undelivered, wait_delivered, wait_for

ACTS = (
    "El presidente de Rusia se reunió en Pyongyang con el líder norcoreano.",
    "Francia y Alemania firmaron en Berlín un acuerdo militar.",
    "El gobierno de Chile condenó el ataque contra la embajada.",
    "Estados Unidos impuso sanciones a dos bancos de Venezuela.",
    "La policía detuvo a veinte manifestantes en Lima.",
    "El equipo local ganó el partido por dos goles.",
)
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
FAR = "2099-01-01T00:00:00Z"


@dataclass
class Model:
    """What the specification says of one key, whatever the order: the highest version that nothing forbids is shown."""

    versions: dict[int, dict[str, Any]] = field(default_factory=dict)
    killed: int = -1

    def take(self, record: dict[str, Any]) -> None:
        if record["status"] == "canceled":
            self.killed = max(self.killed, record["version"])
        else:
            self.versions[record["version"]] = record

    def shown(self) -> int | None:
        free = [v for v, record in self.versions.items() if v > self.killed and record.get("embargoed_until") != FAR]
        return max(free, default=None)


def invent_day(seed: int, items: int, keys: int) -> list[dict[str, Any]]:
    """Records of a day: versions of each key in any order, 5 % kills, 5 % embargoes, some repeats."""
    dice = random.Random(seed)
    used: dict[str, set[int]] = {}
    day: list[dict[str, Any]] = []
    while len(day) < items:
        key = f"k{dice.randrange(keys)}"
        version = dice.randrange(12)
        if version in used.setdefault(key, set()):
            continue
        used[key].add(version)
        moment = (START + timedelta(minutes=10 * version)).isoformat()
        record: dict[str, Any] = {"item_id": key, "version": version, "status": "usable", "updated_at": moment}
        chance = dice.random()
        if chance < 0.05:
            record["status"] = "canceled"
        else:
            record["body"] = f"{dice.choice(ACTS)} {dice.choice(ACTS)} Versión {version}."
            if chance < 0.08:
                record["embargoed_until"] = FAR
            elif chance < 0.10:
                record["embargoed_until"] = "soon"
        day.append(record)
        if dice.random() < 0.08:
            day.insert(dice.randrange(len(day)), record)
    return day


@dataclass
class Day:
    """The day as it is sent: a part at a time, with `soon` made a time that comes while the test runs."""

    wire: Wire
    records: list[dict[str, Any]]
    models: dict[str, Model] = field(default_factory=dict)
    sent: int = 0

    def send(self, count: int) -> None:
        for record in self.records[self.sent : self.sent + count]:
            if record.get("embargoed_until") == "soon":
                record["embargoed_until"] = (datetime.now(UTC) + timedelta(seconds=4)).isoformat()
            self.wire.send(**record)
            self.models.setdefault(record["item_id"], Model()).take(record)
        self.sent += count
        self.wire.flush()


def check(settings: Settings, day: Day) -> None:
    """What is shown, and what ever was, agree with the model."""
    shown, articles = assert_lawful(settings)
    for key, model in day.models.items():
        expected = model.shown()
        record = shown.get(f"prueba:{key}")
        standing = record["version"] if record and not record["retracted"] else None
        assert standing == expected, f"{key}: {standing} is shown, the specification says {expected}"
    for message in articles:
        due = parse_time(message.record["embargoed_until"] or "")
        assert due is None or message.record["retracted"] or message.timestamp >= due.timestamp() - 0.01
    assert read_all(settings, "news.deadletter") == []


def live_through(
    made: Settings, start: Callable[..., WorkerProcess], day: Day, kills: int, freezes: int, restart_broker: Callable[[], None]
) -> None:
    """Send the day while workers die, freeze, join, and the broker goes away once."""
    dice = random.Random(7)
    workers = [start(made), start(made)]
    workers[0].wait_ready()
    part = len(day.records) // (kills + freezes + 2)
    harm = ["kill"] * kills + ["freeze"] * freezes
    dice.shuffle(harm)
    for number, what in enumerate(harm):
        day.send(part)
        wait_for(lambda: undelivered(made) < part, 90, "no progress")
        victim = dice.choice(workers)
        if what == "kill":
            victim.kill()
            workers[workers.index(victim)] = start(made)
        else:
            victim.signal(signal.SIGSTOP)
            day.send(part // 2)
            time.sleep(made.worker_session_seconds + 2)
            victim.signal(signal.SIGCONT)
            time.sleep(1)
            if victim.process.poll() is not None:
                workers[workers.index(victim)] = start(made)
        if number == len(harm) // 2:
            restart_broker()
    day.send(len(day.records) - day.sent)
    for index, worker in enumerate(workers):
        if worker.process.poll() is not None:
            assert worker.process.returncode in (3, -signal.SIGKILL), worker.log[-2000:]
            workers[index] = start(made)
    wait_delivered(made)
    # Embargoes that end within the test have 4 s to do so.
    time.sleep(6)


@pytest.mark.parametrize(
    ("items", "keys", "kills", "freezes"),
    [(500, 150, 2, 1), pytest.param(5000, 1500, 10, 2, marks=pytest.mark.long)],
)
@pytest.mark.timeout(900)
def test_a_random_day_ends_as_the_specification_says(
    settings: Callable[..., Settings],
    start_worker: Callable[..., WorkerProcess],
    open_wire: Callable[[Settings], Wire],
    broker: EmbeddedBroker,
    items: int,
    keys: int,
    kills: int,
    freezes: int,
) -> None:
    made = settings(worker_session_seconds=3)
    day = Day(open_wire(made), invent_day(20261124, items, keys))

    def restart_broker() -> None:
        running = broker.running()
        assert running
        os.kill(running.pid, signal.SIGKILL)
        broker.start()

    live_through(made, start_worker, day, kills, freezes, restart_broker)
    check(made, day)
