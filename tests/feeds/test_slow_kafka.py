"""A Kafka that stands still (SIGSTOP): the receiver answers in time, nothing is lost, and what is posted again is a repeat."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer
from teletipo.broker.server import EmbeddedBroker
from teletipo.feeds.http import Receiver
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings
from teletipo.subscribe.deadletters import DeadLetters

Sent = Callable[[Settings], list[Any]]


def record(item_id: str) -> bytes:
    return orjson.dumps({"provider": "austral", "item_id": item_id, "body": "El canciller viajó a Lima."})


@contextmanager
def standing_still(broker: EmbeddedBroker) -> Iterator[None]:
    running = broker.running()
    assert running is not None
    os.kill(running.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(running.pid, signal.SIGCONT)


async def post(client: TestClient[Any, Any], document: bytes) -> tuple[int, str | None, float]:
    """The status, `Retry-After` and seconds of an answer."""
    begun = time.monotonic()
    answer = await client.post("/items", data=document, headers={"Authorization": "Bearer abre"})
    await answer.read()
    return answer.status, answer.headers.get("Retry-After"), time.monotonic() - begun


@pytest.mark.alone
def test_a_frozen_kafka_is_a_503_and_a_second_post_is_a_repeat(
    broker: EmbeddedBroker, settings: Callable[..., Settings], sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = settings(feed_http_token="abre")
    said: list[str] = []
    documents = [record("1"), record("2"), record("3"), b"%PDF-1.4"]

    async def day(sender: Sender) -> None:
        patient = TestServer(Receiver(mine, sender, said.append).app())
        monkeypatch.setattr("teletipo.feeds.http.ANSWER_SECONDS", 0.6)
        impatient = TestServer(Receiver(mine, sender, said.append).app())
        monkeypatch.undo()
        async with TestClient(patient) as client, TestClient(impatient) as other:
            assert (await post(client, record("0")))[0] == 202
            with standing_still(broker), monkeypatch.context() as hurry:
                hurry.setattr("teletipo.feeds.http.ANSWER_SECONDS", 0.6)
                answers = await asyncio.gather(*(post(other, document) for document in documents))
                assert {answer[:2] for answer in answers} == {(503, "5")}
                assert max(answer[2] for answer in answers) < 2.0, "each request waits its own time, not the others'"
                assert (await other.get("/livez")).status == 200
            again = await asyncio.gather(*(post(client, document) for document in documents))
            assert [answer[0] for answer in again] == [202, 202, 202, 422]

    with Sender(mine) as sender:
        asyncio.run(day(sender))
    keys = [message.key for message in sent(mine)]
    assert set(keys) == {b"austral:0", b"austral:1", b"austral:2", b"austral:3"}
    assert all(keys.count(key) <= 2 for key in keys), "once or as a repeat"
    assert {letter.value for letter in DeadLetters(mine).open()} == {b"%PDF-1.4"}
    assert sum("503" in line for line in said) == 4
