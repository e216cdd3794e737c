"""`teletipo kafka`: the embedded broker."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from teletipo.broker.server import EmbeddedBroker


def _broker() -> EmbeddedBroker:
    from teletipo.errors import BrokerStartFailed
    from teletipo.settings import load_settings

    try:
        from teletipo.broker.server import EmbeddedBroker
    except ImportError:
        raise BrokerStartFailed("the embedded broker is not installed: pip install 'teletipo[kafka]'") from None
    return EmbeddedBroker(load_settings(), report=lambda line: click.echo(line, err=True))


@click.group()
def kafka() -> None:
    """Start, stop and look at the embedded Kafka broker of this checkout."""


@kafka.command()
def start() -> None:
    """Start the broker and leave it running; the last line of standard output is its host:port."""
    begun = time.monotonic()
    running = _broker().start()
    click.echo(f"Kafka is ready on {running.address} (pid {running.pid}, {time.monotonic() - begun:.1f} s)", err=True)
    click.echo(running.address)


@kafka.command()
def stop() -> None:
    """Stop the broker; its data stays for the next start."""
    click.echo("Kafka stopped" if _broker().stop() else "Kafka was not running", err=True)


@kafka.command()
def status() -> None:
    """Say whether the broker runs and where. Exit status 1 if it does not."""
    broker = _broker()
    running = broker.running()
    if running is None:
        click.echo("not running")
        sys.exit(1)
    click.echo(f"running on {running.address}, pid {running.pid}, data in {broker.folder / 'data'}")


@kafka.command()
@click.option("-f", "--follow", is_flag=True, help="Go on as the broker writes.")
@click.option("-n", "--lines", default=50, show_default=True, help="How many of the last lines.")
def logs(follow: bool, lines: int) -> None:
    """Show the broker's warnings and errors."""
    path: Path = _broker().log_file
    if not path.exists():
        click.echo(f"{path}: nothing yet; the broker was never started", err=True)
        return
    with path.open("r", encoding="utf-8", errors="replace") as log:
        tail = log.readlines()[-lines:] if lines else []
        click.echo("".join(tail), nl=False)
        while follow:
            more = log.read()
            click.echo(more, nl=False)
            if not more:
                time.sleep(0.3)
