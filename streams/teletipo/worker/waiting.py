"""Patience at the worker's start: a Kafka that is away, or not there yet, is waited for and told of once."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from typing import TypeVar

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError, SaslAuthenticationFailed, UnsupportedSaslMechanismError

from teletipo.broker import bootstrap_servers
from teletipo.broker.topics import Found, check
from teletipo.errors import BrokerUnavailable, LoginRefused
from teletipo.settings import Settings
from teletipo.worker.kafka import aiokafka_options

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
CONNECT_MS = 10_000
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
    return await _patiently(lambda: check(settings), settings)


async def _patiently(ask: Callable[[], Answer], settings: Settings | None = None) -> Answer:
    told = False
    while True:
        try:
            answer = await asyncio.to_thread(ask)
        except BrokerUnavailable as error:
            if settings is not None:
                await _refused(settings)
            if not told:
                log.warning("waiting: %s", error)
            told = True
            await asyncio.sleep(RETRY_SECONDS)
        else:
            if told:
                log.info("Kafka is there")
            return answer


async def _refused(settings: Settings) -> None:
    """Raise LoginRefused if a broker is there and does not let us in, which kafka-python does not tell from one that is away."""
    options = aiokafka_options(settings)
    for address in options.pop("bootstrap_servers"):
        host, _, port = address.rpartition(":")
        try:
            connection = await create_conn(host, int(port), request_timeout_ms=CONNECT_MS, **options)
        except (SaslAuthenticationFailed, UnsupportedSaslMechanismError) as error:
            reason = " ".join(str(error).split())
            raise LoginRefused(f"Kafka at {address} refuses the log-in ({reason}); check TELETIPO_KAFKA_SASL_…") from None
        except ssl.SSLCertVerificationError as error:
            reason = error.verify_message
            raise LoginRefused(f"Kafka at {address}: its certificate fails ({reason}); check TELETIPO_KAFKA_SSL_CA") from None
        except (KafkaError, OSError):
            continue
        connection.close()
