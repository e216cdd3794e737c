"""How events and articles look to a person: rows of a table on a terminal, plain lines elsewhere, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from teletipo.records import Article, Event, Participant, dumps

EVENT_COLUMNS = ("published", "article", "event", "who → whom", "where", "when", "modality", "conf.", "words")
_WIDTHS = (16, 22, 22, 38, 16, 12, 12, 5, 0)
QUAD_COLOURS = {1: "cyan", 2: "green", 3: "yellow", 4: "red"}


def printable(text: str) -> str:
    """Text that says nothing to a terminal: an escape sequence in somebody's key or headline must not act here."""
    return "".join(c if c.isprintable() else "�" for c in text) if not text.isprintable() else text


def event_cells(event: Event) -> tuple[str, ...]:
    """The cells of one event in the order of EVENT_COLUMNS."""
    code = f"{event.type} {event.cameo}" + (f" {event.mode}" if event.mode else "")
    return (
        event.published_at.strftime("%Y-%m-%d %H:%M") if event.published_at else "",
        event.article_id,
        f"✗ {code} ({event.retraction})" if event.retracted else code,
        _sides(event),
        (event.place.name or event.place.country or "") if event.place else "",
        _days(event),
        event.modality,
        f"{event.confidence:.2f}",
        event.trigger.text,
    )


def _sides(event: Event) -> str:
    actors = ", ".join(_who(participant) for participant in event.actors) or "?"
    recipients = ", ".join(_who(participant) for participant in event.recipients)
    return f"{actors} → {recipients}" if recipients else actors


def _who(participant: Participant) -> str:
    code = "/".join(part for part in (participant.country, participant.sector) if part)
    name = participant.name or participant.text
    return f"{name} [{code}]" if name and code else name or code or "?"


def _days(event: Event) -> str:
    if event.date is None:
        return ""
    first, last = event.date["from"], event.date["to"]
    return first if first == last else f"{first}…{last[5:]}"


def event_line(event: Event) -> str:
    """One plain line for logs and pipes."""
    return printable("  ".join(cell for cell in event_cells(event) if cell))


def article_line(article: Article) -> str:
    """One plain line for an article: what happened to it, and its headline."""
    if article.retracted:
        what: str = article.retraction or "retracted"
    else:
        what = f"version {article.version}" + (f" supersedes {article.supersedes}" if article.supersedes is not None else "")
    tone = article.sentiment.label if article.sentiment else "-"
    counts = f"{len(article.entities)} entities, {len(article.quotes)} quotes, {len(article.event_ids)} events"
    cells = (article.id, f"r{article.revision} {what}", article.language or "-", tone, counts, article.headline or "")
    return printable("  ".join(cells).rstrip())


class EventTable:
    """Rows of events under a heading that is printed once; coloured by quad class on a terminal."""

    def __init__(self) -> None:
        self._headed = False

    def show(self, event: Event) -> None:
        """Print one event as it comes."""
        if not self._headed:
            self._headed = True
            click.secho(self._row(EVENT_COLUMNS), bold=True)
        colour = QUAD_COLOURS.get(event.quad_class)
        click.secho(self._row(event_cells(event)), fg=None if event.retracted else colour, strikethrough=event.retracted)

    @staticmethod
    def _row(cells: Sequence[str]) -> str:
        fitted = [_fit(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)]
        return " ".join(fitted).rstrip()


def _fit(cell: str, width: int) -> str:
    cell = printable(cell)
    if not width:
        return cell
    return (cell[: width - 1] + "…" if len(cell) > width else cell).ljust(width)


class Printer:
    """Prints records in one format: `table` (plain lines where there is no terminal), `json` lines or `csv`."""

    def __init__(self, form: str) -> None:
        self._form = form if form != "table" or sys.stdout.isatty() else "lines"
        self._table = EventTable()
        self._headed = False

    def show(self, record: Article | Event) -> None:
        """Print one record."""
        if self._form == "json":
            click.echo(dumps(record))
        elif self._form == "csv":
            self._csv(record)
        elif isinstance(record, Article):
            click.echo(article_line(record))
        elif self._form == "table":
            self._table.show(record)
        else:
            click.echo(event_line(record))
        sys.stdout.flush()

    def _csv(self, record: Article | Event) -> None:
        row = _flat(record)
        if not self._headed:
            self._headed = True
            click.echo(_csv_line(list(row)))
        click.echo(_csv_line(list(row.values())))


def _flat(record: Article | Event) -> dict[str, Any]:
    if isinstance(record, Article):
        names = ("id", "version", "revision", "retracted", "retraction", "language", "published_at", "headline", "url")
        row = {name: getattr(record, name) for name in names}
        row["sentiment"] = record.sentiment.score if record.sentiment else None
        return row
    row = {
        name: getattr(record, name)
        for name in ("id", "revision", "retracted", "retraction", "article_id", "published_at", "type", "mode", "cameo",
                     "quad_class", "goldstein", "modality", "confidence")
    }  # fmt: skip
    row["actors"] = ";".join(_who(p) for p in record.actors)
    row["recipients"] = ";".join(_who(p) for p in record.recipients)
    row["from"] = record.date["from"] if record.date else None
    row["to"] = record.date["to"] if record.date else None
    row["place"] = record.place.name if record.place else None
    row["trigger"] = record.trigger.text
    return row


def _csv_line(cells: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_csv_cell(cell) for cell in cells])
    return buffer.getvalue().rstrip("\r\n")


def _csv_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return "" if value is None else value
