"""Odd but possible input to the lifecycle: each has a stated result (docs/operations.md), and its neighbours go on."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any

import pytest
from teletipo.broker.topics import partition_of
from teletipo.settings import Settings
from wire_stream import Message, Wire, WorkerProcess, assert_lawful, environment, read_all, wait_delivered, wait_for

Start = Callable[..., WorkerProcess]
Make = Callable[..., Settings]
Open = Callable[[Settings], Wire]

BODY = "Francia y Alemania firmaron en Berlín un acuerdo de cooperación militar."
NEIGHBOUR = 3.0
"""Seconds that an item of another partition may take while something odd goes on."""


def ids_on(partition: int, partitions: int, name: str) -> Any:
    """Item ids that lie on this partition."""
    ids = (f"{name}-{number}" for number in count())
    return (item_id for item_id in ids if partition_of(f"prueba:{item_id}".encode(), partitions) == partition)


def seconds_of_a_neighbour(settings: Settings, wire: Wire, item_id: str) -> float:
    """How long an ordinary item takes now, from sending it to its article."""
    sent = time.time()
    wire.send(item_id=item_id, body=BODY)
    wire.flush()

    def published() -> list[Message]:
        return [m for m in read_all(settings, "news.articles") if m.record["item_id"] == item_id]

    return float(wait_for(published, 60, "the neighbour was not published")[0].timestamp - sent)


def test_a_version_that_is_none_makes_a_dead_letter_and_a_kill_is_obeyed(
    settings: Make, start_worker: Start, open_wire: Open
) -> None:
    made = settings(topic_partitions=1)
    start_worker(made)
    wire = open_wire(made)
    odd: list[Any] = ["2", "two", -1, 2**63, 10**30, 1.5, True, [1]]
    for number in range(len(odd)):
        wire.send(item_id=f"shown-{number}", version=2**63 - 1, body=BODY)
    wire.flush()
    wait_delivered(made)
    for number, version in enumerate(odd):
        for item_id, status in ((f"new-{number}", "usable"), (f"shown-{number}", "canceled")):
            record = {"provider": "prueba", "item_id": item_id, "status": status, "body": "x", "version": version}
            wire.send_bytes(f"prueba:{item_id}".encode(), json.dumps(record).encode())
    wire.flush()
    wait_delivered(made)
    articles, _ = assert_lawful(made)
    assert set(articles) == {f"prueba:shown-{number}" for number in range(len(odd))}
    assert {record["retraction"] for record in articles.values()} == {"killed"}
    assert {record["version"] for record in articles.values()} == {2**63 - 1}, "every version so far"
    assert [m.headers["error.type"] for m in read_all(made, "news.deadletter")] == [b"InvalidRecord"] * 2 * len(odd)


def test_times_in_the_years_0_1_and_9999(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(topic_partitions=1)
    worker = start_worker(made)
    wire = open_wire(made)
    text = f"{BODY} Mañana se reunirán en Lima. La semana pasada Rusia impuso sanciones a Ucrania."
    for item_id, moment in (("0", "0000-01-01T00:00:00Z"), ("1", "0001-01-01T00:00:00Z"), ("9999", "9999-12-31T23:59:59Z")):
        wire.send(item_id=f"published-{item_id}", body=text, published_at=moment, updated_at=moment)
        wire.send(item_id=f"embargoed-{item_id}", body=BODY, embargoed_until=moment)
    wire.send(item_id="beyond", body=BODY, embargoed_until="9999-12-31T23:59:59-12:00")
    # The same version as it was earlier: the times decide, also where they are as far apart as can be.
    wire.send(item_id="published-9999", body=f"{text} Tarde.", updated_at="0001-01-01T00:00:00Z")
    wire.flush()
    wait_delivered(made)
    articles, _ = assert_lawful(made)
    assert set(articles) == {f"prueba:{one}" for one in ("published-0", "published-1", "published-9999", "embargoed-1")}
    assert articles["prueba:published-0"]["published_at"] is None
    assert articles["prueba:published-9999"]["published_at"] == "9999-12-31T23:59:59Z"
    assert not articles["prueba:published-9999"]["text"].endswith("Tarde.")
    assert [m.key for m in read_all(made, "news.deadletter")] == [b"prueba:embargoed-0", b"prueba:beyond"]
    assert worker.metric("teletipo_held") == 1
    assert worker.metric("teletipo_next_release_timestamp_seconds") == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()


def test_an_embargo_a_century_ahead_waits_and_can_be_moved_and_killed(
    settings: Make, start_worker: Start, open_wire: Open
) -> None:
    made = settings(topic_partitions=1)
    worker = start_worker(made)
    wire = open_wire(made)
    century = (datetime.now(UTC) + timedelta(days=36_525)).isoformat()
    for item_id in ("moved", "killed", "waits"):
        wire.send(item_id=item_id, body=BODY, embargoed_until=century, updated_at="2026-01-01T00:00:00Z")
    wire.flush()
    wait_delivered(made)
    wire.send(item_id="moved", body=BODY, updated_at="2026-01-02T00:00:00Z")
    wire.send(item_id="killed", status="canceled")
    wire.flush()
    wait_delivered(made)
    assert set(assert_lawful(made)[0]) == {"prueba:moved"}
    assert set(latest_held(made)) == {b"prueba:waits"}
    assert worker.metric("teletipo_held") == 1


def latest_held(settings: Settings) -> dict[bytes | None, bytes]:
    """What is stored under embargo now."""
    values = {message.key: message.value for message in read_all(settings, "news.held")}
    return {key: value for key, value in values.items() if value is not None}


@pytest.mark.long
@pytest.mark.parametrize("embargoed", [False, True], ids=["usable", "embargoed"])
def test_a_thousand_versions_of_one_key(settings: Make, start_worker: Start, open_wire: Open, embargoed: bool) -> None:
    made = settings(topic_partitions=2)
    start_worker(made).wait_ready()
    wire = open_wire(made)
    here, there = ids_on(0, 2, "item"), ids_on(1, 2, "item")
    key = next(here)
    versions = list(range(1000))
    random.Random(3).shuffle(versions)
    more = {"embargoed_until": "2099-01-01T00:00:00Z"} if embargoed else {}
    for version in versions:
        wire.send(item_id=key, version=version, body=f"{BODY} Versión {version}. " * 20, **more)
    wire.flush()
    assert seconds_of_a_neighbour(made, wire, next(there)) <= NEIGHBOUR
    assert seconds_of_a_neighbour(made, wire, next(here)) <= 10 * NEIGHBOUR
    wait_delivered(made)
    articles, messages = assert_lawful(made)
    if embargoed:
        assert f"prueba:{key}" not in articles
        wire.send(item_id=key, version=997, status="canceled")
        wire.send(item_id=key, version=998, body="Ya sin embargo.", updated_at="2026-01-02T00:00:00Z")
        wire.flush()
        wait_delivered(made)
        articles, messages = assert_lawful(made)
        assert articles[f"prueba:{key}"]["version"] == 998
        assert next(iter(latest_held(made).values())).startswith(b'{"999":{')
    else:
        assert articles[f"prueba:{key}"]["version"] == 999
        assert len(messages) < 100, "what a batch replaces is not published"


def test_a_key_of_ten_kilobytes(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    worker = start_worker(made)
    wire = open_wire(made)
    long = "ñ" * 5_000
    wire.send(item_id=long, version=1, body=BODY)
    wire.send(provider=long, item_id="1", version=1, body=BODY)
    wire.send(item_id="held" + long, body=BODY, embargoed_until="2099-01-01T00:00:00Z")
    wire.flush()
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert set(shown) == {f"prueba:{long}", f"{long}:1"}
    assert all(record["event_ids"] for record in shown.values())
    wire.send(item_id=long, version=1, status="canceled")
    wire.flush()
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert shown[f"prueba:{long}"]["retracted"]
    assert not shown[f"{long}:1"]["retracted"]
    assert read_all(made, "news.deadletter") == []
    assert worker.metric("teletipo_held") == 1


def test_two_providers_with_one_id_are_two_items(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    start_worker(made)
    wire = open_wire(made)
    # The key may not be split: here both parts have colons, and two items would share it if it were.
    for provider in ("una", "otra", "una:otra"):
        wire.send(provider=provider, item_id="1", version=1, body=BODY)
    wire.send(provider="una", item_id="1", version=1, status="canceled")
    wire.send(provider="otra", item_id="1", version=2, body=f"{BODY} Corregido.")
    wire.flush()
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert shown["otra:1"]["version"] == 2
    assert not shown["una:otra:1"]["retracted"]
    assert "una:1" not in shown or shown["una:1"]["retracted"]
    events = {m.record["article_id"] for m in latest_messages(made)}
    assert {"otra:1", "una:otra:1"} <= events
    # An editor need not know which of the colons parts the two: the item says it.
    command = [sys.executable, "-m", "teletipo", "kill", "una:otra:1", "--reason", "error"]
    subprocess.run(command, env=environment(made), check=True)
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert shown["una:otra:1"]["retraction"] == "killed"
    assert not shown["otra:1"]["retracted"]


def latest_messages(settings: Settings) -> list[Message]:
    """The last message of each standing event."""
    found = {message.key: message for message in read_all(settings, "news.events")}
    return [message for message in found.values() if not message.record["retracted"]]


@pytest.mark.long
@pytest.mark.parametrize(("kills", "shown"), [(2_000, 100), (10_000, 1_000)])
def test_a_kill_storm(settings: Make, start_worker: Start, open_wire: Open, kills: int, shown: int) -> None:
    made = settings(topic_partitions=2)
    worker = start_worker(made).wait_ready()
    wire = open_wire(made)
    there = ids_on(1, 2, "neighbour")
    victims = list(islice(ids_on(0, 2, "victim"), kills))
    for item_id in victims[:shown]:
        wire.send(item_id=item_id, version=1, body=BODY)
    wire.flush()
    wait_delivered(made)
    random.Random(5).shuffle(victims)
    begun = time.time()
    for item_id in victims:
        wire.send(item_id=item_id, version=1, status="canceled")
    wire.flush()
    assert seconds_of_a_neighbour(made, wire, next(there)) <= NEIGHBOUR
    wait_delivered(made)
    articles, messages = assert_lawful(made)
    assert len(articles) == shown + 1
    retracted = [m for m in messages if m.record["retraction"] == "killed"]
    assert len(retracted) == shown
    last = max(m.timestamp for m in retracted) - begun
    assert last <= kills / 500, f"the last retraction left after {last:.1f} s"
    assert worker.metric("teletipo_kills_unmatched_total") == kills - shown
