"""The embedded broker: start, stop, what can go wrong, and what a kill -9 leaves."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import jgo
import psutil
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from teletipo.broker import bootstrap_servers, install, paths
from teletipo.broker.java import find_java
from teletipo.broker.paths import cache_folder
from teletipo.broker.probe import answers
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import create
from teletipo.errors import BrokerStartFailed, BrokerUnavailable, SettingsError
from teletipo.settings import Settings


def test_broker_survives_a_kill_and_keeps_its_port_and_data(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    broker = EmbeddedBroker(settings)
    first = broker.start()
    try:
        assert broker.start() == first, "a second start finds the running broker"
        assert bootstrap_servers(settings) == first.address
        create(settings)
        producer = KafkaProducer(bootstrap_servers=first.address, acks="all")
        for n in range(50):
            producer.send("news.raw", key=b"k", value=str(n).encode(), partition=0)
        producer.flush()
        producer.close()
        os.kill(first.pid, signal.SIGKILL)
        again = broker.start()
        assert again.port == first.port
        consumer = KafkaConsumer(bootstrap_servers=again.address)
        partition = TopicPartition("news.raw", 0)
        assert consumer.end_offsets([partition])[partition] == 50
        consumer.close()
    finally:
        assert broker.stop(train=False)
    assert not answers(first.address)
    assert not broker.stop()


def test_a_process_that_shows_no_command_line_yet_is_not_taken_for_dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system sets it a moment after the program has begun: one start in ten saw that when the machine was busy."""
    looks = iter(range(1000))
    shown = psutil.Process.cmdline
    monkeypatch.setattr(psutil.Process, "cmdline", lambda self: [] if next(looks) < 3 else shown(self))
    broker = EmbeddedBroker(Settings(state_dir=tmp_path))
    try:
        assert broker.start() == broker.running()
        assert next(looks) > 3
    finally:
        assert broker.stop(train=False)


@pytest.mark.long
def test_a_damaged_start_up_cache_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broker: EmbeddedBroker) -> None:
    (tmp_path / "teletipo").mkdir()
    for folder in cache_folder().glob("kafka-*"):
        if folder.is_dir():
            (tmp_path / "teletipo" / folder.name).symlink_to(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said: list[str] = []
    own = EmbeddedBroker(Settings(state_dir=tmp_path / "state"), said.append)
    try:
        own.start()
        own.stop()
        (cache,) = (tmp_path / "teletipo").glob("*.aot")
        with cache.open("r+b") as damaged:
            damaged.seek(10 * 2**20)
            damaged.write(bytes(20 * 2**20))
        own.start()
        assert "without its start-up cache" in " ".join(said)
        assert not cache.exists()
    finally:
        own.stop(train=False)


def test_without_a_broker_one_line_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(BrokerUnavailable, match="teletipo kafka start"):
        bootstrap_servers(Settings(state_dir=tmp_path))


def test_a_given_port_that_is_taken_is_named(tmp_path: Path, broker: EmbeddedBroker) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BrokerStartFailed, match=f"port {port} .* is taken"):
            EmbeddedBroker(Settings(state_dir=tmp_path, kafka_port=port)).start()


def test_a_remembered_port_that_is_taken_gives_way(tmp_path: Path) -> None:
    broker = EmbeddedBroker(Settings(state_dir=tmp_path))
    broker.folder.mkdir(parents=True)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        (broker.folder / "ports.json").write_text(f"[{taken}, {taken}]")
        port, controller = broker._choose_ports()
    assert taken not in (port, controller)
    assert port != controller


def test_no_network_for_the_download_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(jgo, "MAVEN_CENTRAL_URL", "http://127.0.0.1:9/maven2")
    with pytest.raises(BrokerStartFailed) as refused:
        install.install_jars(lambda line: None)
    assert str(refused.value) == (
        "Kafka 4.1.1 cannot be downloaded from repo.maven.apache.org: Connection refused; "
        "the first start needs the network, or set TELETIPO_KAFKA_BOOTSTRAP_SERVERS to a broker you have"
    )
    assert sorted(p.name for p in (tmp_path / "teletipo").iterdir()) == ["install.lock"], "a failed download leaves nothing"


def test_a_jar_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = install.install_jars(lambda line: None)[0].parent
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    served = tmp_path / "served"
    shutil.copytree(good, served)
    victim = served / "kafka-clients-4.1.1.jar"
    victim.write_bytes(victim.read_bytes() + b"x")
    monkeypatch.setattr(install, "_resolve", lambda scratch: sorted(served.glob("*.jar")))
    with pytest.raises(BrokerStartFailed, match=r"kafka-clients-4\.1\.1\.jar: SHA-256"):
        install.install_jars(lambda line: None)


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_full_disk_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Usage(100, 99, 1))
    with pytest.raises(BrokerStartFailed, match="MB free"):
        EmbeddedBroker(Settings(state_dir=tmp_path)).start()


def test_a_disk_too_full_for_the_download_is_said_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Usage(2**27, 2**26, 2**26))
    said: list[str] = []
    with pytest.raises(BrokerStartFailed) as refused:
        install.install_jars(said.append)
    assert str(refused.value) == (
        f"{tmp_path / 'teletipo'}: 64 MB free, Kafka's download needs 150; make room or set XDG_CACHE_HOME to a folder elsewhere"
    )
    assert said == []


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_fails_in_the_download_is_one_line(reason: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path, pinned: dict[str, str]) -> None:
        raise OSError(reason, os.strerror(reason), str(folder))

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(install, "_download", fail)
    with pytest.raises(BrokerStartFailed, match=f"teletipo: {os.strerror(reason)}; .* set XDG_CACHE_HOME"):
        install.install_jars(lambda line: None)


def test_a_java_home_without_java_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no Java runtime"):
        find_java(Settings(java_home=tmp_path))


def test_a_java_that_is_too_old_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    (tmp_path / "release").write_text('JAVA_VERSION="11.0.2"\n')
    with pytest.raises(SettingsError, match=r"11\.0\.2 is too old"):
        find_java(Settings(java_home=tmp_path))


def test_two_checkouts_have_folders_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = set()
    for name in ("one/.venv", "two/.venv"):
        (tmp_path / name).mkdir(parents=True)
        monkeypatch.setattr(sys, "prefix", str(tmp_path / name))
        folders.add(paths.state_folder(Settings(state_dir=tmp_path / "state")))
    assert len(folders) == 2


def test_the_last_line_of_start_is_the_address(broker: EmbeddedBroker) -> None:
    running = broker.running()
    assert running
    environment = os.environ | {"TELETIPO_STATE_DIR": str(broker.settings.state_dir)}
    done = subprocess.run(
        [sys.executable, "-c", "from teletipo.cli import main; main()", "kafka", "start"],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == f"{running.address}\n"
