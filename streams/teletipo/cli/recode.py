"""`teletipo recode`: code past items again with the present coder, and publish only what changes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import click
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from teletipo.broker.reading import read_topic
from teletipo.broker.topics import RAW, STATE, admin_client
from teletipo.errors import UserError
from teletipo.kafka_settings import consumer_options, producer_options
from teletipo.lifecycle import state_from_bytes
from teletipo.records import parse_time
from teletipo.settings import Settings, load_settings
from teletipo.worker.kafka import Names
from teletipo.worker.outgoing import POSITION_KEY
from teletipo.worker.plan import RECODE

PORTION = 32
"""Items that are sent at once; live items wait behind no more than these."""
PATIENCE_SECONDS = 60.0


@click.command()
@click.option("--since", required=True, help="RFC 3339 time or day: items that came to news.raw from then on.")
@click.option("--provider", help="Only items of this provider.")
def recode(since: str, provider: str | None) -> None:
    """Code the shown versions of past items again; only differences are published, retractions as `recoded`.

    News goes first: a small portion is sent, and the next when the worker has delivered it. news.raw keeps 7 days.
    """
    settings = load_settings()
    moment = parse_time(since)
    if moment is None:
        raise UserError(f"--since {since}: no RFC 3339 time, like 2026-03-01 or 2026-03-01T12:00:00Z")
    shown = _shown(settings, provider)
    producer = KafkaProducer(**producer_options(settings))
    sent = 0
    try:
        for portion in _portions(_originals(settings, shown, moment)):
            for message in portion:
                headers = [*((name, value or b"") for name, value in message.headers if name != RECODE), (RECODE, b"1")]
                producer.send(message.topic, key=message.key, value=message.value, partition=message.partition, headers=headers)
            producer.flush(60)
            sent += len(portion)
            _wait_until_delivered(settings, sent)
            click.echo(f"{sent} items coded again", err=True)
    finally:
        producer.close()
    click.echo(f"{sent} of {len(shown)} shown items came since {since} and were coded again", err=True)


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
    consumer = KafkaConsumer(group_id=None, **consumer_options(settings))
    try:
        sources = [TopicPartition(names.full(RAW), number) for number in consumer.partitions_for_topic(names.full(RAW)) or ()]
        ends = consumer.end_offsets(sources)
    finally:
        consumer.close()
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
