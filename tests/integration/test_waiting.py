"""A worker that starts before its Kafka waits for it; what a person must change ends it with one line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import create
from teletipo.settings import Settings
from wire_stream import Wire, WorkerProcess, assert_lawful, free_port, wait_delivered, wait_for

Start = Callable[..., WorkerProcess]
Open = Callable[[Settings], Wire]

BODY = "Francia y Alemania firmaron en Berlín un acuerdo de cooperación militar."


@pytest.fixture
def late(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    """A broker with all topics that does not run."""
    server = EmbeddedBroker(Settings(state_dir=tmp_path / "late", kafka_port=free_port()))
    server.start()
    create(server.settings.model_copy(update={"topic_partitions": 2}))
    server.stop(train=False)
    yield server
    server.stop(train=False)


def waits(worker: WorkerProcess, seconds: float) -> None:
    """It is alive, and has said once that it waits."""
    wait_for(lambda: "waiting: " in worker.log, 60, "it does not say that it waits")
    time.sleep(seconds)
    assert worker.process.poll() is None
    assert worker.log.count("waiting: ") == 1
    assert worker.log.count("\n") < 12, worker.log


def goes_on(worker: WorkerProcess, wire: Wire, settings: Settings) -> None:
    """It works as if Kafka had always been there."""
    worker.wait_ready()
    wire.send(item_id="1", body=BODY)
    wire.flush()
    wait_delivered(settings)
    assert set(assert_lawful(settings)[0]) == {"prueba:1"}
    assert worker.log.count("Kafka is there") == 1
    assert worker.stop() == 0


@pytest.mark.long
def test_a_worker_waits_for_a_kafka_that_comes_late(
    late: EmbeddedBroker, start_worker: Start, open_wire: Open, tmp_path: Path
) -> None:
    """Under a supervisor, which would stop at a status of 2, and start it again at another."""
    made = Settings(
        kafka_bootstrap_servers=f"127.0.0.1:{late.settings.kafka_port}",
        state_dir=tmp_path / "worker",
        worker_pool=1,
        worker_health_port=0,
    )
    worker = start_worker(made, options=["--restart"])
    # Longer than one attempt to connect takes.
    waits(worker, 12)
    assert worker.get("/livez")[0] == 200
    assert worker.get("/readyz")[0] == 503
    late.start()
    goes_on(worker, open_wire(made), made)


@pytest.mark.long
def test_a_worker_waits_for_the_broker_of_its_checkout(late: EmbeddedBroker, start_worker: Start, open_wire: Open) -> None:
    made = Settings(state_dir=late.settings.state_dir, worker_pool=1, worker_health_port=0)
    worker = start_worker(made)
    waits(worker, 2)
    assert "teletipo kafka start" in worker.log
    running = late.start()
    reachable = made.model_copy(update={"kafka_bootstrap_servers": running.address})
    goes_on(worker, open_wire(reachable), reachable)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "no-such-host.invalid:9092", None], ids=["port", "host", "none"])
def test_a_worker_that_waits_can_be_told_to_stop(start_worker: Start, tmp_path: Path, address: str | None) -> None:
    made = Settings(kafka_bootstrap_servers=address, state_dir=tmp_path / "worker", worker_health_port=0)
    worker = start_worker(made)
    wait_for(lambda: "waiting: " in worker.log, 60, "it does not say that it waits")
    begun = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - begun < 10
    assert "Traceback" not in worker.log


def test_a_worker_that_loads_its_pipelines_can_be_told_to_stop(settings: Callable[..., Settings], start_worker: Start) -> None:
    worker = start_worker(settings())
    worker.health_port()
    assert worker.stop() == 0
    assert "Traceback" not in worker.log


@pytest.mark.parametrize("address", ["localhost", "localhost:kafka", "localhost:99999", "a:1,,b:2"])
def test_an_address_that_is_none_is_one_line(start_worker: Start, tmp_path: Path, address: str) -> None:
    worker = start_worker(Settings(state_dir=tmp_path / "worker"), extra={"TELETIPO_KAFKA_BOOTSTRAP_SERVERS": address})
    assert worker.process.wait(30) == 2
    (line,) = worker.log.splitlines()
    assert line.startswith("teletipo: TELETIPO_KAFKA_BOOTSTRAP_SERVERS: ")
    assert "is wrong; allowed is host:port" in line
