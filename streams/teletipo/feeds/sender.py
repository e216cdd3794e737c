"""The feeders' one way into Kafka: an idempotent producer, murmur2 partitions, nothing counted as sent before it is acknowledged.

`news.raw` stays free of transactions (design.md): a restarted feeder sends at most repeats, which the worker drops.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from teletipo.errors import BrokerUnavailable, TooLarge
from teletipo.kafka_settings import MAX_RECORD, producer_options
from teletipo.records import RawItem, dumps
from teletipo.records.schema import URN
from teletipo.settings import Settings

TIMEOUT_SECONDS = 60.0
"""How long a feeder waits for an acknowledgement before it says that Kafka is away."""
_IN_FLIGHT = 2000


@dataclass(slots=True)
class SendReport:
    """What a feeder has done so far, by provider: items acknowledged, documents refused, the time of the last item."""

    sent: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    last: dict[str, datetime] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Items that Kafka has acknowledged."""
        return self.sent.total()


class Sender:
    """Sends wire items to `news.raw` and waits for Kafka's acknowledgement. A context manager; closing flushes.

    `acknowledged` is called with each item once Kafka has it; a feeder remembers there what it took.
    """

    def __init__(self, settings: Settings, acknowledged: Callable[[RawItem], None] | None = None) -> None:
        self.topic = f"{settings.topic_prefix}news.raw"
        self.report = SendReport()
        self._acknowledged = acknowledged
        self._pending: deque[tuple[RawItem, Any]] = deque()
        self._headers = [
            ("ce_specversion", b"1.0"),
            ("ce_type", b"teletipo.raw"),
            ("ce_dataschema", URN.format(name="raw").encode()),
            ("content-type", b"application/json"),
        ]
        try:
            self._producer = KafkaProducer(**producer_options(settings), max_block_ms=int(TIMEOUT_SECONDS * 1000))
        except KafkaError as error:
            raise BrokerUnavailable(f"Kafka does not answer ({error}); is it running? `teletipo kafka status`") from None

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.close(flush=kind is None or issubclass(kind, KeyboardInterrupt))

    def send(self, item: RawItem) -> None:
        """Queue one item; blocks while too many wait for their acknowledgement. Raises TooLarge, BrokerUnavailable."""
        value = dumps(_filled(item))
        if len(value) > MAX_RECORD:
            raise TooLarge(f"{item.key}: the record has {len(value)} bytes; at most {MAX_RECORD}")
        headers = [
            *self._headers,
            ("ce_id", str(uuid.uuid4()).encode()),
            ("ce_source", f"teletipo/feed/{item.provider}".encode()),
            ("ce_time", datetime.now(UTC).isoformat().encode()),
        ]
        try:
            future = self._producer.send(self.topic, key=item.key.encode(), value=value, headers=headers)
        except KafkaTimeoutError:
            raise BrokerUnavailable(f"no topic {self.topic}, or Kafka is away; try `teletipo topics check`") from None
        self._pending.append((item, future))
        while self._pending and (len(self._pending) > _IN_FLIGHT or self._pending[0][1].is_done):
            self._settle()

    def send_as_is(self, key: bytes, value: bytes) -> None:
        """Send bytes that no reader of ours has seen, as a producer of somebody else would, and wait for them."""
        self._producer.send(self.topic, key=key, value=value).get(timeout=TIMEOUT_SECONDS)

    def flush(self) -> None:
        """Wait until Kafka has acknowledged everything. Raises BrokerUnavailable after TIMEOUT_SECONDS."""
        self._producer.flush(timeout=TIMEOUT_SECONDS)
        while self._pending:
            self._settle()

    def _settle(self) -> None:
        item, future = self._pending.popleft()
        try:
            future.get(timeout=TIMEOUT_SECONDS)
        except KafkaError as error:
            raise BrokerUnavailable(f"{item.key}: Kafka did not take it ({error}); it was not sent") from None
        self.report.sent[item.provider] += 1
        self.report.last[item.provider] = datetime.now(UTC)
        if self._acknowledged:
            self._acknowledged(item)

    def close(self, flush: bool = True) -> None:
        """Send what is queued and close the connections."""
        try:
            if flush:
                self.flush()
        finally:
            self._producer.close(timeout=5)


def _filled(item: RawItem) -> dict[str, Any]:
    """The record without its empty fields: null and absent mean the same, and most fields of most wires are empty."""
    return {name: value for name, value in asdict(item).items() if value is not None and value != []}


class Progress:
    """Says on a terminal how far a feeder is, at most once a second."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._begun = self._told = time.monotonic()

    def tell(self, report: SendReport) -> None:
        """Report the number of acknowledged items and the rate if a second has passed since the last time."""
        now = time.monotonic()
        if now - self._told >= 1:
            self._told = now
            self._say(f"{report.total} items sent, {report.total / (now - self._begun):.0f}/s")
