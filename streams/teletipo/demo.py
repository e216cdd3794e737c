"""The whole product on the seeds: Kafka, topics, worker, feeder and subscribers, started and stopped here.

Every run has topics of its own (a prefix with the time in it), so that a second run is no repeat of the first.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kafka import TopicPartition

from teletipo.broker import topics
from teletipo.broker.clients import open_consumer
from teletipo.broker.server import EmbeddedBroker
from teletipo.errors import InputError, UserError
from teletipo.feeds.files import read_items
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.sender import Sender
from teletipo.records import Article, Event, RawItem, loads
from teletipo.settings import Settings
from teletipo.subscribe import articles, events
from teletipo.worker.store import forget_folders

PARTITIONS = 4
READY_SECONDS = 60.0
PATIENCE_SECONDS = 90.0
_NOW = "@now+6s@"
"""Stands in a seed for the time six seconds after it is read: an embargo that ends while one watches."""
_OVERRIDES = {
    ".txt": Overrides(provider="seed", published_at=datetime(2024, 6, 19, 15, tzinfo=UTC), language="es"),
    ".7901": Overrides(provider="aan"),
}
"""What the command line would say of seeds whose format names no provider, by the ending of the file."""

Say = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What the demo counted, for its last lines."""

    sent: dict[str, float] = field(default_factory=dict)
    items: int = 0
    articles: int = 0
    events: int = 0
    corrected: int = 0
    retracted_articles: int = 0
    retracted_events: int = 0
    dead_letters: int = 0
    refused: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    decided: set[tuple[int, int]] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    ever_held: set[str] = field(default_factory=set)
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Seconds from sending an item to having its article, for items that were not held."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Demo:
    """One run. `say` gets progress, `show` each record as it comes, `note` what happened to an item without a record."""

    def __init__(self, settings: Settings, say: Say, show: Callable[[Article | Event], None], note: Say) -> None:
        self._base = settings
        self._say, self._show, self._note = say, show, note
        self._found: queue.Queue[Any] = queue.Queue()
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []
        self.tally = Tally()
        self.settings = settings
        self.address = ""
        self.worker: subprocess.Popen[bytes] | None = None
        self._has_topics = False

    def run(self, seeds: Path, keep: bool) -> Tally:
        """Run everything; what was started is stopped again, also after Ctrl-C, unless `keep`."""
        broker = EmbeddedBroker(self._base, report=self._say)
        own_broker = self._base.kafka_bootstrap_servers is None and broker.running() is None
        finished = False
        try:
            self._prepare(broker)
            self._follow()
            self._feed(seeds)
            self._wait()
            finished = True
            return self.tally
        finally:
            self._done.set()
            if not (keep and finished):
                self._stop_whatever_comes(broker, own_broker)

    def _prepare(self, broker: EmbeddedBroker) -> None:
        begun = time.monotonic()
        self.address = self._base.kafka_bootstrap_servers or broker.start().address
        prefix = datetime.now(UTC).strftime("demo-%Y%m%d-%H%M%S.")
        self.settings = self._base.model_copy(
            update={"kafka_bootstrap_servers": self.address, "topic_prefix": prefix, "topic_partitions": PARTITIONS}
        )
        topics.create(self.settings)
        self._has_topics = True
        self._say(f"Kafka is ready on {self.address} ({time.monotonic() - begun:.1f} s)")
        begun = time.monotonic()
        self._start_worker()
        self._say(f"the worker is ready, pid {self.worker.pid if self.worker else 0} ({time.monotonic() - begun:.1f} s)")

    def _start_worker(self) -> None:
        port = _free_port()
        environment = os.environ | {
            "TELETIPO_KAFKA_BOOTSTRAP_SERVERS": self.address,
            "TELETIPO_TOPIC_PREFIX": self.settings.topic_prefix,
            "TELETIPO_TOPIC_PARTITIONS": str(PARTITIONS),
            "TELETIPO_WORKER_HEALTH_PORT": str(port),
        }
        log = (EmbeddedBroker(self._base).folder.parent / "demo-worker.log").open("wb")
        # A session of its own: Ctrl-C reaches this process alone, which then stops the worker in order.
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "teletipo", "worker"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        begun = told = time.monotonic()
        while not _answers(f"http://127.0.0.1:{port}/readyz"):
            if self.worker.poll() is not None or time.monotonic() - begun > READY_SECONDS:
                raise UserError(f"the worker did not start; its log: {log.name}")
            if time.monotonic() - told > 2:
                told = time.monotonic()
                self._say(f"waiting for the worker ({told - begun:.0f} s)")
            time.sleep(0.1)

    def _follow(self) -> None:
        """Subscribe before anything is sent; each topic in a thread of its own."""
        subscriptions = [
            events(settings=self.settings, start="beginning", idle_seconds=0.5),
            articles(settings=self.settings, start="beginning", idle_seconds=0.5),
        ]
        for subscription in subscriptions:
            self._thread(self._follow_subscription, subscription)
        for name in ("history", "deadletter"):
            self._thread(self._follow_internal, name)

    def _thread(self, work: Callable[[Any], None], argument: Any) -> None:
        thread = threading.Thread(target=work, args=(argument,), daemon=True)
        thread.start()
        self._threads.append(thread)

    def _follow_subscription(self, subscription: Any) -> None:
        with subscription:
            while not self._done.is_set():
                for change in subscription:
                    self._found.put(change.record)
                    if self._done.is_set():
                        break

    def _follow_internal(self, name: str) -> None:
        topic = f"{self.settings.topic_prefix}news.{name}"
        options = {"group_id": None, "auto_offset_reset": "earliest", "consumer_timeout_ms": 500}
        with contextlib.closing(open_consumer(self.settings, **options)) as consumer:
            partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            while not self._done.is_set():
                for message in consumer:
                    self._found.put((name, message))

    def _feed(self, seeds: Path) -> None:
        with Sender(self.settings) as sender:
            for path in sorted(p for p in seeds.rglob("*") if p.is_file() and p.name != "README.md"):
                if path.suffix == ".raw":
                    self.tally.items += 1
                    sender.send_as_is(path.stem.encode(), path.read_bytes())
                    continue
                for item in self._items(path):
                    if item.key in self.tally.sent:
                        # A correction or kill of something that one should have seen before.
                        sender.flush()
                        self._settle()
                    self.tally.items += 1
                    self.tally.sent.setdefault(item.key, time.monotonic())
                    sender.send(item)
                sender.flush()
                self._drain(0.05)

    def _items(self, path: Path) -> list[RawItem]:
        data = path.read_bytes()
        until = (datetime.now(UTC) + timedelta(seconds=6)).isoformat().encode()
        overrides = _OVERRIDES.get(path.suffix, Overrides())
        try:
            found = read_items(data.replace(_NOW.encode(), until), path, overrides, self.settings)
        except InputError as error:
            self.tally.refused += 1
            self._note(f"{path.name}: refused by the reader: {error}")
            return []
        for loss in found.losses:
            self._note(f"{path.name}: {loss}")
        return found.items

    def _settle(self) -> None:
        """Show what comes until everything sent so far has been decided and been quiet for a moment."""
        begun = time.monotonic()
        while time.monotonic() - begun < 10 and len(self.tally.decided) < self.tally.items:
            self._drain(0.1)
        self._drain(0.4)

    def _wait(self) -> None:
        """Show what comes until every item has been decided, nothing is held any more and all is quiet."""
        begun = quiet_since = time.monotonic()
        while time.monotonic() - begun < PATIENCE_SECONDS:
            if self._drain(0.2):
                quiet_since = time.monotonic()
            all_decided = len(self.tally.decided) >= self.tally.items
            if all_decided and not self.tally.held and time.monotonic() - quiet_since > 1.5:
                return
            if self.worker and self.worker.poll() is not None:
                raise UserError(f"the worker ended with status {self.worker.returncode}")
        raise UserError(f"{self.tally.items - len(self.tally.decided)} items were not decided within {PATIENCE_SECONDS:.0f} s")

    def _drain(self, patience: float) -> int:
        """Work on what has come; waits `patience` seconds for the first."""
        count = 0
        with contextlib.suppress(queue.Empty):
            while True:
                self._take(self._found.get(timeout=patience if not count else 0))
                count += 1
        return count

    def _take(self, found: Any) -> None:
        if isinstance(found, Article):
            self._take_article(found)
        elif isinstance(found, Event):
            self.tally.retracted_events += found.retracted
            self.tally.events += not found.retracted
            self._show(found)
        else:
            name, message = found
            self._take_history(message) if name == "history" else self._take_dead_letter(message)

    def _take_article(self, article: Article) -> None:
        self.tally.retracted_articles += article.retracted
        self.tally.articles += not article.retracted
        self.tally.corrected += not article.retracted and article.supersedes is not None
        sent = self.tally.sent.get(article.id)
        if sent is not None and article.id not in self.tally.ever_held:
            self.tally.latencies.append(time.monotonic() - sent)
        self._show(article)

    def _take_history(self, message: Any) -> None:
        entry = loads(message.value)
        decision, key = entry["decision"], entry["key"]
        self.tally.decisions[decision] += 1
        self.tally.decided.add((entry["partition"], entry["position"]))
        if decision in ("held", "moved"):
            self.tally.held.add(key)
            self.tally.ever_held.add(key)
        elif decision in ("released", "killed", "outdated"):
            self.tally.held.discard(key)
        if decision not in ("shown", "killed"):
            self._note(f"{key}: {decision}: {entry['reason']}")

    def _take_dead_letter(self, message: Any) -> None:
        headers = {name: (value or b"").decode("utf-8", "replace") for name, value in message.headers}
        self.tally.dead_letters += 1
        self.tally.decided.add((int(headers["error.partition"]), int(headers["error.offset"])))
        key = (message.key or b"").decode("utf-8", "replace")
        self._note(f"{key}: dead letter: {headers['error.type']}: {headers['error.message']}")

    def _stop_whatever_comes(self, broker: EmbeddedBroker, own_broker: bool) -> None:
        """Stop in order; somebody who presses Ctrl-C while that lasts gets the same at once, and less tidily."""
        try:
            self._stop(broker, own_broker)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            if self.worker:
                self.worker.kill()
                self.worker.wait()
            forget_folders(self.settings)
            if own_broker:
                broker.stop(train=False)
            raise

    def _stop(self, broker: EmbeddedBroker, own_broker: bool) -> None:
        for thread in self._threads:
            thread.join(timeout=5)
        if self.worker and self.worker.poll() is None:
            self.worker.terminate()
            try:
                self.worker.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.worker.kill()
        if self._has_topics:
            with contextlib.suppress(UserError):
                topics.delete(self.settings)
        forget_folders(self.settings)
        if own_broker:
            broker.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
