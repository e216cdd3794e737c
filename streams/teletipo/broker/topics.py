"""The topics: one definition of names, cleanup, retention and sizes (contract.md), and what compares it with a cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError
from kafka.partitioner.default import murmur2

from teletipo.broker import clients
from teletipo.errors import MissingTopics
from teletipo.kafka_settings import MAX_RECORD, client_options
from teletipo.settings import Settings

RAW, ARTICLES, EVENTS, DEADLETTER = "news.raw", "news.articles", "news.events", "news.deadletter"
STATE, HELD, HISTORY = "news.state", "news.held", "news.history"
INTERNAL = frozenset({RAW, DEADLETTER, STATE, HELD, HISTORY})
"""Topics that hold embargoed or killed text, or the worker's own books; not for subscribers."""

_HOUR = 3_600_000
_DAY = 24 * _HOUR
# Killed text is gone within two hours: a segment is closed after half an hour and compacted within one.
_PROMPT = {"segment.ms": _HOUR // 2, "max.compaction.lag.ms": _HOUR, "delete.retention.ms": _DAY}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's name without prefix, and its configuration by Kafka's names."""

    name: str
    config: dict[str, str]


def _topic(name: str, cleanup: str, size: int = MAX_RECORD + 2**20, **config: int) -> Topic:
    values = {"cleanup.policy": cleanup, "max.message.bytes": str(size)}
    return Topic(name, values | {option.replace("_", "."): str(value) for option, value in config.items()})


TOPICS = (
    # 64 KiB above the largest record for key, headers and framing; a dead letter carries a few headers more.
    _topic(RAW, "delete", MAX_RECORD + 2**16, retention_ms=7 * _DAY),
    _topic(ARTICLES, "compact,delete", retention_ms=30 * _DAY, **_PROMPT),
    _topic(EVENTS, "compact,delete", retention_ms=30 * _DAY, **_PROMPT),
    _topic(DEADLETTER, "delete", retention_ms=30 * _DAY),
    _topic(STATE, "compact", segment_ms=_DAY, **{"max.compaction.lag.ms": 7 * _DAY}),
    _topic(HELD, "compact", **_PROMPT),
    _topic(HISTORY, "delete", retention_ms=90 * _DAY),
)


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of an item key: murmur2 as Kafka's own clients use it."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


@contextlib.contextmanager
def admin_client(settings: Settings) -> Iterator[KafkaAdminClient]:
    """A kafka-python admin client. Raises BrokerUnavailable if nobody answers, LoginRefused if rights are missing."""
    options = client_options(settings)
    with clients.connecting(settings):
        client = KafkaAdminClient(**options, bootstrap_timeout_ms=clients.BOOTSTRAP_MS, request_timeout_ms=20_000)
    try:
        yield client
    except (TopicAlreadyExistsError, MissingTopics):
        raise
    except KafkaError as error:
        raise clients.unavailable(settings, error) from None
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as the cluster has it."""

    name: str
    partitions: int
    topic_id: str
    config: dict[str, str]


def describe(client: KafkaAdminClient, settings: Settings) -> dict[str, Found]:
    """Our topics that exist in the cluster, by their name without the prefix."""
    names = {settings.topic_prefix + topic.name: topic.name for topic in TOPICS}
    listed = {topic["name"]: topic for topic in client.describe_topics() if topic["name"] in names}
    if not listed:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in listed]
    configs = client.describe_configs(resources, config_filter="all")["topic"]
    return {
        names[name]: Found(
            name,
            len(topic["partitions"]),
            str(topic["topic_id"]),
            {option: str(entry["value"]) for option, entry in configs[name].items()},
        )
        for name, topic in listed.items()
    }


def create(settings: Settings) -> list[str]:
    """Make the topics that are missing; the full names of those made. Right topics that exist already are a success.

    Raises MissingTopics if one exists with another number of partitions, which can never be changed: keys would move.
    """
    with admin_client(settings) as client:
        found = describe(client, settings)
        for fault in _partition_faults(settings, found):
            raise MissingTopics(fault)
        new = [topic for topic in TOPICS if topic.name not in found]
        partitions = _common_partitions(settings, found)
        made = [
            NewTopic(settings.topic_prefix + topic.name, partitions, settings.topic_replication, topic_configs=topic.config)
            for topic in new
        ]
        if made:
            # Two who create at the same moment are both right.
            with contextlib.suppress(TopicAlreadyExistsError):
                client.create_topics(made)
            client.wait_for_topics([topic.name for topic in made])
        return [topic.name for topic in made]


def delete(settings: Settings) -> list[str]:
    """Delete the topics of this prefix with all that is in them; the full names of those that were there."""
    with admin_client(settings) as client:
        names = [settings.topic_prefix + name for name in describe(client, settings)]
        if names:
            client.delete_topics(names)
    return names


def check(settings: Settings) -> dict[str, Found]:
    """The topics as the cluster has them. Raises MissingTopics with one line: what is missing or different, what to type."""
    with admin_client(settings) as client:
        found = describe(client, settings)
    missing = [settings.topic_prefix + topic.name for topic in TOPICS if topic.name not in found]
    if missing:
        raise MissingTopics(f"no topic {', '.join(missing)}; type `teletipo topics create`")
    for fault in _partition_faults(settings, found):
        raise MissingTopics(fault)
    return found


def differences(found: dict[str, Found]) -> list[str]:
    """One line for each configuration value that is not as defined; an operator may have meant it."""
    return [
        f"{found[topic.name].name}: {option} is {found[topic.name].config.get(option)}, defined {value}"
        for topic in TOPICS
        if topic.name in found
        for option, value in topic.config.items()
        if _listed(found[topic.name].config.get(option, "")) != _listed(value)
    ]


def _listed(value: str) -> list[str]:
    return sorted(value.split(","))


def _common_partitions(settings: Settings, found: dict[str, Found]) -> int:
    return next(iter(found.values())).partitions if found else settings.topic_partitions


def _partition_faults(settings: Settings, found: dict[str, Found]) -> list[str]:
    """All topics have the same number of partitions, for life; where the setting is given it must be that number."""
    if not found:
        return []
    expected = settings.topic_partitions if "topic_partitions" in settings.model_fields_set else None
    first = next(iter(found.values()))
    wanted = expected or first.partitions
    return [
        f"{topic.name} has {topic.partitions} partitions, expected {wanted}; their number is fixed for life: "
        f"{'unset TELETIPO_TOPIC_PARTITIONS' if expected else 'delete the topic'}, or use another TELETIPO_TOPIC_PREFIX"
        for topic in found.values()
        if topic.partitions != wanted
    ]
