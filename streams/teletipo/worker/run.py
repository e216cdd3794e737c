"""Runs the worker without Faust's own command: our signals, our log, our exit status; and restarts it where nobody else does."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time

from teletipo.settings import Settings, forget_secrets
from teletipo.worker import logs
from teletipo.worker.ending import RESTART, end

log = logging.getLogger(__name__)

STOP_SECONDS = 9.5
"""After this the process leaves whatever state it is in; an orchestrator kills after 10 s."""


def run(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; the exit status. Waits for Kafka. Raises SettingsError before anything is started."""
    logs.set_up(settings)
    forget_secrets()
    return asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> int:
    from teletipo.worker.app import build_app
    from teletipo.worker.waiting import with_address

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    told = asyncio.ensure_future(stop.wait())
    finding = asyncio.ensure_future(with_address(settings))
    await asyncio.wait({finding, told}, return_when=asyncio.FIRST_COMPLETED)
    if not finding.done():
        return 0
    app = build_app(finding.result())
    app.loop = loop
    starting = asyncio.ensure_future(app.start())
    ended = asyncio.ensure_future(app.wait_until_stopped())
    try:
        await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
    except Exception as error:
        end(f"Faust did not start: {type(error).__name__}: {error}")
    if app.crash_reason is not None or not stop.is_set():
        end(f"Faust ended: {app.crash_reason!r}; this worker must be started again")
    log.info("stopping: delivering what is being enriched" if starting.done() else "stopping before it was ready")
    threading.Timer(STOP_SECONDS, _leave_anyway).start()
    starting.cancel()
    await app.stop()
    log.info("stopped")
    logging.shutdown()
    # Faust's threads and a cancelled child must not delay the exit of a worker that has nothing left to do.
    os._exit(0)


def _leave_anyway() -> None:
    log.warning("did not stop in %.1f s; what was not delivered will be read again", STOP_SECONDS)
    os._exit(0)


def supervise(arguments: list[str]) -> int:
    """Run the worker as a child and start it again whenever it ends with a failure; for machines without an orchestrator."""
    stopping = threading.Event()
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, frame: object) -> None:
        stopping.set()
        if child is not None and child.poll() is None:
            child.send_signal(signal.SIGTERM)

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, pass_on)
    pause = 1.0
    while True:
        begun = time.monotonic()
        child = subprocess.Popen([sys.executable, "-c", "from teletipo.cli import main; main()", "worker", *arguments])
        status = child.wait()
        if stopping.is_set() or status in (0, 2):
            return max(status, 0)
        pause = 1.0 if time.monotonic() - begun > 60 else min(pause * 2, 30.0)
        reason = "must be restarted" if status == RESTART else f"ended with status {status}"
        print(f"teletipo: the worker {reason}; starting it again in {pause:.0f} s", file=sys.stderr, flush=True)
        stopping.wait(pause)
        if stopping.is_set():
            return 0
