"""Nothing lost, nothing doubled: workers killed, frozen, joined, a broker killed, children hung, sends refused."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from kafka.admin import ConfigResource, ConfigResourceType
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import admin_client
from teletipo.records import dumps, parse_time
from teletipo.settings import Settings
from wire_stream import Wire, WorkerProcess, assert_lawful, latest, read_all, undelivered, wait_delivered, wait_for

Start = Callable[..., WorkerProcess]
Make = Callable[..., Settings]
Open = Callable[[Settings], Wire]

BODY = "El presidente de Rusia, Vladimir Putin, se reunió en Pyongyang con el líder norcoreano Kim Jong-un."
OTHER = "Francia y Alemania firmaron en Berlín un acuerdo de cooperación militar."


def send_many(wire: Wire, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        wire.send(item_id=str(number), body=f"{BODY} Nota {number}.")
    wire.flush()


def assert_each_once(settings: Settings, count: int) -> None:
    shown, articles = assert_lawful(settings)
    assert {record["item_id"] for record in shown.values()} == {str(number) for number in range(count)}
    assert len(articles) == count, "every item is published once"


def test_killed_in_the_middle_of_two_thousand(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(worker_pool=2, worker_session_seconds=2)
    wire = open_wire(made)
    send_many(wire, 2000)
    for share in (1700, 1000, 300):
        worker = start_worker(made)
        wait_for(lambda share=share: undelivered(made) < share, 90, "no progress")
        worker.kill()
    start_worker(made)
    wait_delivered(made)
    assert_each_once(made, 2000)


STEPS = ("before", "begin", "send", "commit", "committed", "stored")
OPEN = ("open.fenced", "open.read", "open.done")
BATCH = (*(f"batch.{step}" for step in STEPS), "batch.offsets", "batch.send:4")
KILL = tuple(f"kill.{step}" for step in STEPS)
RELEASE = tuple(f"release.{step}" for step in STEPS)
OUTSIDE = ("plan.done", "forward.sent", "rekey.sent")


@pytest.mark.parametrize(
    "points",
    [
        ("open.read", "batch.send", "batch.committed"),
        ("kill.committed", "release.send"),
        pytest.param(OUTSIDE, marks=pytest.mark.long),
        pytest.param(OPEN, marks=pytest.mark.long),
        pytest.param(BATCH, marks=pytest.mark.long),
        pytest.param(KILL, marks=pytest.mark.long),
        pytest.param(RELEASE, marks=pytest.mark.long),
    ],
    ids=["batch", "kill-and-release", "outside", "open-all", "batch-all", "kill-all", "release-all"],
)
def test_killed_between_any_two_steps(settings: Make, start_worker: Start, open_wire: Open, points: tuple[str, ...]) -> None:
    """Each worker dies at its point; the next one repairs what that left, and dies at its own; the last one finishes."""
    made = settings(topic_partitions=1, worker_session_seconds=2)
    wire = open_wire(made)
    first = start_worker(made).wait_ready()
    for round_ in range(len(points)):
        wire.send(item_id=f"victim-{round_}", version=1, body=BODY)
        wire.send(item_id=f"named-{round_}", version=1, body=OTHER)
    wire.send(item_id="corrected", version=1, body=BODY)
    wire.flush()
    wait_delivered(made)
    assert first.stop() == 0
    for round_, point in enumerate(points):
        if point.startswith("release"):
            # An embargo that ended while it started would be no release; one of the round before may kill it at once.
            faulty = start_worker(made, fault=point)
            wait_for(lambda faulty=faulty: faulty.process.poll() is not None or is_ready(faulty), 120, "not ready")
            send_round(wire, round_, 6)
        else:
            send_round(wire, round_, 1)
            faulty = start_worker(made, fault=point)
        wait_for(lambda faulty=faulty: faulty.process.poll() is not None, 90, f"{point} was not reached")
        assert faulty.process.returncode == -signal.SIGKILL, faulty.log[-1500:]
    start_worker(made)
    wait_delivered(made)
    held = {f"prueba:held-{round_}".encode() for round_ in range(len(points))}
    wait_for(lambda: held <= set(latest(read_all(made, "news.articles"))), 60, "not everything was released")
    wait_for(lambda: undelivered(made) == 0, 30, "kills that were sent on are still undelivered")
    assert_as_if_nothing_had_happened(made, len(points))


def is_ready(worker: WorkerProcess) -> bool:
    """Whether it has opened its partitions; it may be dying."""
    try:
        return worker.get("/readyz")[0] == 200
    except OSError:
        return False


def send_round(wire: Wire, round_: int, embargo: int) -> None:
    """A new item, one under an embargo, a correction, a kill, a kill that names another item, and a misplaced item."""
    soon = datetime.now(UTC) + timedelta(seconds=embargo)
    wire.send(item_id=f"new-{round_}", body=BODY)
    wire.send(item_id=f"held-{round_}", body=OTHER, embargoed_until=soon.isoformat())
    wire.send(item_id="corrected", version=round_ + 2, body=OTHER if round_ % 2 == 0 else BODY)
    wire.send(item_id=f"victim-{round_}", version=1, status="canceled")
    notice = [{"relation": "kills", "ref": f"named-{round_}"}]
    wire.send(item_id=f"notice-{round_}", body="Anulen la nota anterior.", related=notice)
    wire.send_bytes(None, dumps({"provider": "prueba", "item_id": f"keyless-{round_}", "body": BODY}), partition=0)
    wire.flush()


def assert_as_if_nothing_had_happened(settings: Settings, rounds: int) -> None:
    """What a subscriber sees after `rounds` of `send_round`."""
    shown, articles = assert_lawful(settings)
    assert shown["prueba:corrected"]["version"] == rounds + 1
    kills = [m.record["item_id"] for m in articles if m.record["retracted"]]
    assert sorted(kills) == sorted(f"{who}-{round_}" for round_ in range(rounds) for who in ("named", "victim"))
    for message in articles:
        due = parse_time(message.record["embargoed_until"] or "")
        assert due is None or message.timestamp >= due.timestamp() - 0.01
    once = [m.key for m in articles if m.record["item_id"].startswith(("new-", "held-", "notice-", "keyless-"))]
    assert len(once) == len(set(once)) == 4 * rounds


def test_a_frozen_worker_is_fenced_when_it_wakes(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(worker_session_seconds=3)
    wire = open_wire(made)
    frozen = start_worker(made).wait_ready()
    send_many(wire, 300)
    wait_for(lambda: 0 < undelivered(made) < 280, 90, "no progress")
    frozen.signal(signal.SIGSTOP)
    send_many(wire, 100, start=300)
    heir = start_worker(made)
    wait_delivered(made)
    frozen.signal(signal.SIGCONT)
    send_many(wire, 100, start=400)
    wait_delivered(made)
    assert heir.process.poll() is None
    assert_each_once(made, 500)
    assert frozen.process.poll() in (None, 3), "it has left with status 3, or was taken back into the group"


def test_a_second_worker_joins_and_leaves(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(topic_partitions=6)
    wire = open_wire(made)
    first = start_worker(made).wait_ready()
    send_many(wire, 300)
    second = start_worker(made).wait_ready()
    send_many(wire, 300, start=300)
    wait_for(lambda: second.metric("teletipo_partitions") == 3 and first.metric("teletipo_partitions") == 3, 90, "not shared")
    wait_delivered(made)
    assert second.stop() == 0
    send_many(wire, 200, start=600)
    wait_delivered(made)
    assert first.process.poll() is None
    assert_each_once(made, 800)


def test_a_killed_broker_loses_nothing(settings: Make, start_worker: Start, open_wire: Open, broker: EmbeddedBroker) -> None:
    made = settings()
    wire = open_wire(made)
    worker = start_worker(made).wait_ready()
    send_many(wire, 400)
    wait_for(lambda: undelivered(made) < 350, 90, "no progress")
    running = broker.running()
    assert running
    os.kill(running.pid, signal.SIGKILL)
    time.sleep(5)
    assert broker.start().port == running.port
    wait_delivered(made)
    assert worker.process.poll() is None, "a broker away is waited for"
    wait_for(lambda: "Kafka is there again" in worker.log, 30, "it does not say that Kafka is back")
    assert worker.log.count("Kafka is away, waiting for it") == 1
    assert worker.log.count("\n") < 40, "and no flood of what the client library says"
    assert_each_once(made, 400)


def test_a_hung_child_costs_a_repeat_and_no_item(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    wire = open_wire(made)
    worker = start_worker(made).wait_ready()
    worker.children()[0].suspend()
    wire.send(item_id="0", body=BODY)
    wire.flush()
    wait_for(lambda: worker.metric("teletipo_units_repeated_total") >= 1, 40, "the hung child was not given up")
    wait_delivered(made)
    assert read_all(made, "news.deadletter") == []
    assert_each_once(made, 1)


def test_a_killed_child_costs_a_repeat_and_no_item(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    wire = open_wire(made)
    worker = start_worker(made).wait_ready()
    child = worker.children()[0]
    child.suspend()
    wire.send(item_id="0", body=BODY)
    wire.flush()
    time.sleep(1)
    child.kill()
    wait_delivered(made)
    assert read_all(made, "news.deadletter") == []
    assert_each_once(made, 1)


def test_a_refused_send_becomes_a_dead_letter_and_nothing_else_is_lost(
    settings: Make, start_worker: Start, open_wire: Open
) -> None:
    made = settings(topic_partitions=1)
    wire = open_wire(made)
    worker = start_worker(made).wait_ready()
    with admin_client(made) as client:
        name = f"{made.topic_prefix}news.articles"
        client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, {"max.message.bytes": "20000"})])
    time.sleep(1)
    wire.send(item_id="small", body=BODY)
    wire.send(item_id="large", body=BODY * 300)
    wire.send(item_id="after", body=BODY)
    wire.flush()
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert set(shown) == {"prueba:small", "prueba:after"}
    letters = read_all(made, "news.deadletter")
    assert [letter.key for letter in letters] == [b"prueba:large"]
    assert letters[0].headers["error.stage"] == b"deliver"
    assert worker.process.poll() is None


def test_sigterm_drains_and_leaves_with_status_0(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    wire = open_wire(made)
    worker = start_worker(made).wait_ready()
    send_many(wire, 200)
    wait_for(lambda: undelivered(made) < 190, 90, "no progress")
    begun = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - begun < 10
    start_worker(made)
    wait_delivered(made)
    assert_each_once(made, 200)


def test_only_transactions_write_the_group_offset(settings: Make, start_worker: Start, open_wire: Open) -> None:
    """Faust's own commits would move it back behind, or past, what was delivered; an upgrade could bring them back."""
    made = settings(topic_partitions=1)
    wire = open_wire(made)
    worker = start_worker(made).wait_ready()
    offsets: list[int] = []
    for round_ in range(4):
        send_many(wire, 20, start=round_ * 20)
        wait_delivered(made)
        offsets.append(undelivered(made))
        state = {m.key: m.value for m in read_all(made, "news.state")}
        assert state[b"__pos"] == b'{"n":%d}' % ((round_ + 1) * 20)
    time.sleep(2)
    assert worker.stop() == 0
    assert undelivered(made) == 0
    assert_each_once(made, 80)


def test_the_supervisor_starts_a_killed_worker_again(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(worker_session_seconds=2)
    wire = open_wire(made)
    supervisor = start_worker(made, options=["--restart"]).wait_ready()
    send_many(wire, 50)
    wait_delivered(made)
    victim = next(child for child in supervisor.children() if "worker" in child.cmdline())
    victim.kill()
    send_many(wire, 50, start=50)
    wait_delivered(made)
    assert "starting it again" in supervisor.log
    assert supervisor.stop() == 0
    assert_each_once(made, 100)
