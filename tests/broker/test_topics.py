"""The topics' one definition against a real broker, and Kafka's partitioner."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from kafka.admin import ConfigResource, ConfigResourceType
from teletipo.broker import clients
from teletipo.broker.topics import INTERNAL, TOPICS, admin_client, check, create, differences, partition_of
from teletipo.errors import BrokerUnavailable, MissingTopics
from teletipo.settings import Settings


def test_created_topics_are_as_defined(settings: Callable[..., Settings]) -> None:
    found = check(settings())
    assert {topic.name for topic in TOPICS} == set(found)
    assert differences(found) == []
    assert {topic.partitions for topic in found.values()} == {3}
    assert found["news.events"].config["cleanup.policy"] == "compact,delete"
    assert int(found["news.raw"].config["max.message.bytes"]) > 16 * 2**20
    assert create(settings()) == [], "right topics are a success"


def test_another_number_of_partitions_is_refused(settings: Callable[..., Settings]) -> None:
    made = settings()
    with pytest.raises(MissingTopics, match="3 partitions, expected 5"):
        create(made.model_copy(update={"topic_partitions": 5}))


def test_a_missing_topic_is_named_with_the_command_that_makes_it(settings: Callable[..., Settings]) -> None:
    made = settings()
    with admin_client(made) as client:
        client.delete_topics([f"{made.topic_prefix}news.held"])
        while f"{made.topic_prefix}news.held" in client.list_topics():
            time.sleep(0.05)
    with pytest.raises(MissingTopics, match=r"news\.held; type `teletipo topics create`"):
        check(made)
    assert create(made) == [f"{made.topic_prefix}news.held"]


def test_a_changed_value_is_shown(settings: Callable[..., Settings]) -> None:
    made = settings()
    with admin_client(made) as client:
        client.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, f"{made.topic_prefix}news.raw", {"retention.ms": "1000000"})]
        )
    deadline = time.monotonic() + 5
    while not (lines := differences(check(made))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert lines == [f"{made.topic_prefix}news.raw: retention.ms is 1000000, defined 604800000"]


def test_an_address_where_nobody_answers_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "BOOTSTRAP_MS", 500)
    with pytest.raises(BrokerUnavailable, match=r"127\.0\.0\.1:1 does not answer"):
        check(Settings(kafka_bootstrap_servers="127.0.0.1:1"))


def test_what_holds_killed_text_is_internal() -> None:
    assert {"news.articles", "news.events"} == {topic.name for topic in TOPICS} - INTERNAL


@pytest.mark.parametrize(
    ("key", "expected"),
    # Kafka's own test vectors of Utils.murmur2 (clients/src/test/.../UtilsTest.java), made positive, modulo 12.
    [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536), (b"abc", 479470107)],
)
def test_partitions_are_those_of_kafkas_default_partitioner(key: bytes, expected: int) -> None:
    assert partition_of(key, 12) == (expected & 0x7FFFFFFF) % 12
