"""`teletipo tail`: what is published, as it is published."""

from __future__ import annotations

from datetime import datetime

import click


@click.command()
@click.argument("topic", type=click.Choice(["articles", "events", "raw", "deadletter", "state", "held", "history"]))
@click.option("--type", "types", multiple=True, help="PLOVER type, e.g. SUPPORT; may be repeated.")
@click.option("--country", "countries", multiple=True, help="ISO 3166-1 alpha-3 of a participant or the place.")
@click.option("--actor", "actors", multiple=True, help="Part of a participant's name.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0)
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
    min_confidence: float,
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
        _tail_internal(topic, start, idle)
        return
    printer = Printer(form)
    if topic == "events":
        upper = [name.upper() for name in types]
        subscription = events(
            types=upper, countries=_upper(countries), actors=actors, min_confidence=min_confidence, start=start, idle_seconds=idle
        )
        with subscription:
            for change in subscription:
                printer.show(change.record)
    else:
        with articles(countries=_upper(countries), actors=actors, start=start, idle_seconds=idle) as found:
            for article in found:
                printer.show(article.record)


def _upper(codes: tuple[str, ...]) -> list[str]:
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
    from kafka import KafkaConsumer

    from teletipo.kafka_settings import consumer_options
    from teletipo.settings import load_settings

    settings = load_settings()
    options = consumer_options(settings) | {"auto_offset_reset": "earliest" if start == "beginning" else "latest"}
    if idle is not None:
        options["consumer_timeout_ms"] = int(idle * 1000)
    consumer = KafkaConsumer(f"{settings.topic_prefix}news.{topic}", group_id=None, **options)
    for message in consumer:
        key = (message.key or b"").decode("utf-8", "replace")
        value = "(null)" if message.value is None else message.value.decode("utf-8", "replace")
        click.echo(f"{message.partition}@{message.offset}  {key}  {value}")
    consumer.close()
