"""The dead-letter topic as an operator works with it: list, show, send again, discard.

Letters come from the worker (a record of `news.raw`) and from the feeders (a document that they refused, `is_document`).

A dead letter holds the input's value byte for byte, its key and headers, and why it failed in `error.…` headers. What was
replayed or discarded is noted by a marker on the dead-letter topic itself (same key, header `teletipo-settled` naming the
letter), so that no second person or machine sends it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafka import KafkaProducer, TopicPartition

from teletipo.broker.clients import open_consumer, open_producer
from teletipo.errors import UserError
from teletipo.settings import Settings

SETTLED = "teletipo-settled"
REPLAYED = "teletipo-replayed"
ATTEMPTS = "error.attempts"
MAX_ATTEMPTS = 3


@dataclass(slots=True, frozen=True)
class DeadLetter:
    """One input that could not be processed. `id` is `partition-offset` on the dead-letter topic."""

    id: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: int

    def error(self, name: str) -> str:
        """The `error.NAME` header as text, empty if it is missing."""
        return next((value.decode("utf-8", "replace") for header, value in self.headers if header == f"error.{name}"), "")

    @property
    def attempts(self) -> int:
        """How often the input has been tried."""
        digits = self.error("attempts")
        return int(digits) if digits.isdigit() else 1

    @property
    def is_document(self) -> bool:
        """True for what a feeder refused: bytes that never were a record, so they cannot be sent to `news.raw` again."""
        return bool(self.error("feeder"))

    @property
    def where(self) -> str:
        """The key of a record; of a document who refused it and where it is."""
        if self.is_document:
            return f"{self.error('feeder')} {self.error('source')}"
        return (self.key or b"").decode("utf-8", "replace")

    @property
    def original_headers(self) -> list[tuple[str, bytes]]:
        """The headers that the input had when it came."""
        return [(name, value) for name, value in self.headers if not name.startswith("error.")]


class DeadLetters:
    """All dead letters of the topic that nobody has settled yet."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.topic = f"{settings.topic_prefix}news.deadletter"

    def open(self) -> list[DeadLetter]:
        """The letters that were neither replayed nor discarded, oldest first."""
        letters: dict[str, DeadLetter] = {}
        settled: set[str] = set()
        for message in self._messages():
            marker = next((value for name, value in message.headers if name == SETTLED), None)
            if marker is not None:
                settled.add(marker.decode())
                continue
            identity = f"{message.partition}-{message.offset}"
            headers = tuple((name, bytes(value or b"")) for name, value in message.headers)
            letters[identity] = DeadLetter(identity, message.key, message.value, headers, message.timestamp)
        return sorted((letter for letter in letters.values() if letter.id not in settled), key=lambda one: one.timestamp)

    def find(self, identities: list[str]) -> list[DeadLetter]:
        """The open letters of these ids. Raises UserError for one that is not there."""
        letters = {letter.id: letter for letter in self.open()}
        for identity in identities:
            if identity not in letters:
                raise UserError(f"{identity}: no open dead letter of this id; `teletipo deadletter list` shows them")
        return [letters[identity] for identity in identities]

    def _messages(self) -> Iterator[Any]:
        consumer = open_consumer(self._settings, group_id=None, auto_offset_reset="earliest")
        try:
            partitions = [TopicPartition(self.topic, n) for n in sorted(consumer.partitions_for_topic(self.topic) or ())]
            consumer.assign(partitions)
            ends = consumer.end_offsets(partitions)
            consumer.seek_to_beginning(*partitions)
            # A transaction's marker takes an offset of its own: read until the position, not a record, reaches the end.
            while any(consumer.position(partition) < ends[partition] for partition in partitions):
                for messages in consumer.poll(timeout_ms=500).values():
                    yield from messages
        finally:
            consumer.close()

    def replay(self, letters: list[DeadLetter]) -> None:
        """Send the original key, value and headers to `news.raw` again, counting the attempt, and settle the letters.

        Only for letters of records; documents are read again (`teletipo.feeds.refusals.send_again`).
        """
        raw = f"{self._settings.topic_prefix}news.raw"
        with_producer = open_producer(self._settings)
        try:
            for letter in letters:
                headers = [h for h in letter.original_headers if h[0] != REPLAYED]
                headers.append((REPLAYED, str(letter.attempts).encode()))
                with_producer.send(raw, key=letter.key, value=letter.value, headers=headers).get(timeout=60)
                self._settle(with_producer, letter, "replayed")
        finally:
            with_producer.close()

    def settle(self, letters: list[DeadLetter], how: str = "discarded") -> None:
        """Settle letters without sending them to `news.raw`; `how` goes into the marker."""
        producer = open_producer(self._settings)
        try:
            for letter in letters:
                self._settle(producer, letter, how)
        finally:
            producer.close()

    def _settle(self, producer: KafkaProducer, letter: DeadLetter, how: str) -> None:
        partition = int(letter.id.partition("-")[0])
        headers = [(SETTLED, letter.id.encode()), ("teletipo-how", how.encode())]
        producer.send(self.topic, key=letter.key, value=b"", partition=partition, headers=headers).get(timeout=60)
