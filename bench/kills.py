"""How fast a kill is obeyed under full load: `python -m bench.kills [--kills 200] [--partitions 4]`.

With our own Kafka in a temporary folder: items are published, then a backlog of items of 400 words is sent that the worker cannot
finish meanwhile, and while it works on that one published item after the other is killed. Printed are the seconds from a kill's
append to the moment when a live subscriber sees the retraction, and, by the worker's own figure (`teletipo_kill_seconds`), from
its reading to the acknowledged retraction, as the upper edge of the histogram's bucket.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kafka import KafkaConsumer, TopicPartition
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import ARTICLES, create
from teletipo.feeds.sender import Sender
from teletipo.kafka_settings import consumer_options
from teletipo.records import RawItem, loads
from teletipo.settings import Settings

from bench.stream import WORDS, Worker, articles, wire_items

GOAL = 1.0
"""Seconds from reading a kill to its acknowledged retraction, at the 99th percentile."""
EVERY = 0.1
"""Seconds between two kills."""
BACKLOG_A_SECOND = 50
"""Items of the backlog for each second of killing: more than two cores enrich."""


class Subscriber:
    """A live reader of the committed articles; notes when it first saw each retraction and each article."""

    def __init__(self, settings: Settings) -> None:
        options = consumer_options(settings) | {"consumer_timeout_ms": 500, "fetch_max_wait_ms": 10}
        self._consumer = KafkaConsumer(group_id=None, **options)
        topic = f"{settings.topic_prefix}{ARTICLES}"
        self._consumer.assign([TopicPartition(topic, number) for number in range(settings.topic_partitions)])
        self._consumer.seek_to_end()
        self.retracted: dict[str, float] = {}
        self.published: set[str] = set()

    def poll(self) -> None:
        """Read what is there."""
        for messages in self._consumer.poll(timeout_ms=5).values():
            for message in messages:
                record = loads(message.value)
                if record["retracted"]:
                    self.retracted.setdefault(record["id"], time.time())
                else:
                    self.published.add(record["id"])


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--partitions", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        broker = EmbeddedBroker(Settings(state_dir=Path(folder) / "state"))
        settings = Settings(
            kafka_bootstrap_servers=broker.start().address, topic_partitions=given.partitions, state_dir=Path(folder) / "state",
            worker_health_port=0, topic_prefix="bench.",
        )  # fmt: skip
        create(settings)
        worker = Worker(settings, Path(folder) / "worker.log")
        try:
            measure(settings, worker, given.kills)
        finally:
            worker.stop()
            broker.stop(train=False)


def measure(settings: Settings, worker: Worker, kills: int) -> None:
    """Publish, load, kill, print."""
    victims = wire_items(kills)
    with Sender(settings) as sender:
        for item in victims:
            sender.send(item)
    articles(settings, kills, 300)
    subscriber = Subscriber(settings)
    backlog = [replace(item, provider="backlog") for item in wire_items(int(kills * EVERY * BACKLOG_A_SECOND) + 200)]
    sent: dict[str, float] = {}
    with Sender(settings) as sender:
        for item in backlog:
            sender.send(item)
    with Sender(settings) as sender:
        begun = time.monotonic()
        while len(subscriber.retracted) < kills and time.monotonic() - begun < kills * EVERY + 60:
            if len(sent) < kills and time.monotonic() - begun >= len(sent) * EVERY:
                victim = victims[len(sent)]
                sent[victim.key] = time.time()
                sender.send(RawItem(victim.provider, victim.item_id, status="canceled"))
            subscriber.poll()
    waiting = len(backlog) - len(subscriber.published)
    waits = sorted(subscriber.retracted[key] - at for key, at in sent.items() if key in subscriber.retracted)
    if len(waits) < kills or waiting <= 0:
        raise SystemExit(f"{len(waits)} of {kills} kills were obeyed while {waiting} items waited: nothing can be said")
    print(f"{kills} kills over a backlog of items of about {WORDS} words, {waiting} of {len(backlog)} still waiting at the end")
    print(f"{os.cpu_count()} cores, {settings.topic_partitions} partitions; seconds")
    print(f"append to a subscriber's sight      {_at(waits, 0.5)}   {_at(waits, 0.99)}   slowest {waits[-1]:.3f}")
    counts = kill_buckets(worker)
    middle, worst = (next(edge for edge, count in counts if count >= share * counts[-1][1]) for share in (0.5, 0.99))
    print(f"reading to the acknowledgement      p50 up to {middle:g}   p99 up to {worst:g} (goal {GOAL:g})")


def _at(waits: Sequence[float], share: float) -> str:
    return f"p{100 * share:.0f} {waits[min(len(waits) - 1, int(share * len(waits)))]:.3f}"


def kill_buckets(worker: Worker) -> list[tuple[float, float]]:
    """Upper edges of the worker's histogram of kills, in seconds, with the number of kills up to each."""
    worker.wait_for(r"/metrics")
    found = re.search(r"http://127\.0\.0\.1:\d+/metrics", worker.log.read_text("utf-8", "replace"))
    assert found
    with urllib.request.urlopen(found[0], timeout=5) as answer:
        page = answer.read().decode()
    rows = re.findall(r'^teletipo_kill_seconds_bucket\{le="([^"]+)"\} (\S+)$', page, re.MULTILINE)
    return [(float(edge), float(count)) for edge, count in rows]


if __name__ == "__main__":
    main()
