"""What the worker's log says of a Kafka that goes away and comes back: one line each."""

from __future__ import annotations

import asyncio
import logging

import pytest
from teletipo.worker import outage
from teletipo.worker.outage import Outage

GONE = "Unable to request metadata from node with id 1: KafkaConnectionError('Connection at 127.0.0.1:9092 closed')"
AFTER = (
    "Unable to update metadata from [1]",
    "Unable connect to node with id 1: [Errno 111] Connect call failed ('127.0.0.1', 9092)",
    "Group Coordinator Request failed: NodeNotReadyError: Attempt to send a request to node which is not ready (node id 1).",
    "Marking the coordinator dead (node 1)for group teletipo.",
    "Could not send <class 'aiokafka.protocol.transaction.TxnOffsetCommitRequest'>: KafkaConnectionError('Connection closed')",
    "Heartbeat session expired - marking coordinator dead",
)


def said(message: str, name: str = "aiokafka.conn") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "file", 1, message, (), None)


def test_an_outage_is_told_once() -> None:
    kafka, first = Outage(), said(GONE)
    assert kafka.filter(first)
    assert first.getMessage() == f"Kafka is away, waiting for it ({GONE})"
    assert first.levelname == "WARNING"
    assert kafka.is_on
    assert not any(kafka.filter(said(message)) for message in (GONE, *AFTER))


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Group Coordinator Request failed: [Error 15] GroupCoordinatorNotAvailableError", "aiokafka.consumer.group_coordinator"),
        ("Heartbeat failed for group teletipo because it is rebalancing", "aiokafka.consumer.group_coordinator"),
        ("Topic x is not available during auto-create initialization", "aiokafka.cluster"),
        (GONE, "teletipo.worker.runtime"),
    ],
)
def test_what_is_no_lost_connection_is_no_outage(message: str, name: str) -> None:
    kafka = Outage()
    assert kafka.filter(said(message, name))
    assert not kafka.is_on


def test_other_errors_are_heard_during_an_outage() -> None:
    kafka = Outage()
    kafka.filter(said(GONE))
    assert kafka.filter(said("TopicAuthorizationFailedError: x"))
    assert kafka.filter(said("nothing was delivered", "teletipo.worker.health"))


def test_it_is_over_when_somebody_listens_and_nothing_complains(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(outage, "QUIET_SECONDS", 0.1)

    async def day() -> None:
        kafka = Outage()
        kafka.filter(said(GONE))
        server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
        there = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await kafka.look([there])
        assert kafka.is_on, "it complained a moment ago"
        await asyncio.sleep(0.15)
        await kafka.look(["127.0.0.1:1"])
        assert kafka.is_on, "nobody listens"
        await kafka.look(["127.0.0.1:1", there])
        assert not kafka.is_on
        await kafka.look([there])
        server.close()

    asyncio.run(day())
    assert [record.getMessage() for record in caplog.records if "there again" in record.getMessage()] == [
        "Kafka is there again after 0 s"
    ]
