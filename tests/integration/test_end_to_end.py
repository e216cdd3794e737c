"""A wire goes in, articles and events come out, as the contract says; bad input ends as dead letters and the stream goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from teletipo.broker.topics import admin_client, partition_of
from teletipo.settings import Settings
from wire_stream import (
    Wire,
    WorkerProcess,
    assert_lawful,
    environment,
    latest,
    read_all,
    undelivered,
    wait_delivered,
    wait_for,
)

Start = Callable[..., WorkerProcess]
Make = Callable[..., Settings]
Open = Callable[[Settings], Wire]

TREATY = (
    "El presidente de Rusia, Vladimir Putin, y el líder de Corea del Norte, Kim Jong-un, firmaron este miércoles en Pyongyang "
    "un tratado de asociación estratégica."
)
VISIT = "El canciller de Brasil visitó el martes la sede del gobierno de Chile, en Santiago."


def command(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `teletipo …` with these settings."""
    return subprocess.run(
        [sys.executable, "-c", "from teletipo.cli import main; main()", *arguments],
        env=environment(settings), capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.alone
def test_corrections_kills_and_embargoes(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    worker = start_worker(made).wait_ready()
    wire = open_wire(made)
    published = "2024-06-19T20:00:00Z"
    wire.send(item_id="treaty", version=1, body=TREATY, headline="Firman un tratado", published_at=published)
    wire.send(item_id="late", version=1, status="canceled")
    wire.send(item_id="late", version=1, body=VISIT)
    due = datetime.now(UTC) + timedelta(seconds=5)
    wire.send(item_id="embargoed", version=1, body=VISIT, embargoed_until=due.isoformat())
    wire.send(item_id="century", version=1, body=VISIT, embargoed_until="2126-01-01T00:00:00Z")
    wire.flush()
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert set(shown) == {"prueba:treaty"}
    treaty = shown["prueba:treaty"]
    assert treaty["text"].startswith("Firman un tratado\n\nEl presidente")
    assert treaty["event_ids"], "a signed treaty is an event"
    assert [line.split()[0] for line in command(made, "held").stdout.splitlines()] == ["prueba:embargoed", "prueba:century"]
    # A comma changes no event; another text does.
    wire.send(
        item_id="treaty",
        version=2,
        body=TREATY.replace("norcoreano,", "norcoreano"),
        headline="Firman tratado",
        published_at=published,
    )
    wire.flush()
    wait_delivered(made)
    events = len(read_all(made, "news.events"))
    wire.send(item_id="treaty", version=3, body=VISIT, published_at=published)
    wire.flush()
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert shown["prueba:treaty"]["supersedes"] == 2
    gone = [m.record for m in read_all(made, "news.events")[events:] if m.record["retracted"]]
    assert {record["retraction"] for record in gone} == {"corrected"}
    # The editor kills it.
    done = command(made, "kill", "prueba:treaty", "--reason", "fuente falsa")
    assert done.returncode == 0, done.stderr
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert shown["prueba:treaty"]["retraction"] == "killed"
    assert shown["prueba:treaty"]["ed_note"] == "fuente falsa"
    rows = [orjson.loads(line) for line in command(made, "history", "prueba:treaty", "--json").stdout.splitlines()]
    assert [row["decision"] for row in rows] == ["shown", "shown", "shown", "killed"]
    assert rows[-1]["origin"] == "editor"
    # The embargo ends.
    wait_for(lambda: b"prueba:embargoed" in latest(read_all(made, "news.articles")), 20, "not released")
    released = next(m for m in read_all(made, "news.articles") if m.key == b"prueba:embargoed")
    assert 0 <= released.timestamp - due.timestamp() <= 1.0
    assert worker.metric("teletipo_kills_unmatched_total") == 1
    wait_for(lambda: worker.metric("teletipo_held") == 1, 5, "the released item still counts as held")
    assert read_all(made, "news.deadletter") == []


def test_a_kill_that_names_another_item_is_sent_on(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    start_worker(made)
    wire = open_wire(made)
    wire.send(item_id="victim", version=4, body=TREATY)
    wire.flush()
    wait_delivered(made)
    wire.send(item_id="notice", body="Anulen la nota anterior.", related=[{"relation": "kills", "ref": "victim"}])
    wire.flush()
    wait_for(lambda: latest(read_all(made, "news.articles"))[b"prueba:victim"]["retracted"], 90, "not killed")
    shown, _ = assert_lawful(made)
    assert not shown["prueba:notice"]["retracted"]


def test_what_is_misplaced_is_sent_on_once(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    worker = start_worker(made)
    wire = open_wire(made)
    right = partition_of(b"prueba:1", 3)
    value = orjson.dumps({"provider": "prueba", "item_id": "1", "body": TREATY})
    wire.send_bytes(None, value, partition=(right + 1) % 3)
    wire.flush()
    wait_for(lambda: read_all(made, "news.articles"), 90, "not published")
    wire.send_bytes(b"other", orjson.dumps({"provider": "prueba", "item_id": "2", "body": TREATY}), partition=right)
    lost = [("teletipo-rekeyed", b"1")]
    wire.send_bytes(b"other", orjson.dumps({"provider": "prueba", "item_id": "3", "body": TREATY}), lost, partition=right)
    wire.flush()
    wait_for(lambda: len(read_all(made, "news.articles")) == 2, 90, "not published")
    assert {m.key: m.partition for m in read_all(made, "news.articles")}[b"prueba:1"] == right
    assert worker.metric("teletipo_rekeyed_total") == 2
    assert [m.headers["error.type"] for m in read_all(made, "news.deadletter")] == [b"InvalidRecord"]


def test_bad_input_ends_as_dead_letters_byte_for_byte(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(topic_partitions=1)
    worker = start_worker(made)
    wire = open_wire(made)
    record = {"provider": "prueba", "item_id": "1", "body": "x"}
    newer = [("ce_dataschema", b"urn:teletipo:schema:raw:2")]
    cases: list[tuple[bytes, list[tuple[str, bytes]], bytes]] = [
        (b"not json", [], b"NotJSON"),
        (b"", [], b"NotJSON"),
        (b"\xff\xfe", [], b"NotJSON"),
        (b"[" * 200_000, [], b"NotJSON"),
        (b'{"provider": "prueba", "item_id": "1", "body": "\\ud800"}', [], b"NotJSON"),
        (b'["a list"]', [], b"InvalidRecord"),
        (orjson.dumps(record | {"body": None}), [], b"InvalidRecord"),
        (orjson.dumps(record | {"body": 7}), [], b"InvalidRecord"),
        (orjson.dumps(record | {"status": "publishable"}), [], b"InvalidRecord"),
        (orjson.dumps(record | {"embargoed_until": "0000-01-01"}), [], b"InvalidRecord"),
        (orjson.dumps(record | {"version": -1}), [], b"InvalidRecord"),
        (b'{"provider": "prueba", "item_id": "1", "body": "x", "version": 99999999999999999999}', [], b"InvalidRecord"),
        (orjson.dumps(record | {"body": "x" * 1_000_001}), [], b"TooLong"),
        (orjson.dumps(record | {"body": "x " * 5_000_000}), [("mine", b"kept")], b"TooLong"),
        (orjson.dumps(record), newer, b"UnknownSchema"),
    ]
    for value, headers, _ in cases:
        wire.send_bytes(b"prueba:1", value, headers)
    wire.send_bytes(b"prueba:1", None)
    wire.send(item_id="good", body=TREATY, unknown_field=1, urgency="high", published_at="0000-13-99")
    wire.send(item_id="odd", body="con\x00trol \u200b caracteres \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"))
    wire.flush()
    wait_delivered(made)
    letters = read_all(made, "news.deadletter")
    assert [(m.value, m.headers["error.type"]) for m in letters] == [(value, kind) for value, _, kind in cases] + [
        (None, b"InvalidRecord")
    ]
    for offset, letter in enumerate(letters):
        assert letter.key == b"prueba:1"
        assert letter.headers["error.topic"] == f"{made.topic_prefix}news.raw".encode()
        assert letter.headers["error.offset"] == str(offset).encode()
        assert letter.headers["error.attempts"] == b"1"
        assert len(letter.headers["error.message"]) <= 1000
    assert letters[13].headers["mine"] == b"kept"
    shown, _ = assert_lawful(made)
    assert set(shown) == {"prueba:good", "prueba:odd"}
    assert shown["prueba:good"]["published_at"] is None
    assert worker.metric("teletipo_dead_letters_total") == len(cases) + 1
    assert worker.metric("teletipo_fields_ignored_total") == 3
    assert "Traceback" not in worker.log


def test_a_malformed_kill_is_obeyed_and_a_dead_letter(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    start_worker(made)
    wire = open_wire(made)
    wire.send(item_id="1", version=3, body=TREATY)
    wire.flush()
    wait_delivered(made)
    wire.send(item_id="1", version="three", status="canceled")
    wire.flush()
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert shown["prueba:1"]["retraction"] == "killed"
    assert [m.headers["error.type"] for m in read_all(made, "news.deadletter")] == [b"InvalidRecord"]


@pytest.mark.alone
def test_probes_and_metrics(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(worker_stall_seconds=5)
    worker = start_worker(made).wait_ready()
    wire = open_wire(made)
    wire.send(item_id="1", body=TREATY)
    wire.flush()
    wait_delivered(made)
    assert worker.get("/livez") == (200, "ok\n")
    assert worker.metric("teletipo_items_total") == 1
    assert worker.metric("teletipo_records_total") >= 3
    # Something that never ends: the child hangs, so nothing is delivered though an input waits.
    child = worker.children()[0]
    child.suspend()
    wire.send(item_id="2", body=TREATY)
    wire.flush()
    wait_for(lambda: worker.get("/livez")[0] == 503, 9, "/livez stays green on a stalled worker")
    child.resume()
    wait_for(lambda: worker.get("/livez")[0] == 200, 9, "/livez stays red")


def test_without_topics_one_line_says_what_to_type(settings: Make) -> None:
    made = settings()
    with admin_client(made) as client:
        client.delete_topics([f"{made.topic_prefix}news.state"])
    time.sleep(0.5)
    done = command(made, "worker")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"teletipo: no topic {made.topic_prefix}news.state; type `teletipo topics create`"


def test_fausts_own_command_runs_it_too(settings: Make, open_wire: Open) -> None:
    made = settings()
    wire = open_wire(made)
    wire.send(item_id="1", body=TREATY)
    wire.flush()
    faust = [sys.executable, "-m", "faust", "-A", "teletipo.worker.app", "worker", "--without-web"]
    process = subprocess.Popen(faust, env=environment(made), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_delivered(made)
        assert len(read_all(made, "news.articles")) == 1
    finally:
        process.terminate()
        assert process.wait(20) == 0


def test_items_that_nothing_is_heard_of_are_forgotten(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(state_expire_days=0.00001, kill_expire_days=400, topic_partitions=1, expire_seconds=1)
    start_worker(made)
    wire = open_wire(made)
    wire.send(item_id="idle", body=TREATY)
    wire.send(item_id="killed", status="canceled")
    wire.send(item_id="held", body=TREATY, embargoed_until="2126-01-01T00:00:00Z")
    wire.flush()
    wait_delivered(made)
    wait_for(lambda: {m.key: m.value for m in read_all(made, "news.state")}[b"prueba:idle"] is None, 90, "not forgotten")
    left = {m.key: m.value for m in read_all(made, "news.state")}
    assert left[b"prueba:killed"] is not None
    assert left[b"prueba:held"] is not None


def test_past_items_are_coded_again(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings()
    start_worker(made)
    wire = open_wire(made)
    for number in range(40):
        wire.send(item_id=str(number), version=1, body=TREATY)
    wire.send(item_id="0", version=2, body=VISIT)
    wire.flush()
    wait_delivered(made)
    before = len(read_all(made, "news.articles"))
    done = command(made, "recode", "--since", "2020-01-01")
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "40 of 40 shown items came since 2020-01-01 and were coded again"
    assert len(read_all(made, "news.articles")) == before, "the same coder finds no difference"
    assert_lawful(made)


@pytest.mark.alone
def test_a_kill_overtakes_the_backlog(settings: Make, start_worker: Start, open_wire: Open) -> None:
    made = settings(topic_partitions=1)
    worker = start_worker(made).wait_ready()
    wire = open_wire(made)
    wire.send(item_id="victim", version=1, body=TREATY)
    wire.flush()
    wait_delivered(made)
    for number in range(250):
        wire.send(item_id=str(number), body=f"{TREATY} {VISIT} " * 8)
    wire.send(item_id="249", version=0, status="canceled")
    wire.send(item_id="victim", version=1, status="canceled")
    wire.flush()
    sent = time.time()
    retracted = wait_for(
        lambda: [m for m in read_all(made, "news.articles") if m.key == b"prueba:victim" and m.record["retracted"]],
        30,
        "not killed",
    )
    assert retracted[0].timestamp - sent <= 1.0
    assert undelivered(made) > 0, "the backlog is still there"
    wait_delivered(made)
    shown, _ = assert_lawful(made)
    assert "prueba:249" not in shown, "what was killed before its turn is never published"
    assert len(shown) == 250
    assert worker.process.poll() is None
