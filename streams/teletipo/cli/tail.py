"""`teletipo tail`: what is published, as it is published."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click


@click.command()
@click.argument("topic", type=click.Choice(["articles", "events", "raw", "deadletter", "state", "held", "history"]))
@click.option("--type", "types", multiple=True, help="PLOVER type of an event, e.g. SUPPORT; may be repeated.")
@click.option("--country", "countries", multiple=True, help="ISO 3166-1 alpha-3 of a participant, the place, an entity.")
@click.option("--actor", "actors", multiple=True, help="Part of a participant's or an entity's name.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="Events at or above it.")
@click.option("--since", help="RFC 3339 time or day: begin with what was published then.")
@click.option("--from-beginning", is_flag=True, help="Begin with the oldest record.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
@click.option("--idle", type=click.FloatRange(min=0), help="Stop when nothing came for so many seconds.")
@click.option("--internal", is_flag=True, help="Allow the internal topics: they hold embargoed and killed text.")
def tail(
    topic: str,
    types: tuple[str, ...],
    countries: tuple[str, ...],
    actors: tuple[str, ...],
    min_confidence: float | None,
    since: str | None,
    from_beginning: bool,
    form: str,
    idle: float | None,
    internal: bool,
) -> None:
    """Show articles or events as they are published; Ctrl-C ends it."""
    from teletipo.cli.display import Printer
    from teletipo.subscribe import articles, events

    start = "beginning" if from_beginning else _since(since)
    if topic not in ("articles", "events"):
        if not internal:
            raise click.UsageError(f"news.{topic} is internal: it may hold embargoed or killed text; add --internal to read it")
        _refuse(f"news.{topic}", type=types, country=countries, actor=actors, min_confidence=min_confidence is not None)
        _tail_internal(topic, start, idle)
        return
    printer = Printer(form)
    options: dict[str, Any] = {"countries": _countries(countries), "actors": actors, "start": start, "idle_seconds": idle}
    if topic == "events":
        with events(types=_types(types), min_confidence=min_confidence or 0.0, **options) as changes:
            for change in changes:
                printer.show(change.record)
    else:
        _refuse("news.articles", type=types, min_confidence=min_confidence is not None)
        with articles(**options) as found:
            for article in found:
                printer.show(article.record)


def _refuse(topic: str, **given: object) -> None:
    """A filter that could not hold for a topic is a mistake, not something to pass over."""
    for name in (name for name, value in given.items() if value):
        raise click.UsageError(f"--{name.replace('_', '-')} does not apply to {topic}")


def _types(names: tuple[str, ...]) -> list[str]:
    from typing import get_args

    from teletipo.records.event import EventType

    known = get_args(EventType)
    for name in names:
        if name.upper() not in known:
            raise click.BadParameter(f"{name!r} is no PLOVER type; they are {', '.join(known)}", param_hint="--type")
    return [name.upper() for name in names]


def _countries(codes: tuple[str, ...]) -> list[str]:
    for code in codes:
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise click.BadParameter(f"{code!r} is no ISO 3166-1 alpha-3 code, e.g. ARG", param_hint="--country")
    return [code.upper() for code in codes]


def _since(text: str | None) -> datetime | None:
    from teletipo.records import parse_time

    if text is None:
        return None
    moment = parse_time(text)
    if moment is None:
        raise click.BadParameter(f"{text!r} is no RFC 3339 time; e.g. 2025-03-12 or 2025-03-12T08:00:00Z", param_hint="--since")
    return moment


def _tail_internal(topic: str, start: datetime | str | None, idle: float | None) -> None:
    """Internal topics as they are: partition, offset, key and value, for whoever debugs the worker."""
    from contextlib import closing

    from teletipo.broker.clients import open_consumer
    from teletipo.cli.display import printable
    from teletipo.settings import load_settings
    from teletipo.subscribe.client import follow

    settings = load_settings()
    options = {} if idle is None else {"consumer_timeout_ms": int(idle * 1000)}
    with closing(open_consumer(settings, group_id=None, **options)) as consumer:
        follow(consumer, f"{settings.topic_prefix}news.{topic}", start)
        for message in consumer:
            key = (message.key or b"").decode("utf-8", "replace")
            value = "(null)" if message.value is None else message.value.decode("utf-8", "replace")
            click.echo(f"{message.partition}@{message.offset}  {printable(key)}  {printable(value)}")
            sys.stdout.flush()
