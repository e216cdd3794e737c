"""What an upgrade of Faust could take away."""

from __future__ import annotations

import asyncio

import faust.streams
from faust.transport.drivers import aiokafka as driver
from teletipo.settings import Settings
from teletipo.worker.app import build_app


def test_faust_is_kept_from_committing_and_serving() -> None:
    app = build_app(Settings(kafka_bootstrap_servers="127.0.0.1:1", topic_prefix="x."))
    for name in ("commit", "_commit"):
        method = getattr(driver.AIOKafkaConsumerThread, name)
        assert method.__module__ == "teletipo.worker.app"
        assert asyncio.run(method(None, {})) is True
    assert app.conf.id == "x.teletipo"
    assert not app.conf.web_enabled
    assert not app.conf.topic_allow_declare
    assert app.conf.topic_disable_leader
    assert app.conf.consumer_auto_offset_reset == "earliest"
    assert [agent.concurrency for agent in app.agents.values()] == [1]


def test_fausts_compiled_iterator_is_there() -> None:
    """The pure-Python one acknowledges what it skips at a rebalance."""
    assert faust.streams._CStreamIterator is not None
