"""What the books cost: `python -m bench.lifecycle [--items 400] [--keys 1000000] [--partitions 12]`.

First, the processor time that an item's lifecycle takes (look its state up, decide, digest and compare the events, make the
records of state and history, write the copy on disk) as a share of its enrichment, for new items, corrections and kills.
Then, with our own Kafka in a temporary folder and that many keys in `news.state`: how long a worker takes to open all its
partitions from the topic and, started again, from its copy on disk, and what that takes of memory.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import RAW, STATE, create, partition_of
from teletipo.enrich import Enriched, Enricher, Task
from teletipo.lifecycle import Packed, pack, state_from_bytes
from teletipo.lifecycle.reconcile import event_digest
from teletipo.lifecycle.state import KeyState
from teletipo.records import RawItem, dumps, loads
from teletipo.settings import Settings
from teletipo.worker.kafka import Names
from teletipo.worker.owner import PartitionOwner
from teletipo.worker.plan import Context, Raw, Read, decide_key, read, records_of
from teletipo.worker.store import Store

from bench.stream import wire_items

GOAL = 3.0
"""Per cent of an item's enrichment that its lifecycle may take."""
BATCH = 100
UNIT = 16
NOW = datetime(2025, 3, 12, 18, tzinfo=UTC)


def main() -> None:
    """Run both measurements and print them, or, for the second one, open the partitions in this process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--keys", type=int, default=1_000_000, help="0: leave the restart out")
    parser.add_argument("--partitions", type=int, default=12)
    parser.add_argument("--open", nargs=2, metavar=("ADDRESS", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.open:
        print(dumps(asyncio.run(open_all(_settings(*given.open, given.partitions), given.keys))).decode())
        return
    states = cost(given.items)
    if given.keys:
        restart(states, given.keys, given.partitions)


# what an item costs


def cost(count: int) -> list[bytes]:
    """Print the shares; the states that the items left, as samples of what lies in `news.state`."""
    items = [replace(item, version=1) for item in wire_items(count)]
    later = [replace(item, version=2, body=(item.body or "").rpartition("\n")[0]) for item in items]
    enricher = Enricher(Settings())
    enrich(enricher, items[: 4 * UNIT])
    new, seconds = enrich(enricher, items)
    corrected, again = enrich(enricher, later)
    per_item = 1e6 * (seconds + again) / (2 * count)
    events = sum(len(one.events) for one in new) / count
    print(f"{count} items of about 400 words with {events:.1f} events each; processor time of an item, in microseconds")
    print(f"{'enrichment':<34}{per_item:>10.0f}")
    kills = [RawItem(item.provider, item.item_id, 3, status="canceled") for item in items]
    rounds: list[tuple[str, list[RawItem], list[Enriched] | None]] = [
        ("new items", items, new),
        ("corrections", later, corrected),
        ("kills", kills, None),
    ]
    with tempfile.TemporaryDirectory() as folder:
        books = Books(Path(folder) / "copy")
        for name, raws, enriched in rounds:
            spent = books.keep(raws, enriched)
            share = 100 * spent / per_item
            goal = f" (goal under {GOAL:.0f} %)" if enriched else ""
            print(f"{'lifecycle of ' + name:<34}{spent:>10.0f}   {share:.1f} % of an enrichment{goal}")
            if name == "new items":
                states = list(books.states())
        books.store.close()
    return states


def enrich(enricher: Enricher, items: Sequence[RawItem]) -> tuple[list[Enriched], float]:
    """The enriched items in units as a worker makes them, and the seconds of processor time they took."""
    tasks = [Task(item, 1, None, NOW) for item in items]
    results: list[Any] = []
    begun = time.process_time()
    for start in range(0, len(tasks), UNIT):
        results += enricher.enrich(tasks[start : start + UNIT])
    seconds = time.process_time() - begun
    failed = [result for result in results if not isinstance(result, Enriched)]
    if failed:
        raise SystemExit(f"{len(failed)} items failed: {failed[0]}")
    return results, seconds


class Books:
    """The lifecycle of one partition without Kafka: the worker's own steps on a copy on disk."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self._position = 0

    def keep(self, items: Sequence[RawItem], enriched: list[Enriched] | None) -> float:
        """Decide and book these items in batches; microseconds of processor time of an item."""
        reads = [self._arrived(item) for item in items]
        packed = [pack(one.article, one.events) for one in enriched] if enriched else []
        begun = time.process_time()
        for start in range(0, len(reads), BATCH):
            self._book(reads[start : start + BATCH], packed[start : start + BATCH])
        for one in enriched or ():
            # Part of `pack`, whose other part, the bytes of the records, has to be made anyhow.
            for event in one.events:
                event_digest(event)
        return 1e6 * (time.process_time() - begun) / len(items)

    def states(self) -> Iterator[bytes]:
        """All states as they are stored."""
        return (value for _, value in self.store.items(STATE, 0))

    def _arrived(self, item: RawItem) -> Read:
        value = dumps({name: getattr(item, name) for name in item.__slots__ if getattr(item, name) not in (None, [])})
        self._position += 1
        key = item.key.encode()
        return read(Raw(partition_of(key, 1), self._position, key, value, ()), 1)

    def _book(self, reads: Sequence[Read], packed: Sequence[Packed]) -> None:
        context = Context(RAW, 0, NOW, lambda key: {})
        values: dict[bytes, bytes | None] = {}
        for number, one in enumerate(reads):
            known = self.store.get(STATE, 0, one.item_key.encode())
            step = decide_key(one.item_key, state_from_bytes(known) if known else KeyState(), [one], NOW)
            if packed:
                step.result = packed[number]
            for record in records_of(step, context).outgoing:
                if record.topic == STATE:
                    values[record.key or b""] = record.value
        self.store.apply(STATE, 0, values, self._position)


# what a restart costs


def restart(states: list[bytes], keys: int, partitions: int) -> None:
    """Fill `news.state`, then open it twice, each time in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        broker = EmbeddedBroker(Settings(state_dir=Path(folder) / "state"), report=lambda line: print(line, file=sys.stderr))
        address = broker.start().address
        try:
            settings = _settings(address, folder, partitions)
            create(settings)
            asyncio.run(fill(settings, states, range(keys)))
            opened = [("from the topic", _opened(address, folder, keys, partitions))]
            asyncio.run(fill(settings, states, range(keys, keys + keys // 100)))
            opened.append(("from the copy on disk, 1 % newer", _opened(address, folder, keys, partitions)))
        finally:
            broker.stop(train=False)
        copy = sum(path.stat().st_size for path in (Path(folder) / "copy").rglob("*") if path.is_file())
    size = sum(map(len, states)) / len(states)
    print(f"\n{keys:,} keys in {partitions} partitions; {size:.0f} bytes a state, {copy / keys:.0f} bytes a key on disk")
    for name, found in opened:
        a_million = found["seconds"] * 1e6 / keys
        print(
            f"{name:<34}{found['seconds']:>10.1f} s   {a_million:.1f} s a million keys; "
            f"a state is looked up in {found['lookup']:.0f} microseconds"
        )
        over_time = " ".join(f"{megabytes:.0f}" for megabytes in found["memory"])
        print(f"    memory (PSS, MB) before it, at each tenth of the time, and after it: {over_time}")


def _settings(address: str, folder: str, partitions: int) -> Settings:
    return Settings(kafka_bootstrap_servers=address, topic_partitions=partitions, state_dir=Path(folder), topic_prefix="bench.")


def _opened(address: str, folder: str, keys: int, partitions: int) -> dict[str, Any]:
    sizes = ["--keys", str(keys), "--partitions", str(partitions)]
    command = [sys.executable, "-m", "bench.lifecycle", *sizes, "--open", address, folder]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parents[1])
    return dict(loads(done.stdout))


async def fill(settings: Settings, states: list[bytes], keys: range) -> None:
    """One state for each key, in whole batches: a million single sends take minutes."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap_servers, max_batch_size=2**19, linger_ms=0)
    await producer.start()
    try:
        for partition in range(settings.topic_partitions):
            batch = producer.create_batch()
            for number in keys[partition :: settings.topic_partitions]:
                record = {"key": _key(number), "value": states[number % len(states)], "timestamp": None}
                if batch.append(**record) is None:
                    await _send(producer, settings, batch, partition)
                    batch = producer.create_batch()
                    batch.append(**record)
            await _send(producer, settings, batch, partition)
    finally:
        await producer.stop()


async def _send(producer: AIOKafkaProducer, settings: Settings, batch: Any, partition: int) -> None:
    await (await producer.send_batch(batch, f"{settings.topic_prefix}{STATE}", partition=partition))


def _key(number: int) -> bytes:
    return f"bench:{number:09d}".encode()


async def open_all(settings: Settings, keys: int) -> dict[str, Any]:
    """Open every partition as a worker does that is assigned all of them; seconds, and megabytes of this process over time."""
    assert settings.state_dir
    store = Store(settings.state_dir / "copy")
    names = Names(settings.topic_prefix)
    owners = [PartitionOwner(settings, names, number, store, {}) for number in range(settings.topic_partitions)]
    memory = [_proportional()]
    watch = asyncio.create_task(_watch(memory))
    begun = time.monotonic()
    await asyncio.gather(*(owner.open(_nothing_committed) for owner in owners))
    seconds = time.monotonic() - begun
    watch.cancel()
    memory.append(_proportional())
    lookup = _lookup(owners, keys)
    await asyncio.gather(*(owner.close() for owner in owners))
    store.close()
    tenths = [max(memory[len(memory) * n // 10 : len(memory) * (n + 1) // 10], default=memory[-1]) for n in range(10)]
    return {"seconds": seconds, "memory": [memory[0], *tenths, memory[-1]], "lookup": lookup}


async def _watch(memory: list[float]) -> None:
    while True:
        await asyncio.sleep(0.1)
        memory.append(_proportional())


async def _nothing_committed(partition: int) -> int | None:
    return None


def _lookup(owners: Sequence[PartitionOwner], keys: int) -> float:
    """Microseconds to look up the state of a key, anywhere among all keys."""
    dice = random.Random(1)
    wanted = [dice.randrange(keys) for _ in range(5_000)]
    begun = time.perf_counter()
    found = sum(owners[number % len(owners)].state_of(_key(number).decode()).revision > 0 for number in wanted)
    seconds = time.perf_counter() - begun
    if found < len(wanted):
        raise SystemExit(f"{len(wanted) - found} of {len(wanted)} states were not there")
    return 1e6 * seconds / len(wanted)


def _proportional() -> float:
    """Megabytes of this process in memory, its share of what it shares (PSS)."""
    rollup = Path("/proc/self/smaps_rollup").read_text("ascii")
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
