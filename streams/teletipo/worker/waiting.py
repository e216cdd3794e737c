"""Patience at the worker's start: a Kafka that is away, or not there yet, is waited for and told of once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from teletipo.broker import bootstrap_servers
from teletipo.broker.topics import Found, check
from teletipo.errors import BrokerUnavailable, LoginRefused
from teletipo.settings import Settings

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
Answer = TypeVar("Answer")


async def with_address(settings: Settings) -> Settings:
    """These settings with Kafka's address in them; without one given, this checkout's broker, once it has been started.

    The address holds for the worker's life: a broker that is restarted meanwhile is waited for there.
    """
    address = await _patiently(lambda: bootstrap_servers(settings))
    return settings.model_copy(update={"kafka_bootstrap_servers": address})


async def topics(settings: Settings) -> dict[str, Found]:
    """The topics as the cluster has them, once there is one.

    Raises MissingTopics if they are not as they must be, LoginRefused if waiting cannot help, SettingsError.
    """
    return await _patiently(lambda: check(settings))


async def _patiently(ask: Callable[[], Answer]) -> Answer:
    told = False
    while True:
        try:
            answer = await asyncio.to_thread(ask)
        except LoginRefused:
            raise
        except BrokerUnavailable as error:
            if not told:
                log.warning("waiting: %s", error)
            told = True
            await asyncio.sleep(RETRY_SECONDS)
        else:
            if told:
                log.info("Kafka is there")
            return answer
