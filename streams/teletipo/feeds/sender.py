"""The feeders' one way into Kafka: an idempotent producer, murmur2 partitions, nothing counted as sent before it is acknowledged.

`news.raw` stays free of transactions (design.md): a restarted feeder sends at most repeats, which the worker drops.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from kafka.errors import KafkaError, KafkaTimeoutError

from teletipo.broker.clients import open_consumer, open_producer, partitions_of, unavailable
from teletipo.broker.topics import DEADLETTER, RAW
from teletipo.errors import BrokerUnavailable, TooLarge
from teletipo.feeds.patience import Patience
from teletipo.kafka_settings import MAX_RECORD
from teletipo.records import RawItem, dumps
from teletipo.records.schema import URN
from teletipo.settings import Settings

TIMEOUT_SECONDS = 60.0
"""How long a feeder waits for an acknowledgement before it says that Kafka is away."""
FOR_EVER_MS = 10**10
_IN_FLIGHT = 2000
_MAX_WAITING = 128 * 1024 * 1024
"""Bytes that may wait for their acknowledgement: kafka-python itself sets no limit."""


@dataclass(slots=True)
class SendReport:
    """What a feeder has done so far, by provider: items acknowledged, documents refused, the time of the last item."""

    sent: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    last: dict[str, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def expect(self, provider: str) -> None:
        """A provider that will deliver here: it counts as silent from now on, not only from its first item."""
        with self._lock:
            self.sent[provider] += 0
            self.last.setdefault(provider, datetime.now(UTC))

    def take(self, provider: str) -> None:
        """Kafka has acknowledged an item of this provider."""
        with self._lock:
            self.sent[provider] += 1
            self.last[provider] = datetime.now(UTC)

    def refuse(self, provider: str, count: int = 1) -> None:
        """A document of this provider was refused, or so many items of it lost."""
        with self._lock:
            self.refused[provider] += count

    @property
    def total(self) -> int:
        """Items that Kafka has acknowledged."""
        with self._lock:
            return self.sent.total()


class Sender:
    """Sends wire items to `news.raw` and waits for Kafka's acknowledgement. A context manager; closing flushes.

    `acknowledged` is called with each item once Kafka has it; a feeder remembers there what it took. With `patience` a Kafka
    that is away is waited for without end.
    """

    def __init__(
        self, settings: Settings, acknowledged: Callable[[RawItem], None] | None = None, patience: Patience | None = None
    ) -> None:
        self.topic = f"{settings.topic_prefix}{RAW}"
        self.deadletter_topic = f"{settings.topic_prefix}{DEADLETTER}"
        self.report = SendReport()
        self._acknowledged, self._patience = acknowledged, patience
        self._pending: deque[tuple[RawItem, Any]] = deque()
        self._lock, self._waiting = Lock(), 0
        self._headers = [
            ("ce_specversion", b"1.0"),
            ("ce_type", b"teletipo.raw"),
            ("ce_dataschema", URN.format(name="raw").encode()),
            ("content-type", b"application/json"),
        ]
        # The producer would wait a minute for a topic that is not there.
        with contextlib.closing(open_consumer(settings, group_id=None)) as asking:
            for topic in (self.topic, self.deadletter_topic):
                partitions_of(asking, topic)
        # Records that the producer gives up leave a gap in its numbers, and it never gets over that: we give up, not it.
        self._producer = open_producer(settings, max_block_ms=int(TIMEOUT_SECONDS * 1000), delivery_timeout_ms=FOR_EVER_MS)
        try:
            # Now and not at the first refusal: when Kafka stands still then, nobody learns where its partitions are.
            for topic in (self.topic, self.deadletter_topic):
                self._producer.partitions_for(topic)
        except KafkaError as error:
            self._producer.close(timeout=1)
            raise unavailable(settings, error) from None

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.close(flush=kind is None or issubclass(kind, KeyboardInterrupt))

    def send(self, item: RawItem, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        """Queue one item; blocks while too many wait for their acknowledgement. Raises TooLarge, BrokerUnavailable."""
        self._pending.append((item, self._post(item, self.encoded(item), headers)))
        while self._pending and (self._is_full or self._pending[0][1].is_done):
            item, future = self._pending.popleft()
            self._settle(item, future, TIMEOUT_SECONDS)

    def flush(self) -> None:
        """Wait until Kafka has acknowledged everything. Raises BrokerUnavailable after TIMEOUT_SECONDS without patience."""
        until = time.monotonic() + TIMEOUT_SECONDS
        try:
            self._wait(lambda seconds: self._producer.flush(timeout=seconds))
        except KafkaError as error:
            raise BrokerUnavailable(f"Kafka has not acknowledged {len(self._pending)} items ({error})") from None
        while self._pending:
            item, future = self._pending.popleft()
            self._settle(item, future, max(until - time.monotonic(), 1.0))

    def _wait(self, ask: Callable[[float], Any], timeout: float = TIMEOUT_SECONDS) -> Any:
        return self._patience.wait(ask) if self._patience else ask(timeout)

    def deliver(self, items: list[RawItem], timeout: float) -> None:
        """Send items and wait at most `timeout` seconds for their own acknowledgements; several threads may call this.

        Raises TooLarge before anything was sent, and BrokerUnavailable: some may have been sent, and may come twice if they
        are sent again.
        """
        until = time.monotonic() + timeout
        if self._waiting > _MAX_WAITING:
            raise BrokerUnavailable(f"{self._waiting} bytes wait for Kafka already")
        values = [self.encoded(item) for item in items]
        waiting = [(item, self._post(item, value)) for item, value in zip(items, values, strict=True)]
        for item, future in waiting:
            self._settle(item, future, until - time.monotonic())

    def dead_letter(self, document: bytes, headers: list[tuple[str, bytes]], timeout: float = TIMEOUT_SECONDS) -> None:
        """Send what was refused to `news.deadletter` and wait for the acknowledgement. Raises BrokerUnavailable."""
        try:
            future = self._produce(self.deadletter_topic, None, document, headers)
            self._wait(lambda seconds: future.get(timeout=seconds), timeout)
        except KafkaError as error:
            raise BrokerUnavailable(f"{self.deadletter_topic}: Kafka did not take what was refused ({error})") from None

    def send_as_is(self, key: bytes, value: bytes) -> None:
        """Send bytes that no reader of ours has seen, as a producer of somebody else would, and wait for them."""
        self._producer.send(self.topic, key=key, value=value).get(timeout=TIMEOUT_SECONDS)

    @property
    def _is_full(self) -> bool:
        return len(self._pending) > _IN_FLIGHT or self._waiting > _MAX_WAITING

    def encoded(self, item: RawItem) -> bytes:
        """The record of an item as it is sent. Raises TooLarge."""
        value = dumps(_filled(item))
        if len(value) > MAX_RECORD:
            raise TooLarge(f"{item.key}: the record has {len(value)} bytes; at most {MAX_RECORD}")
        return value

    def _post(self, item: RawItem, value: bytes, more: Sequence[tuple[str, bytes]] = ()) -> Any:
        headers = [
            *self._headers,
            *more,
            ("ce_id", str(uuid.uuid4()).encode()),
            ("ce_source", f"teletipo/feed/{item.provider}".encode()),
            ("ce_time", datetime.now(UTC).isoformat().encode()),
        ]
        return self._produce(self.topic, item.key.encode(), value, headers)

    def _produce(self, topic: str, key: bytes | None, value: bytes, headers: list[tuple[str, bytes]]) -> Any:
        try:
            future = self._producer.send(topic, key=key, value=value, headers=headers)
        except KafkaTimeoutError:
            raise BrokerUnavailable(f"no topic {topic}, or Kafka is away; try `teletipo topics check`") from None
        self._wait_for(len(value))
        future.add_both(lambda _: self._wait_for(-len(value)))
        return future

    def _wait_for(self, size: int) -> None:
        with self._lock:
            self._waiting += size

    def _settle(self, item: RawItem, future: Any, timeout: float) -> None:
        try:
            self._wait(lambda seconds: future.get(timeout=seconds), max(timeout, 0.001))
        except KafkaError as error:
            raise BrokerUnavailable(f"{item.key}: Kafka has not acknowledged it ({error})") from None
        self.report.take(item.provider)
        if self._acknowledged:
            self._acknowledged(item)

    def close(self, flush: bool = True) -> None:
        """Send what is queued and close the connections."""
        try:
            if flush:
                self.flush()
        finally:
            # What is not acknowledged by now has been told already, or will be.
            with contextlib.suppress(KafkaTimeoutError):
                self._producer.close(timeout=5)


def _filled(item: RawItem) -> dict[str, Any]:
    """The record without its empty fields: null and absent mean the same, and most fields of most wires are empty."""
    return {name: value for name, value in asdict(item).items() if value is not None and value != []}
