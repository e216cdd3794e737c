"""kafka-python's clients with our settings. What keeps one from connecting is an error of one line, not the library's own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import AuthorizationError, KafkaError

from teletipo.broker import bootstrap_servers
from teletipo.broker.login import refusal
from teletipo.errors import BrokerUnavailable, LoginRefused, MissingTopics
from teletipo.kafka_settings import consumer_options, producer_options
from teletipo.settings import Settings

BOOTSTRAP_MS = 10_000
"""How long Kafka may take to answer for the first time."""


def open_consumer(settings: Settings, *topics: str, **options: Any) -> KafkaConsumer:
    """A consumer of committed records. Raises BrokerUnavailable, LoginRefused, SettingsError."""
    values = consumer_options(settings) | {"bootstrap_timeout_ms": BOOTSTRAP_MS} | options
    with connecting(settings):
        return KafkaConsumer(*topics, **values)


def open_producer(settings: Settings, **options: Any) -> KafkaProducer:
    """An idempotent producer. Raises BrokerUnavailable, LoginRefused, SettingsError."""
    values = producer_options(settings) | {"bootstrap_timeout_ms": BOOTSTRAP_MS} | options
    with connecting(settings):
        return KafkaProducer(**values)


def partitions_of(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
    """All partitions of a topic. Raises MissingTopics if there is none of this name."""
    numbers = consumer.partitions_for_topic(topic)
    if not numbers:
        raise MissingTopics(f"no topic {topic}; type `teletipo topics create`")
    return [TopicPartition(topic, number) for number in sorted(numbers)]


@contextlib.contextmanager
def connecting(settings: Settings) -> Iterator[None]:
    """Raise what kafka-python raises in here as BrokerUnavailable, or as LoginRefused where waiting cannot help.

    A log-in is tried once before: kafka-python would go on with a wrong password until its time is up.
    """
    if settings.kafka_security_protocol != "PLAINTEXT" and (refused := refusal(settings)):
        raise refused
    try:
        yield
    except KafkaError as error:
        raise unavailable(settings, error) from None


def unavailable(settings: Settings, error: Exception) -> BrokerUnavailable:
    """What to tell a person whose client failed."""
    where = bootstrap_servers(settings)
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    if isinstance(error, AuthorizationError):
        return LoginRefused(f"Kafka at {where} refuses it ({reason}); check the rights of this user")
    return BrokerUnavailable(
        f"Kafka at {where} does not answer ({reason}); is it running, and are address, protocol and log-in right?"
    )
