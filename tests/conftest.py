"""Settings and fixtures that all tests share."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from teletipo.broker.server import EmbeddedBroker
from teletipo.broker.topics import create
from teletipo.settings import Settings

# A busy machine is no fault of the code: examples are bounded by number, never by time.
hypothesis_settings.register_profile("teletipo", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
hypothesis_settings.load_profile("teletipo")


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    """A real Kafka of the tests' own, on free ports and with its data in a temporary folder, for the whole session."""
    server = EmbeddedBroker(Settings(state_dir=tmp_path_factory.mktemp("state")))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(broker: EmbeddedBroker, tmp_path: Path) -> Callable[..., Settings]:
    """Makes settings with topics of their own: the same prefix within one test, three partitions unless said otherwise."""
    prefix = f"t{uuid.uuid4().hex[:8]}."

    def make(**options: Any) -> Settings:
        running = broker.running()
        assert running is not None
        values: dict[str, Any] = {
            "kafka_bootstrap_servers": running.address,
            "topic_prefix": prefix,
            "topic_partitions": 3,
            "state_dir": tmp_path / "state",
            "worker_pool": 1,
            "worker_session_seconds": 6,
            "worker_health_port": 0,
        }
        made = Settings(**(values | options))
        create(made)
        return made

    return make
