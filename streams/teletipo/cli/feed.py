"""`teletipo feed`: wires into Kafka, from wherever they come."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

_METRICS = click.option(
    "--metrics-port", type=click.IntRange(0, 65535), help="Answer /metrics and /livez on 127.0.0.1 at this port."
)


@click.group()
def feed() -> None:
    """Send wires to Kafka: files, folders, polled feeds, HTTP, mail."""


@feed.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--provider", help="Who delivers these items; required where the input names none.")
@click.option("--item-id", help="The provider's id of the item (one item only).")
@click.option("--published-at", help="RFC 3339 time of first publication.")
@click.option("--language", help="BCP 47 code, e.g. es.")
def files(
    paths: tuple[str, ...], provider: str | None, item_id: str | None, published_at: str | None, language: str | None
) -> None:
    """Send PATH… (files of any wire format, news.raw records, plain text, folders; - for standard input).

    Waits for Kafka's acknowledgement of every item. Exit status 1 if a file was refused; the others are sent all the same.
    """
    from teletipo.feeds.files import FilesFeeder, expand
    from teletipo.feeds.overrides import Overrides
    from teletipo.feeds.progress import Progress
    from teletipo.feeds.refusals import Refusals
    from teletipo.feeds.sender import Sender
    from teletipo.settings import load_settings

    settings = load_settings()
    overrides = Overrides(provider, item_id, _time(published_at), language)
    with Sender(settings) as sender, Progress(sender.report) as progress:
        feeder = FilesFeeder(sender, Refusals(sender, "feed files"), overrides, settings, progress.say)
        stop = _stop_flag(lambda: feeder.is_waiting)
        for path in expand(list(paths)):
            if stop.is_set():
                progress.say(f"stopped: {path or '-'} and what follows it were not read")
                break
            feeder.send(path, sys.stdin.buffer)
        sender.flush()
    refused = f", {feeder.refused} files refused" if feeder.refused else ""
    click.echo(f"{sender.report.total} items sent to {sender.topic}{refused}")
    if feeder.refused or stop.is_set():
        raise click.exceptions.Exit(130 if stop.is_set() else 1)


def _time(text: str | None) -> Any:
    from teletipo.records import parse_time

    if text is None:
        return None
    moment = parse_time(text)
    if moment is None:
        raise click.BadParameter(f"{text!r} is no RFC 3339 time, e.g. 2024-06-19T10:00:00Z", param_hint="--published-at")
    return moment


@feed.command("dir")
@click.argument("place", metavar="PATH|URL")
@click.option("--provider", help="Who delivers; required where the documents name nobody.")
@click.option("--language", help="BCP 47 code of items that name none.")
@click.option("--done", help="Folder that taken files are moved to; without it they stay.")
@click.option("--refused", help="Folder for refused files, each with NAME.reason.txt beside it.")
@click.option("--interval", type=click.FloatRange(min=0.1), default=10.0, help="Seconds between looks at a remote folder.")
@click.option("--known-hosts", type=click.Path(path_type=Path), help="Keys of sftp servers; ~/.ssh/known_hosts by default.")
@_METRICS
@click.option("--once", is_flag=True, help="Take what is there and end.")
def folder(
    place: str,
    provider: str | None,
    language: str | None,
    done: str | None,
    refused: str | None,
    interval: float,
    known_hosts: Path | None,
    metrics_port: int | None,
    once: bool,
) -> None:
    """Send the complete files of a folder: local, or s3://, sftp://, ftp:// … with the fsspec package of that scheme.

    What was taken is remembered over restarts by its bytes; a local folder is watched, others are polled.
    """
    import time

    from teletipo.feeds.folder import FolderFeeder, Place, run
    from teletipo.feeds.metrics import serving
    from teletipo.feeds.overrides import Overrides
    from teletipo.settings import load_settings

    settings = load_settings()
    where = Place.of(place, known_hosts)
    ledger, stop = _ledger(settings, f"dir-{place}"), _stop_flag()
    with _sending(settings, None if once else stop) as (sender, progress), serving(sender, metrics_port):
        feeder = FolderFeeder(
            where, sender, ledger, settings,
            overrides=Overrides(provider=provider, language=language),
            done=done, refused=refused, say=progress.say, stop=stop,
        )  # fmt: skip
        if provider:
            sender.report.expect(provider)
        if once:
            while feeder.sweep():
                time.sleep(0.2)
        else:
            run(feeder, where, stop, interval)
    click.echo(f"{sender.report.total} items sent to {sender.topic}")


@feed.command()
@click.argument("feeds", type=click.Path(exists=True, dir_okay=False), metavar="FEEDS.toml")
@_METRICS
@click.option("--once", is_flag=True, help="Ask every feed once and end.")
def poll(feeds: str, metrics_port: int | None, once: bool) -> None:
    """Poll RSS, Atom and JSON feeds over HTTP: conditional requests, back-off, new and changed entries only."""
    from teletipo.feeds.metrics import serving
    from teletipo.feeds.poll import Poller, load_feeds
    from teletipo.feeds.safe_http import SafeClient
    from teletipo.settings import load_settings

    settings = load_settings()
    wanted = load_feeds(Path(feeds))
    ledger, stop = _ledger(settings, "poll"), _stop_flag()
    with (
        _sending(settings, None if once else stop) as (sender, progress),
        serving(sender, metrics_port),
        SafeClient(allow_private=settings.feed_allow_private) as client,
    ):
        poller = Poller(wanted, sender, ledger, client, settings, progress.say, stop)
        if once:
            for one in wanted:
                poller.poll(one)
        else:
            poller.run()
    click.echo(f"{sender.report.total} items sent to {sender.topic}")


@feed.command("http")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8788, show_default=True)
def http_(host: str, port: int) -> None:
    """Receive wires by HTTP: POST /items with TELETIPO_FEED_HTTP_TOKEN as bearer token, or signed with the HMAC key."""
    from aiohttp import web

    from teletipo.feeds.http import Receiver
    from teletipo.feeds.progress import Progress
    from teletipo.feeds.sender import Sender
    from teletipo.settings import load_settings

    settings = load_settings()
    with Sender(settings) as sender, Progress(sender.report) as progress:
        app = Receiver(settings, sender, progress.say).app()
        try:
            web.run_app(app, host=host, port=port, print=progress.say, access_log=None)
        except OSError as error:
            raise click.ClickException(f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port") from None


@feed.command()
@click.argument("place", metavar="MAILDIR|-")
@click.option("--provider", help="Who delivers; default: the sender's domain.")
@_METRICS
@click.option("--once", is_flag=True, help="Take what is there and end.")
def mail(place: str, provider: str | None, metrics_port: int | None, once: bool) -> None:
    """Send wires that come by mail: one message on standard input (-), or the new messages of a maildir."""
    from teletipo.errors import BrokerUnavailable
    from teletipo.feeds.mailbox import MailFeeder
    from teletipo.feeds.metrics import serving
    from teletipo.feeds.overrides import Overrides
    from teletipo.feeds.refusals import Refusals
    from teletipo.settings import load_settings

    settings = load_settings()
    ledger = None if place == "-" else _ledger(settings, f"mail-{place}")
    stop = None if place == "-" else _stop_flag()
    try:
        with _sending(settings, None if once else stop) as (sender, progress), serving(sender, metrics_port):
            refusals = Refusals(sender, "feed mail", ledger)
            feeder = MailFeeder(sender, refusals, settings, Overrides(provider=provider), progress.say)
            if provider:
                sender.report.expect(provider)
            if ledger is None or stop is None:
                is_taken = feeder.send(sys.stdin.buffer.read(), "-")
            else:
                is_taken = True
                while not stop.is_set():
                    feeder.sweep(Path(place), ledger, stop)
                    if once:
                        break
                    stop.wait(2)
    except BrokerUnavailable as error:
        if place != "-":
            raise
        # A mail server keeps the message and tries again for this status; any other would send it back to the agency.
        click.echo(f"teletipo: {error}", err=True)
        raise click.exceptions.Exit(os.EX_TEMPFAIL) from None
    click.echo(f"{sender.report.total} items sent to {sender.topic}")
    if not is_taken:
        raise click.exceptions.Exit(1)


@contextlib.contextmanager
def _sending(settings: Any, stop: Any) -> Iterator[tuple[Any, Any]]:
    """A sender, and what is said while it works; a Kafka that is away is waited for until `stop` is set, if that is given."""
    from teletipo.feeds.patience import Patience
    from teletipo.feeds.progress import Progress
    from teletipo.feeds.sender import Sender

    patience = Patience(stop) if stop else None
    with Sender(settings, patience=patience) as sender, Progress(sender.report) as progress:
        if patience:
            patience.say = progress.say
        yield sender, progress


def _ledger(settings: Any, name: str) -> Any:
    from teletipo.broker.paths import state_folder
    from teletipo.feeds.ledger import Ledger, digest

    return Ledger(state_folder(settings) / "feeds" / f"{digest(name.encode())[:16]}.sqlite")


def _stop_flag(is_waiting: Callable[[], bool] = lambda: False) -> Any:
    """A flag that SIGTERM and SIGINT set: what is in hand is finished, then the feeder ends; at once while it only waits."""
    import signal
    from threading import Event

    stop = Event()

    def end(number: int, frame: object) -> None:
        stop.set()
        if is_waiting():
            raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop
