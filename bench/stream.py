"""What the stream costs around the enrichment: `python -m bench.stream [--items 600] [--partitions 4]`.

In one run, with our own Kafka in a temporary folder: items per second through Kafka and the worker against the same pool over
the same items without Kafka; against a naive agent (a plain consumer loop that calls spaCy's default small configuration for
each record and waits for each send); latency at half load; memory of worker and pool (PSS).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import create
from teletipo.errors import InputError
from teletipo.feeds.files import Overrides, read_items
from teletipo.feeds.sender import Sender
from teletipo.kafka_settings import consumer_options, producer_options
from teletipo.records import RawItem, dumps, loads, parse_time
from teletipo.settings import Settings
from teletipo.worker.pool import Pool
from teletipo.worker.units import Failure, Job

SEEDS = Path(__file__).parents[1] / "seeds"
WORDS = 400


def wire_items(count: int) -> list[RawItem]:
    """Items of about WORDS words, put together from the seeds' articles, each with an id and an order of its own."""
    texts: dict[str, list[str]] = {"es": [], "en": []}
    settings = Settings()
    for path in sorted(SEEDS.rglob("*")):
        if path.suffix in (".jsonl", ".txt"):
            try:
                found = read_items(path.read_bytes(), path, Overrides(provider="bench", language="es"), settings).items
            except InputError:
                continue
            for item in found:
                language = "en" if item.item_id.startswith("mw-") else "es"
                texts[language] += [line for line in (item.body or "").split("\n") if len(line) > 40]
    items = []
    for number in range(count):
        language = "en" if number % 4 == 3 else "es"
        lines = texts[language]
        body: list[str] = []
        place = number * 7
        while sum(line.count(" ") + 1 for line in body) < WORDS:
            body.append(lines[place % len(lines)])
            place += 1
        published = datetime(2025, 3, 12, 12, number % 60, tzinfo=UTC)
        items.append(
            RawItem(
                "bench",
                f"{number}",
                1,
                published_at=published,
                language=language,
                headline=f"Nota {number}",
                body="\n".join(body),
            )
        )
    return items


async def pool_rate(settings: Settings, items: list[RawItem]) -> float:
    """Items per second of the pool alone, its children warm."""
    pool = Pool(settings)
    await pool.start()
    now = datetime.now(UTC)
    await asyncio.gather(*pool.submit([Job(item, 1, None, now) for item in items[:64]]))
    begun = time.monotonic()
    results = await asyncio.gather(*pool.submit([Job(item, 1, None, now) for item in items]))
    seconds = time.monotonic() - begun
    pool.stop()
    failed = [result for result in results if isinstance(result, Failure)]
    if failed:
        raise SystemExit(f"{len(failed)} items failed: {failed[0].message}")
    return len(items) / seconds


class Worker:
    """A worker process on these settings."""

    def __init__(self, settings: Settings, log: Path) -> None:
        given = {name: getattr(settings, name) for name in settings.model_fields_set}
        variables = {f"TELETIPO_{name.upper()}": str(value) for name, value in given.items()}
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "teletipo", "worker"], env=os.environ | variables, stdout=out, stderr=out
            )

    def wait_for(self, pattern: str, seconds: float = 60) -> None:
        """Wait until its log has a line like this."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.log.read_text("utf-8", "replace")):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit(f"the worker did not get ready:\n{self.log.read_text('utf-8', 'replace')[-1500:]}")
            time.sleep(0.1)

    def pss(self) -> dict[str, float]:
        """PSS in MB of the worker and all its children, by role."""
        family = [self.process.pid]
        for pid in family:
            found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
            family += [int(child) for child in found.stdout.split()]
        return {"worker": _pss(family[0]), "pool": sum(map(_pss, family[1:]))}

    def stop(self) -> None:
        """SIGTERM, and wait."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def _pss(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


def articles(settings: Settings, count: int, seconds: float) -> list[tuple[float, dict[str, Any]]]:
    """Append time (seconds since 1970) and record of the first `count` articles, read committed."""
    topic = f"{settings.topic_prefix}news.articles"
    consumer = KafkaConsumer(group_id=None, **(consumer_options(settings) | {"consumer_timeout_ms": 500}))
    partitions = [TopicPartition(topic, number) for number in range(settings.topic_partitions)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    found: list[tuple[float, dict[str, Any]]] = []
    deadline = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < deadline:
        found += [(message.timestamp / 1000, loads(message.value)) for message in consumer]
    consumer.close()
    if len(found) < count:
        raise SystemExit(f"{len(found)} of {count} articles within {seconds:.0f} s")
    return found


def kafka_rate(settings: Settings, items: list[RawItem], log: Path) -> tuple[float, Worker]:
    """Items per second from the worker's first read to its last article, with a backlog waiting; and the worker."""
    with Sender(settings) as sender:
        for item in items:
            sender.send(item)
    worker = Worker(settings, log)
    found = articles(settings, len(items), 600)
    first = min(parse_time(record["processing"]["received_at"]) or datetime.now(UTC) for _, record in found).timestamp()
    return len(items) / (max(at for at, _ in found) - first), worker


def latency(settings: Settings, items: list[RawItem], rate: float, already: int) -> tuple[float, float]:
    """Median and 99th percentile of the seconds from append to article at this rate, with a worker running."""
    sent: dict[str, float] = {}
    with Sender(settings) as sender:
        begun = time.monotonic()
        for number, item in enumerate(items):
            while time.monotonic() - begun < number / rate:
                time.sleep(0.001)
            sent[item.key] = time.time()
            sender.send(item)
    found = articles(settings, already + len(items), 120)
    waits = sorted(at - sent[record["id"]] for at, record in found if record["id"] in sent)
    return waits[len(waits) // 2], waits[int(len(waits) * 0.99)]


def naive_rate(settings: Settings, items: list[RawItem]) -> float:
    """Items per second of the agent that one writes first: spaCy's default pipeline record by record, each send awaited."""
    nlp = stock_pipeline()
    producer = KafkaProducer(**producer_options(settings))
    begun = time.monotonic()
    for item in items:
        doc = nlp(item.body or "")
        record = {"id": item.key, "entities": [ent.text for ent in doc.ents], "sentences": len(list(doc.sents))}
        producer.send(f"{settings.topic_prefix}news.articles", key=b"naive", value=dumps(record), partition=0).get(timeout=30)
    seconds = time.monotonic() - begun
    producer.close()
    return len(items) / seconds


def stock_pipeline() -> Any:
    """spaCy's default configuration of the components of our pipelines; random weights take the same time as trained ones."""
    from teletipo.enrich.annotate import load_pipeline

    from bench.models import stock_pipeline as stock

    return stock(load_pipeline("es"), [item.body or "" for item in wire_items(20)])


def main() -> None:
    """Run all measurements and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=600)
    parser.add_argument("--partitions", type=int, default=4)
    given = parser.parse_args()
    items = wire_items(given.items)
    with tempfile.TemporaryDirectory() as folder:
        broker = EmbeddedBroker(Settings(state_dir=Path(folder) / "state"))
        address = broker.start().address
        settings = Settings(
            kafka_bootstrap_servers=address, topic_partitions=given.partitions, state_dir=Path(folder) / "state",
            worker_health_port=0, topic_prefix="bench.",
        )  # fmt: skip
        create(settings)
        try:
            alone = asyncio.run(pool_rate(settings, items))
            through, worker = kafka_rate(settings, items, Path(folder) / "worker.log")
            extra = [
                RawItem("half", item.item_id, 1, language=item.language, headline=item.headline, body=item.body) for item in items
            ]
            rate = through / 2
            middle, worst = latency(settings, extra[: int(rate * 20)], rate, len(items))
            memory = worker.pss()
            worker.stop()
            naive = naive_rate(settings, items[:60])
        finally:
            broker.stop(train=False)
    print(f"{given.items} items of about {WORDS} words, {given.partitions} partitions, {os.cpu_count()} cores")
    print(f"pool without Kafka        {alone:7.1f} items/s")
    print(f"through Kafka and worker  {through:7.1f} items/s   ratio {through / alone:.2f} (goal 0.85)")
    print(f"naive agent, inline       {naive:7.1f} items/s   worker is {through / naive:.1f} times as fast (goal 3)")
    print(f"latency at half load ({rate:.1f} items/s): p50 {middle * 1000:.0f} ms, p99 {worst * 1000:.0f} ms")
    print(f"memory (PSS): worker {memory['worker']:.0f} MB, pool {memory['pool']:.0f} MB, together {sum(memory.values()):.0f} MB")


if __name__ == "__main__":
    main()
