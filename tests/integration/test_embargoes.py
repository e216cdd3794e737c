"""Embargoes end on time: what a live subscriber sees, against the release time, whatever happens to the workers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from kafka import KafkaConsumer, TopicPartition
from teletipo.settings import Settings
from wire_stream import Wire, WorkerProcess, assert_lawful, wait_delivered, wait_for

Start = Callable[..., WorkerProcess]
Make = Callable[..., Settings]
Open = Callable[[Settings], Wire]

BODY = "Francia y Alemania firmaron en Berlín un acuerdo de cooperación militar."
LONG = f"{BODY} El presidente de Rusia, Vladimir Putin, se reunió en Pyongyang con el líder norcoreano Kim Jong-un. " * 15
PROMISED = 1.0
"""Seconds from an embargo's end to the first record."""


class Subscriber:
    """Reads the committed articles as they come and notes when each was first seen."""

    def __init__(self, settings: Settings) -> None:
        self.seen: dict[str, float] = {}
        self._consumer = KafkaConsumer(
            bootstrap_servers=settings.kafka_bootstrap_servers,
            isolation_level="read_committed",
            enable_auto_commit=False,
            fetch_max_wait_ms=20,
        )
        topic = f"{settings.topic_prefix}news.articles"
        self._consumer.assign([TopicPartition(topic, number) for number in range(settings.topic_partitions)])
        self._consumer.seek_to_beginning()

    def poll(self) -> dict[str, float]:
        """Read what is there now; seconds since 1970 of the first sight of each item id."""
        for messages in self._consumer.poll(timeout_ms=20).values():
            for message in messages:
                self.seen.setdefault(orjson.loads(message.value)["item_id"], time.time())
        return self.seen

    def wait(self, item_ids: set[str], seconds: float) -> None:
        """Read until all of these were seen."""
        deadline = time.monotonic() + seconds
        while not item_ids <= set(self.poll()):
            assert time.monotonic() < deadline, f"{len(item_ids - set(self.seen))} of {len(item_ids)} were not released"

    def delays(self, item_ids: set[str], since: float) -> list[float]:
        """Seconds from `since` to the sight of each of these, sorted."""
        return sorted(self.seen[item_id] - since for item_id in item_ids)


@pytest.fixture
def subscribe() -> Iterator[Callable[[Settings], Subscriber]]:
    """Makes subscribers; disconnects them at the end."""
    made: list[Subscriber] = []

    def make(settings: Settings) -> Subscriber:
        made.append(Subscriber(settings))
        return made[-1]

    yield make
    for subscriber in made:
        subscriber._consumer.close()


def hold(wire: Wire, count: int, seconds: float, body: str = BODY) -> tuple[set[str], float]:
    """Send items under an embargo of this many seconds; their ids, and when it ends in seconds since 1970."""
    due = datetime.now(UTC) + timedelta(seconds=seconds)
    ids = [f"held-{number}-{seconds}" for number in range(count)]
    for item_id in ids:
        wire.send(item_id=item_id, version=1, body=f"{body} {item_id}", embargoed_until=due.isoformat())
    wire.flush()
    return set(ids), due.timestamp()


def opened(worker: WorkerProcess) -> float:
    """When the last of its partitions was opened, by its log; seconds since 1970."""
    lines = [orjson.loads(line) for line in worker.log.splitlines() if re.search(r"partition \d+ open at", line)]
    return max(datetime.fromisoformat(line["time"]).timestamp() for line in lines)


ATTEMPTS = (12, 25, 60, 180)
"""Seconds of embargo to try, until the workers have changed before its end; the first is enough unless the machine is busy."""


def check_released_on_time(subscriber: Subscriber, settings: Settings, wire: Wire, change_workers: Callable[[], object]) -> None:
    """Items are held, the workers change, and each item is seen within a second of its time."""
    for seconds in ATTEMPTS:
        held, due = hold(wire, 12, seconds)
        wait_delivered(settings)
        change_workers()
        if time.time() < due - 1:
            break
    subscriber.wait(held, 200)
    delays = subscriber.delays(held, due)
    assert delays[0] >= 0
    assert delays[-1] <= PROMISED


@pytest.mark.alone
@pytest.mark.parametrize("how", [pytest.param("stop", marks=pytest.mark.long), "kill"])
def test_released_on_time_after_a_restart(
    settings: Make, start_worker: Start, open_wire: Open, subscribe: Callable[[Settings], Subscriber], how: str
) -> None:
    made = settings(worker_session_seconds=2)
    workers = [start_worker(made).wait_ready()]

    def change() -> None:
        getattr(workers.pop(), how)()
        workers.append(start_worker(made).wait_ready())

    check_released_on_time(subscribe(made), made, open_wire(made), change)


@pytest.mark.long
def test_released_on_time_after_rebalances(
    settings: Make, start_worker: Start, open_wire: Open, subscribe: Callable[[Settings], Subscriber]
) -> None:
    """One worker joins and the one that held the items leaves."""
    made = settings(topic_partitions=4)
    workers = [start_worker(made).wait_ready()]

    def change() -> None:
        workers.append(start_worker(made).wait_ready())
        wait_for(lambda: [worker.metric("teletipo_partitions") for worker in workers] == [2, 2], 90, "not shared")
        assert workers.pop(0).stop() == 0
        wait_for(lambda: workers[0].metric("teletipo_partitions") == 4, 90, "not taken over")

    check_released_on_time(subscribe(made), made, open_wire(made), change)


@pytest.mark.long
def test_released_at_once_by_a_worker_that_was_down_at_that_moment(
    settings: Make, start_worker: Start, open_wire: Open, subscribe: Callable[[Settings], Subscriber]
) -> None:
    """Also with a backlog in front: it is read, so that its kills are obeyed, but its items are not waited for."""
    made = settings(topic_partitions=2)
    subscriber = subscribe(made)
    worker = start_worker(made).wait_ready()
    wire = open_wire(made)
    held, due = hold(wire, 8, 8)
    wait_delivered(made)
    assert worker.stop() == 0
    for number in range(400):
        wire.send(item_id=f"backlog-{number}", body=f"{LONG} {number}")
    wire.send(item_id="held-0-8", version=1, status="canceled")
    wire.send(item_id="held-1-8", version=2, body="Otra versión, sin embargo.")
    wire.flush()
    time.sleep(max(0.0, due + 1 - time.time()))
    heir = start_worker(made)
    expected = held - {"held-0-8", "held-1-8"}
    subscriber.wait(expected, 90)
    backlog = {f"backlog-{number}" for number in range(400)}
    assert len(backlog & set(subscriber.seen)) < 350, "the releases waited for the backlog"
    assert subscriber.delays(expected, opened(heir))[-1] <= PROMISED
    wait_delivered(made)
    subscriber.wait(backlog, 30)
    shown, articles = assert_lawful(made)
    assert "prueba:held-0-8" not in shown, "its kill waited in the backlog"
    assert [m.record["version"] for m in articles if m.key == b"prueba:held-1-8"] == [2], "so did its correction"


@pytest.mark.long
def test_released_on_time_while_the_pool_is_busy(
    settings: Make, start_worker: Start, open_wire: Open, subscribe: Callable[[Settings], Subscriber]
) -> None:
    made = settings(topic_partitions=2)
    subscriber = subscribe(made)
    start_worker(made).wait_ready()
    wire = open_wire(made)
    held, due = hold(wire, 8, 8)
    while time.time() < due:
        for number in range(100):
            wire.send(item_id=f"load-{time.time()}-{number}", body=f"{LONG} {number}")
        wire.flush()
        again = time.time() + 1
        while time.time() < again:  # what is seen late because nobody looked would count as released late
            subscriber.poll()
    subscriber.wait(held, 30)
    delays = subscriber.delays(held, due)
    assert delays[0] >= 0
    assert delays[-1] <= PROMISED


@pytest.mark.long
def test_many_items_with_one_release_time_leave_at_stream_speed(
    settings: Make, start_worker: Start, open_wire: Open, subscribe: Callable[[Settings], Subscriber]
) -> None:
    made = settings()
    subscriber = subscribe(made)
    start_worker(made).wait_ready()
    wire = open_wire(made)
    begun = time.time()
    for number in range(1000):
        wire.send(item_id=f"plain-{number}", body=f"{BODY} {number}")
    wire.flush()
    subscriber.wait({f"plain-{number}" for number in range(1000)}, 120)
    plain = time.time() - begun
    held, due = hold(wire, 1000, 10)
    subscriber.wait(held, 120)
    delays = subscriber.delays(held, due)
    assert 0 <= delays[0] <= PROMISED
    assert delays[-1] <= 2 * plain + 1, f"{delays[-1]:.1f} s; as plain items they took {plain:.1f} s"
