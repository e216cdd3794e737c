"""What an operator does with a dead letter, against a running worker."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from kafka import KafkaProducer, TopicPartition
from teletipo.broker.clients import open_producer
from teletipo.broker.topics import admin_client
from teletipo.cli.deadletter import deadletter
from teletipo.errors import UserError
from teletipo.records.schema import asyncapi
from teletipo.settings import Settings
from teletipo.subscribe.deadletters import DeadLetters
from wire_stream import Wire, WorkerProcess, read_all, wait_for

BROKEN = b'{"provider": "prueba", "item_id": "9", "body'


@pytest.fixture
def mine(settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with a worker that runs on them; commands of this process use the same."""
    made = settings()
    monkeypatch.setenv("TELETIPO_KAFKA_BOOTSTRAP_SERVERS", str(made.kafka_bootstrap_servers))
    monkeypatch.setenv("TELETIPO_TOPIC_PREFIX", made.topic_prefix)
    worker = WorkerProcess(made, tmp_path / "worker").wait_ready()
    yield made
    worker.stop()


def test_a_letter_is_listed_shown_replayed_and_refused_after_three_attempts(mine: Settings) -> None:
    wire = Wire(mine)
    wire.send_bytes(b"prueba:9", BROKEN, headers=[("feed", b"mio")])
    wire.close()
    box = DeadLetters(mine)
    run = CliRunner()
    for attempt in (1, 2, 3):
        (letter,) = wait_for(box.open, 30, "no dead letter")
        assert (letter.value, letter.key, letter.attempts) == (BROKEN, b"prueba:9", attempt)
        assert ("feed", b"mio") in letter.original_headers
        listed = run.invoke(deadletter, ["list"])
        assert letter.id in listed.output
        assert "NotJSON" in listed.output
        if attempt < 3:
            assert "1 replayed" in run.invoke(deadletter, ["replay", letter.id]).output
            assert letter.id not in {one.id for one in box.open()}, "a letter is not sent twice"
    shown = run.invoke(deadletter, ["show", letter.id])
    assert BROKEN.decode() in shown.output
    refused = run.invoke(deadletter, ["replay", letter.id])
    assert isinstance(refused.exception, UserError)
    assert "--force" in str(refused.exception)
    assert "1 discarded" in run.invoke(deadletter, ["discard", "--all"]).output
    assert box.open() == []


FEED = b"""<rss version="2.0"><channel><title>Prueba</title><link>https://prueba.example/</link>
<item><guid>a1</guid><title>Uno</title><description>Francia y Alemania firmaron un acuerdo en Berl&#237;n.</description></item>
<item><guid>a2</guid><title>Dos</title><description>El Senado de Chile rechaz&#243; el proyecto de ley.</description></item>
</channel></rss>"""
RECORD_ERROR = {"stage": "decide", "type": "NotJSON", "message": "no", "attempts": "1"}
DOCUMENT_ERROR = RECORD_ERROR | {"feeder": "feed poll", "source": "https://prueba.example/rss", "provider": "prueba"}


def put_letter(settings: Settings, key: bytes | None, value: bytes, error: dict[str, str]) -> None:
    """A dead letter as the worker or a feeder leaves it."""
    headers = [(f"error.{name}", text.encode()) for name, text in error.items()]
    with contextlib.closing(open_producer(settings)) as producer:
        producer.send(f"{settings.topic_prefix}news.deadletter", key=key, value=value, headers=headers).get(30)


def replay_and_die(point: int) -> None:
    """`deadletter replay --all`, ended by kill -9 at a point: 2n is just before the n-th record sent, 2n + 1 just after it."""
    sending, passed = KafkaProducer.send, iter(range(1000))

    def die_at(now: int) -> None:
        if now == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def send(self: KafkaProducer, *args: Any, **options: Any) -> Any:
        die_at(next(passed))
        future = sending(self, *args, **options)
        future.get(30)
        die_at(next(passed))
        return future

    KafkaProducer.send = send
    CliRunner().invoke(deadletter, ["replay", "--all"])
    os._exit(0)


@pytest.fixture
def topics_alone(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Topics that no worker reads; commands of this process use them."""
    made = settings()
    monkeypatch.setenv("TELETIPO_KAFKA_BOOTSTRAP_SERVERS", str(made.kafka_bootstrap_servers))
    monkeypatch.setenv("TELETIPO_TOPIC_PREFIX", made.topic_prefix)
    return made


def points(quick: set[int], last: int) -> list[Any]:
    """All points, those between which nothing changes on the topics or that the document's share with a record's only at length."""
    return [pytest.param(point, marks=() if point in quick else pytest.mark.long) for point in range(last + 1)]


@pytest.mark.parametrize("point", points({1, 3}, 5))
def test_a_replay_that_is_killed_at_any_point_sends_a_record_once(topics_alone: Settings, point: int) -> None:
    put_letter(topics_alone, b"prueba:9", BROKEN, RECORD_ERROR)
    died_replaying(point)
    CliRunner().invoke(deadletter, ["replay", "--all"])
    (sent,) = read_all(topics_alone, "news.raw")
    assert (sent.key, sent.value, sent.headers["teletipo-replayed"]) == (b"prueba:9", BROKEN, b"1")
    assert DeadLetters(topics_alone).open() == []


@pytest.mark.parametrize("point", points({3}, 7))
def test_a_replay_that_is_killed_at_any_point_sends_each_item_of_a_document_once(topics_alone: Settings, point: int) -> None:
    put_letter(topics_alone, None, FEED, DOCUMENT_ERROR)
    died_replaying(point)
    CliRunner().invoke(deadletter, ["replay", "--all"])
    sent = read_all(topics_alone, "news.raw")
    assert sorted(message.record["item_id"] for message in sent) == ["a1", "a2"]
    named = set(asyncapi()["channels"]["news.raw"]["messages"]["raw"]["headers"]["properties"])
    assert all(set(message.headers) <= named for message in sent)
    assert DeadLetters(topics_alone).open() == []


def died_replaying(point: int) -> None:
    process = multiprocessing.get_context("fork").Process(target=replay_and_die, args=(point,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, "the replay has a step less than the test thinks"


def test_a_replay_cut_off_before_retention_passed_is_sent_only_by_force(topics_alone: Settings) -> None:
    wire = Wire(topics_alone)
    for number in range(12):
        wire.send(item_id=str(number), body="x")
    wire.close()
    put_letter(topics_alone, b"prueba:9", BROKEN, RECORD_ERROR)
    died_replaying(3)
    raw = f"{topics_alone.topic_prefix}news.raw"
    with admin_client(topics_alone) as client:
        client.delete_records({TopicPartition(raw, number): -1 for number in range(3)})
    refused = CliRunner().invoke(deadletter, ["replay", "--all"])
    assert isinstance(refused.exception, UserError)
    assert "cut off" in str(refused.exception)
    assert read_all(topics_alone, "news.raw") == []
    assert "1 replayed" in CliRunner().invoke(deadletter, ["replay", "--all", "--force"]).output
    assert [message.value for message in read_all(topics_alone, "news.raw")] == [BROKEN]
