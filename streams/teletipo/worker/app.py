"""The Faust application: `teletipo worker`, or `faust -A teletipo.worker.app worker`.

Faust brings batches and assignments; everything else is Runtime's. Faust commits nothing: offsets are written by the
transactions that write the outputs, and a commit of Faust's own would overtake or undo them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import faust
import faust.streams
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from teletipo.broker import bootstrap_servers
from teletipo.broker.paths import state_folder
from teletipo.broker.topics import RAW
from teletipo.kafka_settings import MAX_RECORD, faust_credentials
from teletipo.settings import Settings, forget_secrets, load_settings
from teletipo.worker.ending import fatal
from teletipo.worker.health import HealthServer
from teletipo.worker.kafka import Names
from teletipo.worker.plan import Raw
from teletipo.worker.runtime import Runtime

WITHIN = 0.05
"""Seconds that a batch waits to fill up."""
DRAIN_SECONDS = 8.0
"""How long running units may take to be delivered when the worker is told to stop."""


async def _commit_nothing(self: Any, offsets: Mapping[TP, int]) -> bool:
    return True


def stop_faust_committing() -> None:
    """Faust's offset commits would move the group's offset back behind, or ahead of, what the transactions wrote."""
    for name in ("_commit", "commit"):
        setattr(driver.AIOKafkaConsumerThread, name, _commit_nothing)


class TeletipoApp(faust.App):
    """A Faust app that starts our runtime before it reads, and drains it before it stops."""

    runtime: Runtime
    health: HealthServer

    async def on_start(self) -> None:
        """Check topics and pipelines, then let Faust subscribe; a missing one ends the process with its one line."""
        await super().on_start()
        # Probes answer while pipelines are loaded: alive, not ready.
        await fatal(self.health.start())
        await fatal(self.runtime.start())

    async def on_stop(self) -> None:
        """Deliver what is being enriched, if it takes no longer than DRAIN_SECONDS, then give everything up."""
        await self.runtime.drain(DRAIN_SECONDS)
        await super().on_stop()
        await self.runtime.stop()
        await self.health.stop()


def build_app(settings: Settings) -> TeletipoApp:
    """The app with its one agent. Raises BrokerUnavailable, SettingsError; connects to nothing yet."""
    if faust.streams._CStreamIterator is None:
        # The pure-Python iterator acknowledges what it skips at a rebalance.
        raise RuntimeError("faust-streaming was installed without its compiled parts; install a platform wheel")
    stop_faust_committing()
    names = Names(settings.topic_prefix)
    session = settings.worker_session_seconds
    app = TeletipoApp(
        names.group,
        broker=";".join(f"kafka://{address.strip()}" for address in bootstrap_servers(settings).split(",")),
        broker_credentials=faust_credentials(settings),
        datadir=state_folder(settings) / "faust",
        key_serializer="raw",
        value_serializer="raw",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        broker_session_timeout=session,
        broker_heartbeat_interval=session / 4,
        broker_request_timeout=max(40.0, session + 10),
        broker_max_poll_records=1000,
        consumer_max_fetch_size=MAX_RECORD + 2**16,
        consumer_auto_offset_reset="earliest",
        stream_wait_empty=False,
        stream_buffer_maxsize=4 * settings.worker_batch,
        worker_redirect_stdouts=False,
        table_standby_replicas=0,
        agent_supervisor="mode.CrashingSupervisor",
    )
    app.runtime = Runtime(settings)
    app.health = HealthServer(app.runtime, app)
    _connect(app, names.full(RAW), settings.worker_batch)
    return app


def _connect(app: TeletipoApp, raw: str, batch: int) -> None:
    runtime = app.runtime

    @app.task
    async def _watch() -> None:
        await fatal(app.health.watch())

    @app.on_partitions_revoked.connect(weak=False)
    async def _revoked(app: faust.App, revoked: set[TP], **kwargs: Any) -> None:
        await fatal(runtime.revoked())

    @app.on_partitions_assigned.connect(weak=False)
    async def _assigned(app: faust.App, assigned: set[TP], **kwargs: Any) -> None:
        await fatal(runtime.assigned({tp.partition for tp in assigned if tp.topic == raw}))

    @app.agent(app.topic(raw, key_type=bytes, value_type=bytes), concurrency=1)
    async def _deliver(stream: Any) -> None:
        async for events in stream.noack_take(batch, within=WITHIN):
            await fatal(runtime.take([_raw(event) for event in events]))
            for event in events:
                # Keeps Faust's own books in order; what counts is committed by the transactions.
                event.ack()


def _raw(event: faust.Event) -> Raw:
    message = event.message
    headers: Any = message.headers or ()
    return Raw(message.partition, message.offset, message.key, message.value, tuple(headers), message.timestamp or 0.0)


def __getattr__(name: str) -> Any:
    """`app`, built when Faust's own command asks for it."""
    if name != "app":
        raise AttributeError(name)
    built = build_app(load_settings())
    forget_secrets()
    globals()["app"] = built
    return built
