"""`teletipo enrich`: news.raw records in, articles and events out, without Kafka."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

UNIT = 16


@click.command()
@click.argument("files", nargs=-1, type=click.File("rb"))
def enrich(files: tuple[BinaryIO, ...]) -> None:
    """Read news.raw records as JSON lines (standard input without a FILE); write one JSON line for each, in order.

    A line is {"article": …, "events": […]}, or {"error": …, "input": …} for a record that cannot be used. Every record is
    revision 1, an embargo is ignored with a line on standard error. Exit status 1 if there was any error line.
    """
    from teletipo.enrich import Enricher
    from teletipo.settings import load_settings

    enricher = Enricher(load_settings())
    failures = 0
    unit: list[tuple[Any, str]] = []
    out = sys.stdout.buffer
    for line in _lines(files or (sys.stdin.buffer,)):
        unit.append(_parse(line))
        if len(unit) == UNIT:
            failures += _write(enricher, unit, out)
            unit = []
    failures += _write(enricher, unit, out)
    if failures:
        raise click.exceptions.Exit(1)


def _lines(files: tuple[BinaryIO, ...]) -> Iterator[bytes]:
    for file in files:
        for line in file:
            if line.strip():
                yield line.rstrip(b"\r\n")


def _parse(line: bytes) -> tuple[Any, str]:
    """The task of a line, or the error that it gives; and the line as it came."""
    from teletipo.enrich import Task
    from teletipo.errors import InputError
    from teletipo.records import format_time, parse_raw

    text = line.decode("utf-8", errors="replace")
    try:
        parsed = parse_raw(line)
    except InputError as error:
        return error, text
    if parsed.fault:
        return parsed.fault, text
    if parsed.item.embargoed_until:
        until = format_time(parsed.item.embargoed_until)
        click.echo(f"teletipo: {parsed.item.key}: embargo until {until} ignored: enrich publishes nothing", err=True)
    return Task(parsed.item), text


def _write(enricher: Any, unit: list[tuple[Any, str]], out: BinaryIO) -> int:
    """Enrich a unit and write its lines, so that they are seen before the next; returns how many were errors."""
    from teletipo.enrich import Failed, Task
    from teletipo.records import dumps

    results = iter(enricher.enrich([task for task, _ in unit if isinstance(task, Task)]))
    failures = 0
    for task, text in unit:
        result = next(results) if isinstance(task, Task) else task
        error = result.error if isinstance(result, Failed) else None if isinstance(task, Task) else task
        if error is None:
            out.write(dumps({"article": result.article, "events": result.events}) + b"\n")
            continue
        failures += 1
        fault = {"stage": error.stage, "type": type(error).__name__, "message": str(error)}
        out.write(dumps({"error": fault, "input": text}) + b"\n")
    out.flush()
    return failures
