"""The embedded Kafka broker and the definition of the topics."""

from __future__ import annotations

from teletipo.errors import BrokerUnavailable, SettingsError
from teletipo.settings import Settings


def bootstrap_servers(settings: Settings) -> str:
    """Where Kafka is: `TELETIPO_KAFKA_BOOTSTRAP_SERVERS`, else this checkout's running broker.

    Raises BrokerUnavailable, saying what to type, if neither is there; SettingsError where no broker of ours can be started.
    """
    if settings.kafka_bootstrap_servers:
        return settings.kafka_bootstrap_servers
    try:
        from teletipo.broker.server import EmbeddedBroker
    except ImportError:
        raise SettingsError("TELETIPO_KAFKA_BOOTSTRAP_SERVERS: not set; or pip install 'teletipo[kafka]' for a broker") from None
    running = EmbeddedBroker(settings).running()
    if running is None:
        raise BrokerUnavailable(
            "no Kafka runs for this checkout; type `teletipo kafka start`, or set TELETIPO_KAFKA_BOOTSTRAP_SERVERS"
        )
    return running.address
