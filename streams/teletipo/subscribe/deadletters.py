"""The dead-letter topic as an operator works with it: list, show, send again, discard.

Letters come from the worker (a record of `news.raw`) and from the feeders (a document that they refused, `is_document`).

A dead letter holds the input's value byte for byte, its key and headers, and why it failed in `error.…` headers. What was
replayed or discarded is noted by a marker on the dead-letter topic itself (same key, header `teletipo-settled` naming the
letter), so that no second person or machine sends it again.

A replay that is killed sends nothing twice either. `news.raw` has no transactions, so a marker `teletipo-begun` says first how
far `news.raw` reached, and what is sent names its letter in the header `teletipo-letter`: whoever finds a letter begun and not
settled looks for that header from there on. Two people who replay one letter in the same second are not kept apart.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from teletipo.broker.clients import open_consumer, open_producer, partitions_of
from teletipo.broker.topics import partition_of
from teletipo.errors import UserError
from teletipo.settings import Settings

SETTLED = "teletipo-settled"
BEGUN = "teletipo-begun"
REPLAYED = "teletipo-replayed"
LETTER = "teletipo-letter"
ATTEMPTS = "error.attempts"
MAX_ATTEMPTS = 3


@dataclass(slots=True, frozen=True)
class DeadLetter:
    """One input that could not be processed. `id` is `partition-offset` on the dead-letter topic.

    `begun` is there where a replay was begun and not brought to its end: the offset that each partition of `news.raw` had then.
    """

    id: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: int
    begun: dict[int, int] | None = None

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
        self._raw = f"{settings.topic_prefix}news.raw"

    def open(self) -> list[DeadLetter]:
        """The letters that were neither replayed nor discarded, oldest first."""
        letters: dict[str, DeadLetter] = {}
        for message in self._messages():
            headers = tuple((name, bytes(value or b"")) for name, value in message.headers)
            names = dict(headers)
            if SETTLED in names:
                letters.pop(names[SETTLED].decode(), None)
            elif BEGUN in names:
                _note_begun(letters, names[BEGUN].decode(), message.value)
            else:
                identity = f"{message.partition}-{message.offset}"
                letters[identity] = DeadLetter(identity, message.key, message.value, headers, message.timestamp)
        return sorted(letters.values(), key=lambda one: one.timestamp)

    def find(self, identities: list[str]) -> list[DeadLetter]:
        """The open letters of these ids. Raises UserError for one that is not there."""
        letters = {letter.id: letter for letter in self.open()}
        for identity in identities:
            if identity not in letters:
                raise UserError(f"{identity}: no open dead letter of this id; `teletipo deadletter list` shows them")
        return [letters[identity] for identity in identities]

    def _messages(self) -> Iterator[Any]:
        with self._reader() as consumer:
            partitions = [TopicPartition(self.topic, n) for n in sorted(consumer.partitions_for_topic(self.topic) or ())]
            yield from _read(consumer, dict.fromkeys(partitions, 0))

    def _reader(self) -> contextlib.closing[KafkaConsumer]:
        return contextlib.closing(open_consumer(self._settings, group_id=None, auto_offset_reset="earliest"))

    def sent_before(self, letters: list[DeadLetter], force: bool = False) -> dict[str, set[bytes | None]]:
        """By letter, the values that a replay which was cut off has sent; nothing for a letter that none was begun of.

        Raises UserError if `news.raw` no longer goes back far enough to say so; with `force` such a letter counts as not sent.
        """
        found: dict[str, set[bytes | None]] = {letter.id: set() for letter in letters}
        begun = [letter for letter in letters if letter.begun is not None]
        if not begun:
            return found
        with self._reader() as consumer:
            partitions = partitions_of(consumer, self._raw)
            first = consumer.beginning_offsets(partitions)
            lost = [one.id for one in begun if any(_begun_at(one, source) < first[source] for source in partitions)]
            if lost and not force:
                raise UserError(
                    f"{', '.join(lost)}: a replay was cut off, and {self._raw} no longer says whether it had sent them;"
                    " --force sends them, `teletipo deadletter discard` closes them"
                )
            starts = {source: max(first[source], min(_begun_at(one, source) for one in begun)) for source in partitions}
            for message in _read(consumer, starts):
                identity = (dict(message.headers).get(LETTER) or b"").decode("utf-8", "replace")
                if identity in found:
                    found[identity].add(message.value)
        return found

    def replay(self, letters: list[DeadLetter], force: bool = False) -> None:
        """Send the original key, value and headers to `news.raw` again, counting the attempt, and settle the letters.

        Only for letters of records; documents are read again (`teletipo.feeds.refusals.send_again`). What a replay that was
        killed has sent is only settled; `force` as in `sent_before`, whose errors it raises.
        """
        sent = self.sent_before(letters, force)
        ends = self._ends()
        with contextlib.closing(open_producer(self._settings)) as producer:
            for letter in letters:
                if letter.value not in sent[letter.id]:
                    self._mark_begun(producer, letter, ends)
                    self._send(producer, letter, len(ends))
                self._settle(producer, letter, "replayed")

    def _send(self, producer: KafkaProducer, letter: DeadLetter, partitions: int) -> None:
        headers = [header for header in letter.original_headers if header[0] not in (REPLAYED, LETTER)]
        headers += [(REPLAYED, str(letter.attempts).encode()), (LETTER, letter.id.encode())]
        partition = None if letter.key is None else partition_of(letter.key, partitions)
        producer.send(self._raw, key=letter.key, value=letter.value, headers=headers, partition=partition).get(timeout=60)

    def begin(self, letters: list[DeadLetter]) -> None:
        """Note that these are about to be sent, each record of them with the header `teletipo-letter`."""
        ends = self._ends()
        with contextlib.closing(open_producer(self._settings)) as producer:
            for letter in letters:
                self._mark_begun(producer, letter, ends)

    def settle(self, letters: list[DeadLetter], how: str = "discarded") -> None:
        """Settle letters without sending them to `news.raw`; `how` goes into the marker."""
        with contextlib.closing(open_producer(self._settings)) as producer:
            for letter in letters:
                self._settle(producer, letter, how)

    def _ends(self) -> dict[str, int]:
        with self._reader() as consumer:
            ends = consumer.end_offsets(partitions_of(consumer, self._raw))
        return {str(source.partition): end for source, end in ends.items()}

    def _mark_begun(self, producer: KafkaProducer, letter: DeadLetter, ends: dict[str, int]) -> None:
        if letter.begun is None:
            self._mark(producer, letter, orjson.dumps(ends), (BEGUN, letter.id.encode()))

    def _settle(self, producer: KafkaProducer, letter: DeadLetter, how: str) -> None:
        self._mark(producer, letter, b"", (SETTLED, letter.id.encode()), ("teletipo-how", how.encode()))

    def _mark(self, producer: KafkaProducer, letter: DeadLetter, value: bytes, *headers: tuple[str, bytes]) -> None:
        partition = int(letter.id.partition("-")[0])
        producer.send(self.topic, key=letter.key, value=value, partition=partition, headers=list(headers)).get(timeout=60)


def _note_begun(letters: dict[str, DeadLetter], identity: str, ends: bytes) -> None:
    """The first of several markers counts: whatever was sent came after it."""
    letter = letters.get(identity)
    if letter is not None and letter.begun is None:
        letters[identity] = replace(letter, begun={int(number): end for number, end in orjson.loads(ends).items()})


def _begun_at(letter: DeadLetter, source: TopicPartition) -> int:
    return (letter.begun or {}).get(source.partition, 0)


def _read(consumer: KafkaConsumer, starts: dict[TopicPartition, int]) -> Iterator[Any]:
    """All records of these partitions from these offsets, or the oldest there are, to their ends as they are now."""
    consumer.assign(list(starts))
    ends = consumer.end_offsets(list(starts))
    for source, offset in starts.items():
        consumer.seek(source, offset)
    # A transaction's marker takes an offset of its own: read until the position, not a record, reaches the end.
    while any(consumer.position(source) < ends[source] for source in starts):
        for messages in consumer.poll(timeout_ms=500).values():
            yield from messages
