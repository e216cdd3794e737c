"""`teletipo feed`: wires into Kafka, from wherever they come."""

from __future__ import annotations

import sys
from typing import Any

import click


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
    from teletipo.feeds.files import Overrides, expand, read_file
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
                found = read_file(path, sys.stdin.buffer, overrides, settings)
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
