"""Past items through the present coder once more: copies of what is shown, sent to `news.raw` in portions that news overtakes."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from kafka import TopicPartition

from teletipo.broker.clients import open_consumer, open_producer
from teletipo.broker.reading import read_topic
from teletipo.broker.topics import RAW, STATE, admin_client
from teletipo.errors import UserError
from teletipo.lifecycle import state_from_bytes
from teletipo.settings import Settings
from teletipo.worker.kafka import Names
from teletipo.worker.outgoing import POSITION_KEY
from teletipo.worker.plan import RECODE

PORTION = 32
"""Items that are sent at once; live items wait behind no more than these."""
PATIENCE_SECONDS = 60.0


class Recoding:
    """The items that are shown now, of one provider or of all, to be coded again."""

    def __init__(self, settings: Settings, provider: str | None = None) -> None:
        self._settings = settings
        self._shown = _shown(settings, provider)

    @property
    def shown(self) -> int:
        """How many items are shown."""
        return len(self._shown)

    def run(self, since: datetime) -> Iterator[int]:
        """Send what came to `news.raw` since then; after each portion that was delivered, how many were sent in all.

        Raises UserError if no worker delivers.
        """
        sent = 0
        with contextlib.closing(open_producer(self._settings)) as producer:
            for portion in _portions(_originals(self._settings, self._shown, since)):
                for message in portion:
                    headers = [*((name, value or b"") for name, value in message.headers if name != RECODE), (RECODE, b"1")]
                    where = {"key": message.key, "partition": message.partition}
                    producer.send(message.topic, value=message.value, headers=headers, **where)
                producer.flush(60)
                sent += len(portion)
                _wait_until_delivered(self._settings, sent)
                yield sent


def _shown(settings: Settings, provider: str | None) -> dict[tuple[int, int], bytes]:
    """Where in news.raw the version that is shown stands, for every item."""
    last = {(message.partition, message.key): message.value for message in read_topic(settings, STATE)}
    found = {}
    for (partition, key), value in last.items():
        if value is None or key == POSITION_KEY or (provider and not key.startswith(f"{provider}:".encode())):
            continue
        state = state_from_bytes(value)
        if state.shown:
            found[partition, state.shown.order.position] = key
    return found


def _originals(settings: Settings, shown: dict[tuple[int, int], bytes], since: datetime) -> Iterator[Any]:
    for message in read_topic(settings, RAW, since=since):
        if shown.get((message.partition, message.offset)) == message.key:
            yield message


def _portions(messages: Iterable[Any]) -> Iterator[list[Any]]:
    portion: list[Any] = []
    for message in messages:
        portion.append(message)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def _wait_until_delivered(settings: Settings, sent: int) -> None:
    """Wait until the workers have delivered all of news.raw as it is now. Raises UserError if they do not get on."""
    names = Names(settings.topic_prefix)
    with contextlib.closing(open_consumer(settings, group_id=None)) as consumer:
        sources = [TopicPartition(names.full(RAW), number) for number in consumer.partitions_for_topic(names.full(RAW)) or ()]
        ends = consumer.end_offsets(sources)
    moved, before = time.monotonic(), -1
    while True:
        with admin_client(settings) as client:
            offsets = client.list_group_offsets(names.group)[names.group]
        waiting = sum(max(0, ends[source] - (offsets[source].offset if source in offsets else 0)) for source in sources)
        if not waiting:
            return
        if waiting != before:
            moved, before = time.monotonic(), waiting
        if time.monotonic() - moved > PATIENCE_SECONDS:
            raise UserError(f"no worker delivers ({waiting} inputs wait); {sent} items were sent, run it again when one does")
        time.sleep(0.3)
