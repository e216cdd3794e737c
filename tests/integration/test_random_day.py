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
    """What the specification says of one key, whatever the order in which its records come and however often.

    Every version is said once. A kill forbids its own version and all below it, for ever. A withholding takes back, or keeps
    back, what is below it; what is above it stands. An embargo keeps a version back until it ends. Of what nothing forbids,
    the highest version is shown.
    """

    versions: dict[int, dict[str, Any]] = field(default_factory=dict)
    killed: int = -1
    withheld: int = -1

    def take(self, record: dict[str, Any]) -> None:
        if record["status"] == "canceled":
            self.killed = max(self.killed, record["version"])
        elif record["status"] == "withheld":
            self.withheld = max(self.withheld, record["version"])
        else:
            self.versions[record["version"]] = record

    def stands(self, version: int, now: datetime) -> bool:
        """Whether nothing forbids this version any more, or not yet."""
        until = self.versions[version].get("embargoed_until")
        return version > self.killed and (until is None or datetime.fromisoformat(until) <= now)

    def shown(self, now: datetime) -> int | None:
        """The version that subscribers must see now; None: nothing, or a retraction."""
        highest = max((version for version in self.versions if self.stands(version, now)), default=-1)
        return highest if highest > self.withheld else None


def invent_day(seed: int, items: int, keys: int) -> list[dict[str, Any]]:
    """Records of a day: versions of each key in any order, 5 % kills, 3 % withheld, 5 % embargoes, a third of those killed
    while they are held, some repeats."""
    dice = random.Random(seed)
    used: dict[str, set[int]] = {}
    day: list[dict[str, Any]] = []

    def add(key: str, version: int, status: str, **more: Any) -> dict[str, Any] | None:
        if version in used.setdefault(key, set()):
            return None
        used[key].add(version)
        moment = (START + timedelta(minutes=10 * version)).isoformat()
        day.append({"item_id": key, "version": version, "status": status, "updated_at": moment} | more)
        return day[-1]

    while len(day) < items:
        key, version, chance = f"k{dice.randrange(keys)}", dice.randrange(12), dice.random()
        body = f"{dice.choice(ACTS)} {dice.choice(ACTS)} Versión {version}."
        if chance < 0.05:
            record = add(key, version, "canceled")
        elif chance < 0.08:
            record = add(key, version, "withheld")
        elif chance < 0.13:
            record = add(key, version, "usable", body=body, embargoed_until=dice.choice((FAR, "soon")))
            if record and dice.random() < 0.35:
                add(key, version + 1, "canceled")
        else:
            record = add(key, version, "usable", body=body)
        if record and dice.random() < 0.08:
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
    """What is shown, and what ever was, agree with the model; and the day had in it what it was made for."""
    shown, articles = assert_lawful(settings)
    now = datetime.now(UTC)
    for key, model in day.models.items():
        record = shown.get(f"prueba:{key}")
        standing = record["version"] if record and not record["retracted"] else None
        expected = model.shown(now)
        assert standing == expected, f"{key}: {standing} is shown, the specification says {expected}"
    for message in articles:
        due = parse_time(message.record["embargoed_until"] or "")
        assert due is None or message.record["retracted"] or message.timestamp >= due.timestamp() - 0.01
    assert read_all(settings, "news.deadletter") == []
    history = [message.record for message in read_all(settings, "news.history")]
    met = {entry["decision"] for entry in history} | {entry["reason"] for entry in history}
    assert met >= {"shown", "held", "released", "withheld", "suppressed", "older", "repeat", "killed", "kill of what was held"}


class Newsroom:
    """Two workers, a broker, and what happens to them in a day."""

    def __init__(self, made: Settings, start: Callable[..., WorkerProcess], broker: EmbeddedBroker) -> None:
        self._made, self._start, self._broker = made, start, broker
        self._dice = random.Random(7)
        self.workers = [start(made), start(made)]
        self.workers[0].wait_ready()

    def kill(self, day: Day) -> None:
        """A worker is killed -9 and another one started."""
        victim = self._dice.randrange(len(self.workers))
        self.workers[victim].kill()
        self.workers[victim] = self._start(self._made)

    def freeze(self, day: Day) -> None:
        """A worker stands still past its session, while the wire goes on, and wakes up."""
        victim = self._dice.choice(self.workers)
        victim.signal(signal.SIGSTOP)
        day.send(20)
        time.sleep(self._made.worker_session_seconds + 2)
        victim.signal(signal.SIGCONT)
        time.sleep(1)
        self.mend()

    def join(self, day: Day) -> None:
        """A third worker joins, takes its share of the partitions, works, and leaves: two rebalances."""
        third = self._start(self._made).wait_ready()
        wait_for(lambda: third.metric("teletipo_partitions") > 0, 60, "the third worker got no partition")
        day.send(20)
        assert third.stop() == 0
        self.mend()

    def lose_broker(self, day: Day) -> None:
        """Kafka is killed -9 and started again."""
        running = self._broker.running()
        assert running
        os.kill(running.pid, signal.SIGKILL)
        self._broker.start()

    def mend(self) -> None:
        """Start again what has ended as it may; what ended otherwise is a fault."""
        for index, worker in enumerate(self.workers):
            if worker.process.poll() is not None:
                assert worker.process.returncode == 3, worker.log[-2000:]
                self.workers[index] = self._start(self._made)


def live_through(newsroom: Newsroom, made: Settings, day: Day, kills: int, freezes: int, joins: int) -> None:
    """Send the day while workers die, freeze, join and leave, and the broker goes away once."""
    harm = [newsroom.kill] * kills + [newsroom.freeze] * freezes + [newsroom.join] * joins
    random.Random(11).shuffle(harm)
    harm.insert(len(harm) // 2, newsroom.lose_broker)
    part = len(day.records) // (len(harm) + 1)
    for happens in harm:
        day.send(part)
        wait_for(lambda: undelivered(made) < part, 90, "no progress")
        happens(day)
    day.send(len(day.records) - day.sent)
    newsroom.mend()
    wait_delivered(made)
    # Embargoes that end within the test have 4 s to do so.
    time.sleep(6)


@pytest.mark.parametrize(
    ("items", "keys", "kills", "freezes", "joins"),
    [(500, 150, 2, 1, 1), pytest.param(5000, 1500, 10, 2, 3, marks=pytest.mark.long)],
)
@pytest.mark.timeout(1200)
def test_a_random_day_ends_as_the_specification_says(
    settings: Callable[..., Settings],
    start_worker: Callable[..., WorkerProcess],
    open_wire: Callable[[Settings], Wire],
    broker: EmbeddedBroker,
    items: int,
    keys: int,
    kills: int,
    freezes: int,
    joins: int,
) -> None:
    made = settings(worker_session_seconds=3, topic_partitions=4)
    day = Day(open_wire(made), invent_day(20261124, items, keys))
    live_through(Newsroom(made, start_worker, broker), made, day, kills, freezes, joins)
    check(made, day)
