"""A feeder outlives a Kafka that is away for longer than it waits for an acknowledgement: one line, nothing lost or doubled."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from kafka.errors import KafkaTimeoutError
from teletipo.broker.server import EmbeddedBroker
from teletipo.errors import BrokerUnavailable
from teletipo.feeds.folder import FolderFeeder, Place, run
from teletipo.feeds.ledger import Ledger
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.patience import Patience
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings

Sent = Callable[[Settings], list[Any]]


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 40
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Day:
    """A folder that is watched, in a thread, and what was said of it."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.place, self.said, self.stop = folder / "in", [], threading.Event()
        self.ended_with: BaseException | None = None
        self._settings, self._ledger = settings, folder / "ledger.sqlite"
        self.place.mkdir()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def put(self, number: int) -> None:
        record = {"provider": "austral", "item_id": str(number), "body": "El canciller viajó a Lima."}
        (self.place / f"{number}.json").write_bytes(orjson.dumps(record))

    def end(self) -> None:
        self.stop.set()
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        patience = Patience(self.stop, self.said.append, silence=0.5, look=0.1)
        where, ledger = Place.of(str(self.place)), Ledger(self._ledger)
        try:
            with Sender(self._settings, patience=patience) as sender:
                feeder = FolderFeeder(
                    where, sender, ledger, self._settings, overrides=Overrides(), settle=0.1, say=self.said.append
                )
                run(feeder, where, self.stop, 1.0)
        except BrokerUnavailable as error:
            self.ended_with = error


def freeze(broker: EmbeddedBroker, number: int) -> None:
    running = broker.running()
    assert running is not None
    os.kill(running.pid, number)


def test_a_watched_folder_goes_on_after_kafka_was_away(
    broker: EmbeddedBroker, settings: Callable[..., Settings], sent: Sent, tmp_path: Path
) -> None:
    mine = settings()
    day = Day(mine, tmp_path)
    day.put(1)
    until(lambda: "1.json: 1 items" in day.said)
    freeze(broker, signal.SIGSTOP)
    try:
        day.put(2)
        day.put(3)
        until(lambda: any("waiting for it" in line for line in day.said))
    finally:
        freeze(broker, signal.SIGCONT)
    until(lambda: "3.json: 1 items" in day.said)
    day.end()
    assert day.ended_with is None
    assert sum(line.startswith("Kafka has acknowledged nothing") for line in day.said) == 1
    assert sum("Kafka is there again" in line for line in day.said) == 1
    assert [message.key for message in sent(mine)] == [b"austral:1", b"austral:2", b"austral:3"]


@pytest.mark.long
def test_told_to_stop_it_waits_no_longer(broker: EmbeddedBroker, settings: Callable[..., Settings], tmp_path: Path) -> None:
    day = Day(settings(), tmp_path)
    day.put(1)
    until(lambda: "1.json: 1 items" in day.said)
    freeze(broker, signal.SIGSTOP)
    try:
        day.put(2)
        until(lambda: any("waiting for it" in line for line in day.said))
        begun = time.monotonic()
        day.end()
        assert time.monotonic() - begun < 15
    finally:
        freeze(broker, signal.SIGCONT)
    assert "Kafka has not acknowledged 1 items" in str(day.ended_with)
    assert "2.json: 1 items" not in day.said


def test_patience_asks_until_there_is_an_answer_and_says_so_once() -> None:
    said: list[str] = []
    left = iter(range(6))

    def ask(seconds: float) -> str:
        time.sleep(seconds)
        if next(left) < 5:
            raise KafkaTimeoutError
        return "done"

    assert Patience(threading.Event(), said.append, silence=0.02, look=0.01).wait(ask) == "done"
    assert len(said) == 2
    with pytest.raises(StopIteration):
        Patience(threading.Event(), said.append).wait(ask)


def test_the_producer_gives_up_nothing_by_itself(settings: Callable[..., Settings]) -> None:
    """kafka-python's producer that has given up a record (after two minutes by default) sends nothing any more, for ever."""
    with Sender(settings()) as sender:
        assert sender._producer.config["delivery_timeout_ms"] > 30 * 24 * 3_600_000
