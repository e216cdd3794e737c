"""Workers and wires that end with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from teletipo.settings import Settings
from wire_stream import Wire, WorkerProcess


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[..., WorkerProcess]]:
    """Starts worker processes; whatever is left of them at the end is killed."""
    started: list[WorkerProcess] = []

    def start(settings: Settings, **how: Any) -> WorkerProcess:
        worker = WorkerProcess(settings, tmp_path / "logs", **how)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()


@pytest.fixture
def open_wire() -> Iterator[Callable[[Settings], Wire]]:
    """Opens wires; closes them at the end."""
    opened: list[Wire] = []

    def open_(settings: Settings) -> Wire:
        opened.append(Wire(settings))
        return opened[-1]

    yield open_
    for wire in opened:
        wire.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder: it waits for workers and Kafka most of the time, so `make test` runs two files at once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.integration)
