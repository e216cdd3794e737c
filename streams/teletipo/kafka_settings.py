"""One set of settings for both Kafka clients: kafka-python (admin, feeders, subscribers) and aiokafka under Faust.

Secrets are read here, handed to the client libraries, and appear nowhere else.
"""

from __future__ import annotations

import contextlib
import errno
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from teletipo.broker import bootstrap_servers
from teletipo.errors import SettingsError
from teletipo.settings import Settings

MAX_RECORD = 16 * 1024 * 1024
"""Bytes of the largest record that the topics take (contract.md, news.raw)."""


def client_options(settings: Settings) -> dict[str, Any]:
    """Connection and security options of every client, kafka-python's and aiokafka's, which name them alike.

    Raises BrokerUnavailable, SettingsError.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": [address.strip() for address in bootstrap_servers(settings).split(",")],
        "security_protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl_context(settings)
    if settings.kafka_security_protocol.startswith("SASL"):
        username, password = sasl_credentials(settings)
        options |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": username,
            "sasl_plain_password": password,
        }
    return options


def producer_options(settings: Settings) -> dict[str, Any]:
    """Options of the feeders' idempotent producer; its default partitioner is Kafka's murmur2."""
    return client_options(settings) | {
        "acks": "all",
        "enable_idempotence": True,
        "compression_type": "gzip",
        "linger_ms": 5,
        "max_request_size": MAX_RECORD + 64 * 1024,
    }


def consumer_options(settings: Settings) -> dict[str, Any]:
    """Options of every reader of our topics: only what was committed."""
    return client_options(settings) | {
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "max_partition_fetch_bytes": MAX_RECORD + 64 * 1024,
    }


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """The TLS context of the CA, client certificate and key settings. Raises SettingsError if a file cannot be used."""
    with _blaming("TELETIPO_KAFKA_SSL_CA", settings.kafka_ssl_ca, "the certificates of a CA"):
        context = ssl.create_default_context(cafile=settings.kafka_ssl_ca)
    if settings.kafka_ssl_certificate:
        certificate, key = settings.kafka_ssl_certificate, settings.kafka_ssl_key or settings.kafka_ssl_certificate
        secret = settings.kafka_ssl_key_password
        for name, path in (("TELETIPO_KAFKA_SSL_CERTIFICATE", certificate), ("TELETIPO_KAFKA_SSL_KEY", key)):
            with _blaming(name, path, "a file"), path.open("rb"):
                pass
        needed = "a certificate and its key, which TELETIPO_KAFKA_SSL_KEY_PASSWORD opens if it is encrypted"
        with _blaming("TELETIPO_KAFKA_SSL_CERTIFICATE, TELETIPO_KAFKA_SSL_KEY", key, needed):
            # An empty password, because without one OpenSSL asks the terminal for it.
            context.load_cert_chain(certificate, key, secret.get_secret_value() if secret else "")
    return context


@contextlib.contextmanager
def _blaming(variable: str, path: Path | None, allowed: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # OpenSSL's own words ("PEM lib", "Invalid argument") help nobody.
        reason = "" if isinstance(error, ssl.SSLError) or error.errno == errno.EINVAL else f" ({error.strerror})"
        raise SettingsError(f"{variable}: {path} cannot be used{reason}; allowed is {allowed}, in PEM") from None


def sasl_credentials(settings: Settings) -> tuple[str, str]:
    """User name and password for SASL. Raises SettingsError naming the variable that is missing."""
    for name in ("kafka_sasl_mechanism", "kafka_sasl_username", "kafka_sasl_password"):
        if not getattr(settings, name):
            raise SettingsError(f"TELETIPO_{name.upper()}: missing; {settings.kafka_security_protocol} needs it")
    assert settings.kafka_sasl_username
    assert settings.kafka_sasl_password
    return settings.kafka_sasl_username, settings.kafka_sasl_password.get_secret_value()


def faust_credentials(settings: Settings) -> Any:
    """Faust's credentials object for the same settings; None for a plain connection."""
    import faust

    protocol = settings.kafka_security_protocol
    if protocol == "PLAINTEXT":
        return None
    context = ssl_context(settings) if protocol.endswith("SSL") else None
    if protocol == "SSL":
        return faust.SSLCredentials(context=context)
    username, password = sasl_credentials(settings)
    return faust.SASLCredentials(
        username=username, password=password, mechanism=settings.kafka_sasl_mechanism, ssl_context=context
    )
