"""`teletipo feed`: wires into Kafka, from wherever they come."""

from __future__ import annotations

import sys
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
    from teletipo.errors import InputError, SettingsError
    from teletipo.feeds.files import Overrides, expand, file_bytes, read_items
    from teletipo.feeds.sender import Progress, Sender
    from teletipo.settings import load_settings

    settings = load_settings()
    overrides = Overrides(provider, item_id, _time(published_at), language)
    refused = 0
    with Sender(settings) as sender:
        progress = Progress(_say)
        for path in expand(list(paths)):
            name = "-" if path is None else str(path)
            try:
                found = read_items(file_bytes(path, sys.stdin.buffer), path, overrides, settings)
                if item_id is not None and len(found.items) > 1:
                    raise SettingsError(f"{name}: --item-id, but the input has {len(found.items)} items")
                for item in found.items:
                    sender.send(item)
                    progress.tell(sender.report)
                for loss in found.losses:
                    click.echo(f"{name}: {loss}", err=True)
            except (InputError, SettingsError) as error:
                refused += 1
                click.echo(f"{name}: {error}", err=True)
        sender.flush()
        click.echo(f"{sender.report.total} items sent to {sender.topic}" + (f", {refused} files refused" if refused else ""))
    if refused:
        raise click.exceptions.Exit(1)


def _say(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(text, err=True)


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

    from teletipo.feeds.files import Overrides
    from teletipo.feeds.folder import FolderFeeder, Place, run
    from teletipo.feeds.metrics import serving
    from teletipo.feeds.sender import Sender
    from teletipo.settings import load_settings

    settings = load_settings()
    where = Place.of(place, known_hosts)
    ledger = _ledger(settings, f"dir-{place}")
    with Sender(settings) as sender, serving(sender, metrics_port):
        feeder = FolderFeeder(
            where, sender, ledger, settings,
            overrides=Overrides(provider=provider, language=language),
            done=done, refused=refused, say=lambda text: click.echo(text, err=True),
        )  # fmt: skip
        if once:
            while feeder.sweep():
                time.sleep(0.2)
        else:
            run(feeder, where, _stop_flag(), interval)
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
    from teletipo.feeds.sender import Sender
    from teletipo.settings import load_settings

    settings = load_settings()
    wanted = load_feeds(Path(feeds))
    ledger = _ledger(settings, "poll")
    with (
        Sender(settings) as sender,
        serving(sender, metrics_port),
        SafeClient(allow_private=settings.feed_allow_private) as client,
    ):
        poller = Poller(wanted, sender, ledger, client, settings, lambda text: click.echo(text, err=True))
        if once:
            for one in wanted:
                poller.poll(one)
        else:
            poller.run(_stop_flag())
        click.echo(f"{sender.report.total} items sent to {sender.topic}")


@feed.command("http")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8788, show_default=True)
def http_(host: str, port: int) -> None:
    """Receive wires by HTTP: POST /items with TELETIPO_FEED_HTTP_TOKEN as bearer token, or signed with the HMAC key."""
    from aiohttp import web

    from teletipo.feeds.http import Receiver
    from teletipo.feeds.sender import Sender
    from teletipo.settings import load_settings

    settings = load_settings()
    with Sender(settings) as sender:
        app = Receiver(settings, sender).app()
        try:
            web.run_app(app, host=host, port=port, print=lambda text: click.echo(text, err=True), access_log=None)
        except OSError as error:
            raise click.ClickException(f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port") from None


@feed.command()
@click.argument("place", metavar="MAILDIR|-")
@click.option("--provider", help="Who delivers; default: the sender's domain.")
@_METRICS
@click.option("--once", is_flag=True, help="Take what is there and end.")
def mail(place: str, provider: str | None, metrics_port: int | None, once: bool) -> None:
    """Send wires that come by mail: one message on standard input (-), or the new messages of a maildir."""
    from teletipo.errors import InputError
    from teletipo.feeds.files import Overrides
    from teletipo.feeds.mailbox import send_message, sweep_maildir
    from teletipo.feeds.metrics import serving
    from teletipo.feeds.sender import Sender
    from teletipo.settings import load_settings

    settings = load_settings()
    overrides = Overrides(provider=provider)
    with Sender(settings) as sender, serving(sender, metrics_port):
        if place == "-":
            try:
                send_message(sys.stdin.buffer.read(), "-", sender, settings, overrides)
            except InputError as error:
                click.echo(f"-: {error}", err=True)
                raise click.exceptions.Exit(1) from None
        else:
            ledger, stop = _ledger(settings, f"mail-{place}"), _stop_flag()
            while not stop.is_set():
                sweep_maildir(Path(place), sender, ledger, settings, overrides, lambda text: click.echo(text, err=True))
                if once:
                    break
                stop.wait(2)
        click.echo(f"{sender.report.total} items sent to {sender.topic}")


def _ledger(settings: Any, name: str) -> Any:
    from teletipo.broker.paths import state_folder
    from teletipo.feeds.ledger import Ledger, digest

    return Ledger(state_folder(settings) / "feeds" / f"{digest(name.encode())[:16]}.sqlite")


def _stop_flag() -> Any:
    """A flag that SIGTERM and SIGINT set: what is in hand is finished, then the feeder ends."""
    import signal
    from threading import Event

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
