"""`teletipo worker`: the Faust worker."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--restart", is_flag=True, help="Start it again whenever it fails; for machines without an orchestrator.")
@click.option("--pool", type=click.IntRange(1, 256), help="Enriching processes; default: one a core.")
@click.option("--health-port", type=click.IntRange(0, 65535), help="First port to try for /livez, /readyz, /metrics; 0: any.")
def worker(restart: bool, pool: int | None, health_port: int | None) -> None:
    """Run the worker: news.raw in, articles and events out, exactly once.

    Stops within 10 s on SIGTERM with exit status 0. Exit status 3 says: start me again.
    """
    from teletipo.settings import load_settings

    settings = load_settings(worker_pool=pool, worker_health_port=health_port)
    from teletipo.worker.run import run, supervise

    if restart:
        options = [("--pool", pool), ("--health-port", health_port)]
        arguments = [part for name, value in options if value is not None for part in (name, str(value))]
        sys.exit(supervise(arguments))
    sys.exit(run(settings))
