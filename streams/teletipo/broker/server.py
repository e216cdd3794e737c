"""The embedded broker: one KRaft node of Kafka on this machine, with its data in this checkout's state folder.

`start` leaves it running on its own; `stop`, `status` and `logs` find it again by the file that `start` wrote. It listens
on 127.0.0.1 only.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson
import psutil

from teletipo.broker.install import KAFKA_VERSION, install_jars
from teletipo.broker.java import Java, find_java
from teletipo.broker.paths import cache_folder, state_folder
from teletipo.broker.probe import answers
from teletipo.errors import BrokerStartFailed
from teletipo.settings import Settings

READY_SECONDS = 180.0
"""How long a start may take before it counts as failed; measured: 1 s with the start-up cache, 3 s without or after a kill -9,
a minute on a machine whose cores are all taken."""
STOP_SECONDS = 15.0
CACHE_SECONDS = 60.0
"""How long the first stop may take, which writes the start-up cache (7 s on two cores)."""
NEEDED_MB = 300
HEAP_MB = 512


@dataclass(frozen=True, slots=True)
class Running:
    """A broker process as `start` recorded it."""

    pid: int
    port: int
    trains: str | None = None
    """Where the process writes its start-up cache when it ends, if it does."""
    cache: str | None = None
    """The start-up cache that it was started with, if there was one."""

    @property
    def address(self) -> str:
        """`host:port` for clients."""
        return f"127.0.0.1:{self.port}"


def _silent(line: str) -> None:
    """The default for `report`: progress is of no interest."""


@dataclass(slots=True)
class EmbeddedBroker:
    """The broker of this checkout. `extra` are further lines of server.properties; `{name}` in a value is what it replaces."""

    settings: Settings
    report: Callable[[str], None] = _silent
    extra: dict[str, str] = field(default_factory=dict)
    jvm_options: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where configuration, data, log and pid file lie."""
        return state_folder(self.settings) / "kafka"

    @property
    def log_file(self) -> Path:
        """What the broker wrote to its output, warnings and errors only."""
        return self.folder / "kafka.log"

    def running(self) -> Running | None:
        """The broker process of this checkout, or None. A pid file left by a kill -9 or a reboot counts as none."""
        try:
            found = Running(**orjson.loads((self.folder / "running.json").read_bytes()))
            # A reused pid is told by its command line; the clock by which processes are dated may be set anew.
            alive = str(self.folder / "server.properties") in psutil.Process(found.pid).cmdline()
        except (FileNotFoundError, ValueError, TypeError, psutil.NoSuchProcess, psutil.AccessDenied):
            return None
        return found if alive else None

    def start(self) -> Running:
        """Start the broker, if it does not run yet, and wait until it answers.

        Raises BrokerStartFailed with one line: no network for the first download, port taken, disk full, no Java.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            found = self.running()
            # One that was killed a moment ago may still be seen, or one that is stopping: it ends instead of answering.
            if found is None or not self._gets_ready(found):
                found = self._launch_and_wait()
            return found

    def _launch_and_wait(self) -> Running:
        said_before = self.log_file.stat().st_size if self.log_file.exists() else 0
        found = self._launch()
        try:
            ready = self._gets_ready(found)
        except KeyboardInterrupt:
            with contextlib.suppress(psutil.NoSuchProcess):
                _end_now(psutil.Process(found.pid), found)
            raise
        if ready:
            return found
        cache = Path(found.cache) if found.cache else None
        if cache and cache.exists():
            # Java checks little of a cache that was damaged on disk, and then dies of it.
            self.report("Kafka ended at its start; trying once more without its start-up cache")
            cache.unlink(missing_ok=True)
            return self._launch_and_wait()
        reason = _reason(self._log_tail(said_before))
        raise BrokerStartFailed(f"Kafka ended at its start: {reason}; all of it: {self.log_file}")

    def stop(self, train: bool = True) -> bool:
        """Stop the broker cleanly. True if it ran. Without `train` a start-up cache in the making is given up."""
        if not self.folder.is_dir():
            return False
        with self._locked():
            found = self.running()
            if found is None:
                return False
            process = psutil.Process(found.pid)
            process.terminate()
            try:
                self._wait_for_end(process, found, train)
            except KeyboardInterrupt:
                _end_now(process, found)
                raise
            finally:
                (self.folder / "running.json").unlink(missing_ok=True)
            return True

    def _wait_for_end(self, process: psutil.Process, found: Running, train: bool) -> None:
        try:
            process.wait(STOP_SECONDS if not found.trains else 2.0)
            return
        except psutil.TimeoutExpired:
            pass
        if found.trains and train:
            self.report("saving Kafka's start-up cache, so that the next start takes a second (once, about 7 s)")
            with contextlib.suppress(psutil.TimeoutExpired):
                process.wait(CACHE_SECONDS)
                _keep_cache(Path(found.trains))
                return
        _end_now(process, found)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _launch(self) -> Running:
        free_mb = shutil.disk_usage(self.folder).free // 2**20
        if free_mb < NEEDED_MB:
            raise BrokerStartFailed(
                f"{self.folder}: {free_mb} MB free, Kafka needs {NEEDED_MB}; make room or set TELETIPO_STATE_DIR"
            )
        java = find_java(self.settings)
        jars = install_jars(self.report)
        port, controller = self._choose_ports()
        self.report(f"starting Kafka {KAFKA_VERSION} on 127.0.0.1:{port} (Java {java.version})")
        properties = self._write_properties(port, controller)
        if not (self.folder / "data" / "meta.properties").exists():
            self._format(java, jars, properties)
        cache, trains = _start_up_cache(java, jars)
        option = [f"-XX:AOTCache={cache}"] if cache else [f"-XX:AOTCacheOutput={trains}"] if trains else []
        command = [
            str(java.command),
            *_jvm_options(java),
            *option,
            *self.jvm_options,
            "-cp",
            _classpath(jars),
            "kafka.Kafka",
            str(properties),
        ]
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, start_new_session=True
            )
        started = Running(process.pid, port, trains, cache)
        try:
            _wait_for_command_line(process)
            (self.folder / "running.json").write_bytes(orjson.dumps(asdict(started)))
        except BaseException:
            # Nobody would find it again.
            process.kill()
            raise
        return started

    def _choose_ports(self) -> tuple[int, int]:
        """The port of last time if it is free, else another; a port given by setting must be free."""
        remembered = self.folder / "ports.json"
        try:
            port, controller = orjson.loads(remembered.read_bytes())
        except (FileNotFoundError, ValueError, TypeError):
            port = controller = 0
        given = self.settings.kafka_port
        if given and not _is_free(given):
            raise BrokerStartFailed(f"port {given} on 127.0.0.1 is taken; set TELETIPO_KAFKA_PORT to a free one, or unset it")
        port = given or (port if port and _is_free(port) else _free_port())
        if not controller or not _is_free(controller) or controller == port:
            controller = _free_port()
        remembered.write_bytes(orjson.dumps([port, controller]))
        return port, controller

    def _write_properties(self, port: int, controller: int) -> Path:
        advertised = f"PLAINTEXT://127.0.0.1:{port}"
        values = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"{advertised},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": advertised,
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": str(self.folder / "data"),
            **BROKER_DEFAULTS,
        }
        for name, value in self.extra.items():
            values[name] = value.replace(f"{{{name}}}", values.get(name, ""))
        path = self.folder / "server.properties"
        path.write_text("".join(f"{name}={_escaped(value)}\n" for name, value in values.items()), "utf-8")
        path.chmod(0o600)
        return path

    def _format(self, java: Java, jars: list[Path], properties: Path) -> None:
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        done = subprocess.run(
            [
                *(str(java.command), *_jvm_options(java), "-cp", _classpath(jars), "kafka.tools.StorageTool"),
                *("format", f"--cluster-id={cluster}", "-c", str(properties)),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.folder,
        )
        if done.returncode:
            self.log_file.write_text(done.stdout + done.stderr, "utf-8")
            raise BrokerStartFailed(
                f"Kafka could not format {self.folder / 'data'}: {_reason(done.stderr)}; all of it: {self.log_file}"
            )

    def _gets_ready(self, found: Running) -> bool:
        """Wait until the broker answers; False if it ends instead. Raises BrokerStartFailed if it does neither."""
        begun = told = time.monotonic()
        while not answers(found.address):
            waited = time.monotonic() - begun
            if self.running() is None:
                return False
            if waited > READY_SECONDS:
                raise BrokerStartFailed(
                    f"Kafka does not answer on {found.address} after {READY_SECONDS:.0f} s; see {self.log_file}"
                )
            if time.monotonic() - told > 2:
                told = time.monotonic()
                self.report(f"waiting for Kafka ({waited:.0f} s)")
            time.sleep(0.05)
        return True

    def _log_tail(self, start: int) -> str:
        try:
            with self.log_file.open("rb") as log:
                log.seek(max(start, self.log_file.stat().st_size - 20_000))
                return log.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""


BROKER_DEFAULTS = {
    "num.partitions": "1",
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # A frozen worker's transaction hides what lies behind it from readers until it is aborted.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    # After a kill -9 a restart waits until the old registration has expired: 2.8 s instead of 10.8 s.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "message.max.bytes": str(17 * 2**20),
    "replica.fetch.max.bytes": str(17 * 2**20),
    # Killed text must be gone within two hours (contract.md); the cleaner looks often enough for that.
    "log.cleaner.backoff.ms": "15000",
    "log.cleaner.dedupe.buffer.size": str(32 * 2**20),
    "log.retention.check.interval.ms": "60000",
}


def _jvm_options(java: Java) -> list[str]:
    quiet = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true"]
    quiet.append("-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ")
    if java.major >= 24:
        quiet.append("--sun-misc-unsafe-memory-access=allow")
    quiet += ["-Xlog:disable", "-Xlog:all=error:stderr"]
    return [f"-Xmx{HEAP_MB}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", *quiet]


def _wait_for_command_line(process: subprocess.Popen[bytes]) -> None:
    """A program that has just been executed shows an empty command line for a moment, by which it would pass for dead."""
    with contextlib.suppress(psutil.Error):
        while process.poll() is None and not psutil.Process(process.pid).cmdline():
            time.sleep(0.005)


def _start_up_cache(java: Java, jars: list[Path]) -> tuple[str | None, str | None]:
    """The start-up cache to use, or where one is to be made at the end of this run; neither if this Java keeps none."""
    if not java.keeps_aot_cache:
        return None, None
    made_for = uuid.uuid5(uuid.NAMESPACE_URL, f"{java.command.resolve()} {java.version} {_classpath(jars)}").hex[:12]
    cache = cache_folder() / f"kafka-{KAFKA_VERSION}-{made_for}.aot"
    if cache.exists():
        return str(cache), None
    # A name of its own for each run: two brokers of one process would write over each other's.
    return None, f"{cache}.{uuid.uuid4().hex[:12]}"


def _end_now(process: psutil.Process, found: Running) -> None:
    """Kill the broker and the child that may be making its start-up cache; the data survives that."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in process.children(recursive=True):
            child.kill()
        process.kill()
        process.wait(STOP_SECONDS)
    if found.trains:
        for unfinished in Path(found.trains).parent.glob(f"{Path(found.trains).name}*"):
            unfinished.unlink(missing_ok=True)


def _keep_cache(made: Path) -> None:
    """Give a finished start-up cache its name. Two brokers may have made one; the last is as good as the first."""
    if made.is_file() and made.stat().st_size:
        made.rename(made.with_suffix(""))


def _classpath(jars: list[Path]) -> str:
    return os.pathsep.join(str(jar) for jar in jars)


def _escaped(value: str) -> str:
    """A value as Java's properties files have it: ASCII only, backslashes doubled."""
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in value.replace("\\", "\\\\"))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _reason(log: str) -> str:
    """The line of Kafka's output that says why it ended."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    for sign in (
        "No space left on device",
        "Address already in use",
        "Too many open files",
        "OutOfMemoryError",
        "could not reserve",
    ):
        if any(sign in line for line in lines):
            return sign
    telling = [line for line in lines if "Exception" in line or "ERROR" in line or "Error" in line]
    return (telling or lines or ["it said nothing"])[-1][:300]
