"""One set of security settings for Faust, aiokafka and kafka-python, against a SASL_SSL listener of our own broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from kafka import KafkaAdminClient
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion
from pydantic import SecretStr
from teletipo.broker import clients
from teletipo.broker.login import refusal
from teletipo.broker.reading import read_topic
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import admin_client, check, create
from teletipo.errors import LoginRefused, SettingsError
from teletipo.feeds.sender import Sender
from teletipo.kafka_settings import client_options
from teletipo.records import RawItem
from teletipo.settings import Settings
from wire_stream import WorkerProcess, free_port, wait_for

PASSWORD = "pässwört with spaces"
KEY_PASSWORD = "another"
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings for the SASL_SSL listener of a broker of its own; it also wants a client certificate."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    server, client = authority.issue_cert("127.0.0.1"), authority.issue_cert("feeder@example.org")
    # Java reads PKCS #8 keys only.
    key = load_pem_private_key(server.private_key_pem.bytes(), password=None)
    pkcs8 = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(pkcs8 + b"".join(blob.bytes() for blob in server.cert_chain_pems))
    client.private_key_and_cert_chain_pem.write_to_path(folder / "client.pem")
    key = load_pem_private_key(client.private_key_pem.bytes(), password=None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(KEY_PASSWORD.encode()))
    (folder / "locked.key").write_bytes(locked)
    port = free_port()
    login = f'org.apache.kafka.common.security.plain.PlainLoginModule required user_wire="{PASSWORD}";'
    extra = {
        "listeners": f"{{listeners}},SECURE://127.0.0.1:{port}",
        "advertised.listeners": f"{{advertised.listeners}},SECURE://127.0.0.1:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL",
        "listener.name.secure.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        "listener.name.secure.scram-sha-256.sasl.jaas.config": SCRAM,
        "listener.name.secure.scram-sha-512.sasl.jaas.config": SCRAM,
        "listener.name.secure.plain.sasl.jaas.config": login,
        "listener.name.secure.ssl.keystore.type": "PEM",
        "listener.name.secure.ssl.keystore.location": str(folder / "server.pem"),
        "listener.name.secure.ssl.truststore.type": "PEM",
        "listener.name.secure.ssl.truststore.location": str(folder / "ca.pem"),
        "listener.name.secure.ssl.client.auth": "required",
    }
    broker = EmbeddedBroker(Settings(state_dir=folder / "state"), extra=extra)
    running = broker.start()
    users = KafkaAdminClient(bootstrap_servers=[running.address])
    for mechanism in ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512:
        users.alter_user_scram_credentials([UserScramCredentialUpsertion("scrammed", mechanism, PASSWORD)])
    users.close()
    yield Settings(
        state_dir=folder / "worker",
        kafka_bootstrap_servers=f"127.0.0.1:{port}",
        kafka_security_protocol="SASL_SSL",
        kafka_sasl_mechanism="PLAIN",
        kafka_sasl_username="wire",
        kafka_sasl_password=SecretStr(PASSWORD),
        kafka_ssl_ca=folder / "ca.pem",
        kafka_ssl_certificate=folder / "client.pem",
        topic_partitions=1,
        worker_pool=1,
        worker_health_port=0,
    )
    broker.stop(train=False)


def test_the_whole_way_over_tls_with_a_password(secure: Settings, start_worker: Callable[..., WorkerProcess]) -> None:
    assert create(secure)
    worker = start_worker(secure, extra={"TELETIPO_KAFKA_SASL_PASSWORD": PASSWORD}).wait_ready()
    with Sender(secure) as sender:
        sender.send(RawItem("prueba", "1", 0, body="Francia y Alemania firmaron un acuerdo en Berlín."))
    articles = wait_for(lambda: list(read_topic(secure, "news.articles")), 30, "nothing was published")
    assert articles[0].key == b"prueba:1"
    assert PASSWORD not in worker.log
    for child in worker.children():
        assert PASSWORD not in child.environ().values(), "enriching needs no password"
        assert PASSWORD not in " ".join(child.cmdline())
    assert worker.stop() == 0


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_both_client_libraries_log_in_by_scram(secure: Settings, mechanism: str) -> None:
    made = secure.model_copy(update={"kafka_sasl_mechanism": mechanism, "kafka_sasl_username": "scrammed"})
    with admin_client(made) as client:
        assert client.list_topics() is not None
    assert refusal(made) is None


def test_a_wrong_password_is_one_line_without_it(secure: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = secure.model_copy(update={"kafka_sasl_password": SecretStr("geheim")})
    monkeypatch.setattr(clients, "BOOTSTRAP_MS", 1000)
    with pytest.raises(LoginRefused, match=r"refuses the log-in .*; check TELETIPO_KAFKA_SASL") as refused:
        check(wrong)
    assert "geheim" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_worker_does_not_wait_for_a_wrong_password_to_become_right(
    secure: Settings, start_worker: Callable[..., WorkerProcess]
) -> None:
    worker = start_worker(secure, extra={"TELETIPO_KAFKA_SASL_PASSWORD": "geheim"})
    assert worker.process.wait(90) == 2
    assert worker.log.splitlines()[-1].startswith(f"teletipo: Kafka at {secure.kafka_bootstrap_servers} refuses the log-in")
    assert "geheim" not in worker.log


def test_a_worker_does_not_wait_for_a_certificate_that_nobody_vouches_for(
    secure: Settings, start_worker: Callable[..., WorkerProcess], tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    other = secure.model_copy(update={"kafka_ssl_ca": tmp_path / "other.pem"})
    worker = start_worker(other, extra={"TELETIPO_KAFKA_SASL_PASSWORD": PASSWORD})
    assert worker.process.wait(90) == 2
    assert worker.log.splitlines()[-1].endswith("check TELETIPO_KAFKA_SSL_CA")


def test_a_missing_password_names_its_variable(secure: Settings) -> None:
    with pytest.raises(SettingsError, match="TELETIPO_KAFKA_SASL_PASSWORD: missing"):
        client_options(secure.model_copy(update={"kafka_sasl_password": None}))


def test_a_ca_file_that_is_none_is_refused(secure: Settings, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(SettingsError, match="TELETIPO_KAFKA_SSL_CA"):
        client_options(secure.model_copy(update={"kafka_ssl_ca": tmp_path / "ca.pem"}))


def test_an_encrypted_key_needs_its_password_and_nobody_is_asked_for_it(secure: Settings) -> None:
    key = secure.kafka_ssl_ca.parent / "locked.key"  # type: ignore[union-attr]
    locked = secure.model_copy(update={"kafka_ssl_key": key})
    for wrong in (None, SecretStr("geheim")):
        with pytest.raises(SettingsError, match="TELETIPO_KAFKA_SSL_KEY_PASSWORD") as refused:
            client_options(locked.model_copy(update={"kafka_ssl_key_password": wrong}))
        assert "geheim" not in str(refused.value)
    opened = locked.model_copy(update={"kafka_ssl_key_password": SecretStr(KEY_PASSWORD)})
    assert refusal(opened) is None
    assert client_options(opened)["ssl_context"]


def test_a_file_that_is_missing_is_named_with_its_variable(secure: Settings) -> None:
    for name in ("kafka_ssl_ca", "kafka_ssl_certificate", "kafka_ssl_key"):
        with pytest.raises(SettingsError, match=rf"TELETIPO_{name.upper()}: /no\.pem cannot be used \(No such file"):
            client_options(secure.model_copy(update={name: Path("/no.pem")}))


def test_secrets_are_never_printed(secure: Settings) -> None:
    assert PASSWORD not in repr(secure)
    assert PASSWORD not in str(secure)
