"""What the integration tests need: a wire that sends, workers that can be killed, a subscriber that reads what is committed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psutil
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from teletipo.broker.topics import admin_client
from teletipo.errors import BrokerUnavailable
from teletipo.settings import Settings

HERE = Path(__file__).parent
_MAIN = "from teletipo.cli import main; main()"


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give a process these settings."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    variables = {f"TELETIPO_{name.upper()}": str(value) for name, value in given.items() if value is not None}
    return {name: value for name, value in os.environ.items() if not name.startswith("TELETIPO_")} | variables


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class WorkerProcess:
    """A `teletipo worker` of its own process; `fault` names where `faulty_worker.py` kills it, `extra` are more variables."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        fault: str | None = None,
        extra: dict[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log_file = folder / f"worker-{time.monotonic_ns()}.log"
        command = [sys.executable, str(HERE / "faulty_worker.py"), fault] if fault else [sys.executable, "-c", _MAIN, "worker"]
        command += options
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment(settings) | (extra or {}), stdout=log, stderr=log, cwd=folder
            )

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self.log_file.read_text("utf-8", "replace")

    def health_port(self) -> int:
        """The port of its probes, once it has logged it."""
        return int(wait_for(lambda: re.search(r"http://127\.0\.0\.1:(\d+)/metrics", self.log), 30, "no health port")[1])

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of one of its health pages."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port()}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait_ready(self, seconds: float = 120) -> WorkerProcess:
        """Wait until it owns partitions and has opened them."""
        wait_for(lambda: self.process.poll() is None and self.get("/readyz")[0] == 200, seconds, f"not ready: {self.log[-2000:]}")
        return self

    def metric(self, name: str) -> float:
        """The value of a counter or gauge; several with labels are added up."""
        rows = re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", self.get("/metrics")[1], re.MULTILINE)
        return sum(float(row) for row in rows)

    def children(self) -> list[psutil.Process]:
        """Its enriching processes."""
        found = psutil.Process(self.process.pid).children()
        return [child for child in found if "resource_tracker" not in " ".join(child.cmdline())]

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM, and its exit status."""
        if self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
        return self.process.wait(15)


def wait_for(condition: Callable[[], Any], seconds: float, complaint: str) -> Any:
    """Wait until `condition` gives something true, and give that."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s: {complaint}")
        time.sleep(0.1)


class Wire:
    """Sends raw records, to the partition of their key unless a test says otherwise."""

    def __init__(self, settings: Settings) -> None:
        self.topic = f"{settings.topic_prefix}news.raw"
        self._producer = KafkaProducer(
            bootstrap_servers=settings.kafka_bootstrap_servers, acks="all", max_request_size=17 * 2**20, linger_ms=2
        )

    def send(self, provider: str = "prueba", item_id: str = "1", **fields: Any) -> None:
        """Send one record of news.raw under its right key."""
        record = {"provider": provider, "item_id": item_id} | fields
        self.send_bytes(f"{provider}:{item_id}".encode(), orjson.dumps(record))

    def send_bytes(
        self, key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]] | None = None, partition: int | None = None
    ) -> None:
        """Send whatever bytes."""
        self._producer.send(self.topic, key=key, value=value, headers=headers or [], partition=partition)

    def flush(self) -> None:
        """Wait for all acknowledgements."""
        self._producer.flush(30)

    def close(self) -> None:
        """Flush and disconnect."""
        self.flush()
        self._producer.close()


@dataclass(slots=True, frozen=True)
class Message:
    """A record as a subscriber sees it."""

    partition: int
    offset: int
    timestamp: float
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]

    @property
    def record(self) -> dict[str, Any]:
        """The JSON object."""
        return dict(orjson.loads(self.value or b"null"))


def read_all(settings: Settings, topic: str) -> list[Message]:
    """Everything committed on a topic, in the order of each partition."""
    name = f"{settings.topic_prefix}{topic}"
    consumer = KafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap_servers, isolation_level="read_committed", auto_offset_reset="earliest",
        enable_auto_commit=False, max_partition_fetch_bytes=17 * 2**20,
    )  # fmt: skip
    try:
        partitions = [TopicPartition(name, number) for number in sorted(consumer.partitions_for_topic(name))]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        consumer.seek_to_beginning(*partitions)
        found: list[Message] = []
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for messages in consumer.poll(timeout_ms=200).values():
                found += [Message(m.partition, m.offset, m.timestamp / 1000, m.key, m.value, dict(m.headers)) for m in messages]
        return found
    finally:
        consumer.close()


def undelivered(settings: Settings) -> int:
    """Inputs that no transaction has delivered yet: the end of news.raw less what the group has committed."""
    name, group = f"{settings.topic_prefix}news.raw", f"{settings.topic_prefix}teletipo"
    try:
        with admin_client(settings) as client:
            offsets = client.list_group_offsets(group)[group]
    except BrokerUnavailable:
        # The first group of a new broker waits until the broker has made its own topic for offsets.
        offsets = {}
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka_bootstrap_servers)
    try:
        partitions = [TopicPartition(name, number) for number in sorted(consumer.partitions_for_topic(name))]
        ends = consumer.end_offsets(partitions)
    finally:
        consumer.close()
    done = {partition: offsets[partition].offset if partition in offsets else 0 for partition in partitions}
    return sum(ends[partition] - done[partition] for partition in partitions)


def wait_delivered(settings: Settings, seconds: float = 120) -> None:
    """Wait until every input sent so far is delivered."""
    wait_for(lambda: undelivered(settings) == 0, seconds, "inputs are still undelivered")


def latest(messages: Iterable[Message]) -> dict[bytes | None, dict[str, Any]]:
    """The last record of each key: what a subscriber who keeps the latest stands by."""
    return {message.key: message.record for message in messages}


def assert_lawful(settings: Settings) -> tuple[dict[str, dict[str, Any]], list[Message]]:
    """The laws that hold for every reader at the end of any run; the last articles by id, and all article messages.

    Nothing twice: (id, revision) is unique. Revisions only rise. An article's event_ids are exactly its standing events. What is
    retracted has no text. Every record of an article lies on one partition.
    """
    articles, events = read_all(settings, "news.articles"), read_all(settings, "news.events")
    for messages in (articles, events):
        seen: dict[str, int] = {}
        for message in messages:
            record = message.record
            assert record["revision"] > seen.get(record["id"], 0), (
                f"{record['id']}: revision {record['revision']} again or falling"
            )
            seen[record["id"]] = record["revision"]
            assert message.headers["ce_id"] == f"{record['id']}:{record['revision']}".encode()
    shown = {record["id"]: record for record in latest(articles).values()}
    standing: dict[str, set[str]] = {}
    for record in latest(events).values():
        if record["retracted"]:
            assert not record["sentence"]["text"]
            assert not record["trigger"]["text"]
        else:
            standing.setdefault(record["article_id"], set()).add(record["id"])
    for record in shown.values():
        assert set(record["event_ids"]) == standing.get(record["id"], set()), f"{record['id']}: events and event_ids differ"
        if record["retracted"]:
            assert not record["text"]
            assert not record["entities"]
    homes: dict[str, set[int]] = {}
    for message in articles:
        homes.setdefault(message.record["id"], set()).add(message.partition)
    for message in events:
        homes.setdefault(message.record["article_id"], set()).add(message.partition)
    assert all(len(partitions) == 1 for partitions in homes.values())
    return shown, articles
