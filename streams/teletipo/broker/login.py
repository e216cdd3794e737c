"""Why Kafka does not let us in. kafka-python tries until its time is up and then says no more than that; aiokafka is told."""

from __future__ import annotations

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor

from teletipo.errors import LoginRefused
from teletipo.kafka_settings import client_options
from teletipo.settings import Settings

CONNECT_MS = 10_000


def refusal(settings: Settings) -> LoginRefused | None:
    """What to tell a person whom a broker that is there refuses; None if none of them says so. May be called under a loop."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(lambda: asyncio.run(_ask(settings))).result()


async def _ask(settings: Settings) -> LoginRefused | None:
    # Only secured clusters are asked: commands on others start without aiokafka.
    from aiokafka.conn import create_conn
    from aiokafka.errors import KafkaError, SaslAuthenticationFailed, UnsupportedSaslMechanismError

    options = client_options(settings)
    for address in options.pop("bootstrap_servers"):
        host, _, port = address.rpartition(":")
        try:
            connection = await create_conn(host, int(port), request_timeout_ms=CONNECT_MS, **options)
        except (SaslAuthenticationFailed, UnsupportedSaslMechanismError) as error:
            reason = " ".join(str(error).split())
            return LoginRefused(f"Kafka at {address} refuses the log-in ({reason}); check TELETIPO_KAFKA_SASL_…")
        except ssl.SSLCertVerificationError as error:
            reason = error.verify_message
            return LoginRefused(f"Kafka at {address}: its certificate fails ({reason}); check TELETIPO_KAFKA_SSL_CA")
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            continue
        except ssl.SSLError as error:
            reason = error.reason or str(error)
            return LoginRefused(
                f"Kafka at {address} refuses the connection by TLS ({reason}); check TELETIPO_KAFKA_SECURITY_PROTOCOL and "
                "TELETIPO_KAFKA_SSL_CERTIFICATE"
            )
        except (KafkaError, OSError):
            continue
        connection.close()
    return None
