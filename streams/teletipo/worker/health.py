"""`/livez`, `/readyz` and `/metrics` of one worker, on the next free port."""

from __future__ import annotations

import asyncio
import errno
import logging
import time
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from teletipo.broker import bootstrap_servers
from teletipo.broker.topics import RAW
from teletipo.errors import SettingsError
from teletipo.worker.ending import end
from teletipo.worker.outage import KAFKA
from teletipo.worker.runtime import Runtime

log = logging.getLogger(__name__)

PORTS = 64
"""How many ports after the configured one are tried; several workers share a machine."""
WATCH_SECONDS = 1.0


class HealthServer:
    """Answers probes, and ends a worker that has stopped moving though there is work."""

    def __init__(self, runtime: Runtime, app: Any) -> None:
        self._runtime = runtime
        self._app = app
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen. Raises SettingsError if none of the ports is free."""
        routes = web.Application()
        routes.router.add_get("/livez", self._livez)
        routes.router.add_get("/readyz", self._readyz)
        routes.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(routes, access_log=None)
        await self._runner.setup()
        host, first = self._runtime.settings.worker_health_host, self._runtime.settings.worker_health_port
        for port in range(first, first + PORTS) if first else (0,):
            try:
                await web.TCPSite(self._runner, host, port).start()
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                raise SettingsError(f"TELETIPO_WORKER_HEALTH_HOST: cannot listen on {host}:{port} ({error.strerror})") from None
            self.port = self._runner.addresses[0][1]
            log.info("health and metrics on http://%s:%d/metrics", host, self.port)
            return
        raise SettingsError(f"TELETIPO_WORKER_HEALTH_PORT: {first} to {first + PORTS - 1} are all taken")

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def lags(self) -> dict[int, int]:
        """Inputs that wait, by partition that we own."""
        runtime = self._runtime
        consumer = runtime.has_assignment and getattr(getattr(self._app.consumer, "_thread", None), "_consumer", None)
        if not consumer:
            return {}
        ends = {tp.partition: consumer.highwater(tp) for tp in consumer.assignment() if tp.topic == runtime.names.full(RAW)}
        owners = runtime.owners
        return {p: max(0, ends[p] - owner.position) for p, owner in owners.items() if ends.get(p) is not None}

    def stalled_for(self) -> float:
        """Seconds without progress though inputs wait; 0 while there is nothing to do or a rebalance runs."""
        runtime = self._runtime
        if not runtime.ready or KAFKA.is_on or not any(self.lags().values()):
            return 0.0
        return time.monotonic() - max(runtime.progressed_at, runtime.rebalanced_at, runtime.idle_at)

    async def watch(self) -> None:
        """Look every second; a worker stalled for twice the allowed time ends, so that it is started again.

        While Kafka is away it waits: that is no stall.
        """
        addresses = bootstrap_servers(self._runtime.settings).split(",")
        limit = self._runtime.settings.worker_stall_seconds
        told = False
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await KAFKA.look(addresses)
            if KAFKA.is_on or not any(self.lags().values()):
                self._runtime.idle_at = time.monotonic()
            stalled = self.stalled_for()
            if stalled > limit and not told:
                told = True
                log.error("nothing was delivered for %.0f s though inputs wait", stalled)
            told = told and stalled > 0
            if stalled > 2 * limit:
                end(f"nothing was delivered for {stalled:.0f} s though inputs wait; this worker must be started again")

    async def _livez(self, request: web.Request) -> web.Response:
        stalled = self.stalled_for()
        if stalled > self._runtime.settings.worker_stall_seconds:
            return web.Response(status=503, text=f"stalled for {stalled:.0f} s\n")
        return web.Response(text="ok\n")

    async def _readyz(self, request: web.Request) -> web.Response:
        runtime = self._runtime
        opening = runtime.assigned_partitions - set(runtime.owners)
        if runtime.ready and runtime.has_assignment and not opening:
            return web.Response(text="ok\n")
        why = (
            f"opening partitions {sorted(opening)}"
            if opening
            else "no assignment yet"
            if runtime.ready
            else "starting or stopping"
        )
        return web.Response(status=503, text=f"{why}\n")

    async def _metrics(self, request: web.Request) -> web.Response:
        runtime, metrics = self._runtime, self._runtime.metrics
        metrics.lag.clear()
        for partition, lag in self.lags().items():
            metrics.lag.labels(partition).set(lag)
        metrics.held.set(sum(owner.held for owner in runtime.owners.values()))
        dues = [owner.next_due for owner in runtime.owners.values() if owner.next_due]
        metrics.next_release.set(min(dues).timestamp() if dues else 0)
        metrics.pool.labels("busy").set(runtime.pool.busy)
        metrics.pool.labels("waiting").set(runtime.pool.waiting)
        metrics.pool.labels("width").set(runtime.pool.width)
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
