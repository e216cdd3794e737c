"""What the stream costs around the enrichment: `python -m bench.stream [--items 900] [--rounds 3] [--partitions 4]`.

In one run, with our own Kafka in a temporary folder, by turns over the same items: the pool alone, without Kafka; the worker,
through Kafka; and the agent that a user would write (`bench.naive_agent`: one process, `nlp(text)` of spaCy's small
configuration for each record), through Kafka too. All are running and warm before the first round. A rate through Kafka is
items by the seconds from the feeder's first send to the broker's append time of the last output, for both in the same way.
Then latency of the worker at half load, and memory of worker and pool (PSS).
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from kafka import KafkaConsumer, TopicPartition
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import ARTICLES, EVENTS, create
from teletipo.errors import InputError
from teletipo.feeds.files import read_items
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.sender import Sender
from teletipo.kafka_settings import consumer_options
from teletipo.records import RawItem, loads
from teletipo.settings import Settings
from teletipo.worker.pool import Pool
from teletipo.worker.units import Failure, Job

from training.paths import ROOT, STOCK

SEEDS = ROOT / "seeds"
WORDS = 400
WARM_UP = 96
"""Items that everything sees before it is measured."""
STREAM_GOAL, NAIVE_GOAL = 0.85, 3.0
LANGUAGES = ("es", "en")


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


class Process:
    """A child process with its log."""

    def __init__(self, arguments: Sequence[str], variables: dict[str, str], log: Path, folder: Path | None = None) -> None:
        self.log = log
        self.name = " ".join(arguments)
        with log.open("wb") as out:
            command = [sys.executable, "-m", *arguments]
            self.process = subprocess.Popen(command, env=os.environ | variables, stdout=out, stderr=out, cwd=folder)

    def wait_for(self, pattern: str, seconds: float = 60) -> None:
        """Wait until its log has a line like this."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.log.read_text("utf-8", "replace")):
            self.check()
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name} did not get ready:\n{self._log_end()}")
            time.sleep(0.1)

    def check(self) -> None:
        """End the bench with what it logged if it has ended."""
        if self.process.poll() is not None:
            raise SystemExit(f"{self.name} ended with status {self.process.returncode}:\n{self._log_end()}")

    def _log_end(self) -> str:
        return self.log.read_text("utf-8", "replace")[-1500:]

    @property
    def family(self) -> list[psutil.Process]:
        """The process, and after it all its children."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def cpu(self) -> tuple[float, float]:
        """Seconds of processor time of the process itself and of its children."""
        own, *children = (sum(one.cpu_times()[:2]) for one in self.family)
        return own, sum(children)

    def stop(self) -> None:
        """SIGTERM, and wait."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class Worker(Process):
    """A worker process on these settings."""

    def __init__(self, settings: Settings, log: Path) -> None:
        given = {name: getattr(settings, name) for name in settings.model_fields_set}
        variables = {f"TELETIPO_{name.upper()}": str(value) for name, value in given.items()}
        super().__init__(["teletipo", "worker"], variables, log)

    def pss(self) -> tuple[float, float]:
        """PSS in MB of the worker itself and of its pool."""
        own, *children = (one.memory_full_info().pss / 2**20 for one in self.family)
        return own, sum(children)


class NaiveAgent(Process):
    """`bench.naive_agent` under Faust's own command, with the stock pipelines of a folder."""

    def __init__(self, settings: Settings, stock: Path, folder: Path) -> None:
        variables = {"NAIVE_BROKER": str(settings.kafka_bootstrap_servers), "NAIVE_PIPELINES": str(stock.resolve())}
        arguments = ["faust", "--datadir", str(folder / "faust"), "-A", "bench.naive_agent", "worker", "--without-web"]
        super().__init__(arguments, variables, folder / "naive.log", ROOT)


class Outputs:
    """What is appended to an output topic from now on, committed records only."""

    def __init__(self, settings: Settings, topic: str, from_beginning: bool = False) -> None:
        self._topic = f"{settings.topic_prefix}{topic}"
        # kafka-python's checksum in pure Python would take a twentieth of what is measured.
        self._consumer = KafkaConsumer(group_id=None, check_crcs=False, **consumer_options(settings))
        partitions = [TopicPartition(self._topic, number) for number in range(settings.topic_partitions)]
        self._consumer.assign(partitions)
        move = self._consumer.seek_to_beginning if from_beginning else self._consumer.seek_to_end
        move(*partitions)
        for partition in partitions:
            self._consumer.position(partition)

    def read(self, count: int, seconds: float, check: Callable[[], None] = lambda: None) -> list[tuple[float, bytes]]:
        """Append time (seconds since 1970) and value of the next records, once there are `count` of them.

        `check` is called again and again meanwhile; it may raise.
        """
        found: list[tuple[float, bytes]] = []
        deadline = time.monotonic() + seconds
        while len(found) < count and time.monotonic() < deadline:
            for messages in self._consumer.poll(timeout_ms=200).values():
                found += [(message.timestamp / 1000, message.value) for message in messages]
            check()
        if len(found) < count:
            raise SystemExit(f"{len(found)} of {count} records on {self._topic} within {seconds:.0f} s")
        return found

    def close(self) -> None:
        """Leave."""
        self._consumer.close()


def articles(settings: Settings, count: int, seconds: float) -> list[tuple[float, dict[str, Any]]]:
    """Append time (seconds since 1970) and record of the first `count` articles, read committed."""
    outputs = Outputs(settings, ARTICLES, from_beginning=True)
    found = outputs.read(count, seconds)
    outputs.close()
    return [(at, loads(value)) for at, value in found]


class WarmPool:
    """The worker's pool in this process, its children warm."""

    def __init__(self, settings: Settings) -> None:
        self._runner = asyncio.Runner()
        self._pool = Pool(settings)
        self._runner.run(self._pool.start())

    def rate(self, items: Sequence[RawItem]) -> float:
        """Items per second."""
        return self._runner.run(self._rate(items))

    async def _rate(self, items: Sequence[RawItem]) -> float:
        now = datetime.now(UTC)
        begun = time.monotonic()
        results = await asyncio.gather(*self._pool.submit([Job(item, 1, None, now) for item in items]))
        seconds = time.monotonic() - begun
        failed = [result for result in results if isinstance(result, Failure)]
        if failed:
            raise SystemExit(f"{len(failed)} items failed: {failed[0].message}")
        return len(items) / seconds

    def close(self) -> None:
        """End the children."""
        self._pool.stop()
        self._runner.close()


class Stream:
    """A process between `news.raw` and an output topic of a prefix, which gets one record for each item."""

    def __init__(self, settings: Settings, topic: str, process: Process) -> None:
        self.settings, self.process = settings, process
        self.outputs = Outputs(settings, topic)
        self.cpu = [0.0, 0.0]
        """Seconds of processor time in the measured rounds: of the process itself, of its children."""

    def rate(self, items: Sequence[RawItem], seconds: float = 600) -> float:
        """Items per second, from the first send to the append of the last output."""
        before = self.process.cpu()
        with Sender(self.settings) as sender:
            begun = time.time()
            for item in items:
                sender.send(item)
        found = self.outputs.read(len(items), seconds, self.process.check)
        for place, (then, now) in enumerate(zip(before, self.process.cpu(), strict=True)):
            self.cpu[place] += now - then
        return len(items) / (max(at for at, _ in found) - begun)

    def close(self) -> None:
        """Stop the process."""
        self.outputs.close()
        self.process.stop()


def latency(settings: Settings, items: Sequence[RawItem], rate: float) -> tuple[float, float]:
    """Median and 99th percentile of the seconds from send to article at this rate, with a worker running."""
    sent: dict[str, float] = {}
    outputs = Outputs(settings, ARTICLES)
    with Sender(settings) as sender:
        begun = time.monotonic()
        for number, item in enumerate(items):
            while time.monotonic() - begun < number / rate:
                time.sleep(0.001)
            sent[item.key] = time.time()
            sender.send(item)
    found = outputs.read(len(items), 120)
    outputs.close()
    waits = sorted(at - sent[loads(value)["id"]] for at, value in found)
    return waits[len(waits) // 2], waits[int(len(waits) * 0.99)]


@dataclass(slots=True)
class Rounds:
    """Rates of each round, in items per second; `naive` is empty without stock pipelines."""

    pool: list[float]
    worker: list[float]
    naive: list[float]


def measure(pool: WarmPool, worker: Stream, naive: Stream | None, items: list[RawItem], rounds: int) -> Rounds:
    """All by turns over the same items, a share of them each round."""
    rates = Rounds([], [], [])
    share = len(items) // rounds
    for number in range(rounds):
        part = items[number * share : (number + 1) * share]
        rates.pool.append(pool.rate(part))
        rates.worker.append(worker.rate(part))
        if naive:
            rates.naive.append(naive.rate(part))
    return rates


@contextmanager
def kafka(folder: Path) -> Iterator[str]:
    """The address of a broker that stamps records when it appends them."""
    extra = {"log.message.timestamp.type": "LogAppendTime"}
    broker = EmbeddedBroker(Settings(state_dir=folder / "state"), extra=extra)
    try:
        yield broker.start().address
    finally:
        broker.stop(train=False)


def main() -> None:
    """Run all measurements and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=900, help="of all rounds together")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument(
        "--stock", type=Path, default=STOCK, help="folder of the stock pipelines (python -m training.stock es en)"
    )
    given = parser.parse_args()
    missing = [language for language in LANGUAGES if not (given.stock / language / "meta.json").exists()]
    if missing:
        print(
            f"bench.stream: no stock pipeline {' '.join(missing)} in {given.stock}, so no comparison with the naive agent; "
            f"`python -m training.stock {' '.join(missing)}` makes it in 6 minutes a language",
            file=sys.stderr,
        )
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        address = opened.enter_context(kafka(folder))
        settings = Settings(
            kafka_bootstrap_servers=address, topic_partitions=given.partitions, state_dir=folder / "state", worker_health_port=0,
            topic_prefix="bench.",
        )  # fmt: skip
        create(settings)
        running = Worker(settings, folder / "worker.log")
        worker = Stream(settings, ARTICLES, running)
        opened.callback(worker.close)
        naive = None
        if not missing:
            naive_settings = settings.model_copy(update={"topic_prefix": "naive."})
            create(naive_settings)
            naive = Stream(naive_settings, EVENTS, NaiveAgent(settings, given.stock, folder))
            opened.callback(naive.close)
        # Last, because it sets the variables that limit threads in this process's environment: the others keep their own.
        pool = WarmPool(settings)
        opened.callback(pool.close)
        items = wire_items(given.items)
        measure(pool, worker, naive, [replace(item, provider="warm") for item in items[:WARM_UP]], 1)
        for stream in filter(None, (worker, naive)):
            stream.cpu = [0.0, 0.0]
        rates = measure(pool, worker, naive, items, given.rounds)
        print(
            f"{given.items} items of about {WORDS} words in {given.rounds} rounds by turns, {given.partitions} partitions,",
            end=" ",
        )
        print(f"{os.cpu_count()} cores; items/s")
        show(rates, worker, naive, len(items) // given.rounds * given.rounds)
        half = sum(rates.worker) / len(rates.worker) / 2
        middle, worst = latency(settings, [replace(item, provider="half") for item in items[: int(half * 20)]], half)
        print(f"latency at half load ({half:.1f} items/s): p50 {middle * 1000:.0f} ms, p99 {worst * 1000:.0f} ms")
        own, children = running.pss()
        print(f"memory (PSS): worker {own:.0f} MB, pool {children:.0f} MB, together {own + children:.0f} MB")


def show(rates: Rounds, worker: Stream, naive: Stream | None, items: int) -> None:
    """Print rates and ratios, all rounds together and each on its own."""
    print(f"{'pool without Kafka':<28}{_mean(rates.pool):>8.1f}")
    print(f"{'worker, through Kafka':<28}{_mean(rates.worker):>8.1f}   {_ratio(rates.worker, rates.pool)} (goal {STREAM_GOAL})")
    own, children = (1000 * seconds / items for seconds in worker.cpu)
    spent = f"processor time of an item, ms: worker {own:.1f} + its pool {children:.1f}"
    if naive:
        print(f"{'naive agent, through Kafka':<28}{_mean(rates.naive):>8.1f}")
        print(f"{'worker ÷ naive agent':<36}   {_ratio(rates.worker, rates.naive)} (goal {NAIVE_GOAL:g})")
        spent += f"; naive agent, in its one process, {1000 * sum(naive.cpu) / items:.1f}"
    print(spent)


def _mean(rates: Sequence[float]) -> float:
    """Items by seconds over rounds of equal size."""
    return len(rates) / sum(1 / rate for rate in rates)


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    each = " ".join(f"{one / other:.2f}" for one, other in zip(ours, theirs, strict=True))
    return f"ratio {_mean(ours) / _mean(theirs):.2f}, by rounds {each}"


if __name__ == "__main__":
    main()
