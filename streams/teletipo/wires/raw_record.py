"""A `news.raw` record, or several as JSON lines or a list: passed on as it is, checked by the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from teletipo.errors import InputError, UnreadableWire
from teletipo.records import dumps, parse_raw
from teletipo.records.raw import Origin, RawItem
from teletipo.wires.context import Context
from teletipo.wires.markup import html_to_text
from teletipo.wires.source import Source

FORMAT = "news.raw"


def recognises(source: Source) -> bool:
    """Whether the objects have an item_id, and a provider or a text: the caller may say who delivers."""
    return any(
        isinstance(record, dict) and "item_id" in record and not {"provider", "body"}.isdisjoint(record)
        for record in _records(source.json)
    )


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The records in order; one that the contract refuses is lost, a single one makes the document unreadable."""
    records = _records(source.json)
    for number, record in enumerate(records, start=1):
        if record is None:
            context.lost(f"record {number}: its line is no JSON, or null")
            continue
        if isinstance(record, dict) and record.get("provider") is None:
            record = record | {"provider": context.given_provider or "unknown"}
        try:
            item = parse_raw(dumps(record)).item
        except (InputError, TypeError) as fault:
            if len(records) == 1:
                raise UnreadableWire(f"no news.raw record: {fault}") from None
            context.lost(f"record {number}: {fault}")
            continue
        if item.body is not None and item.body_format == "html":
            item.body, item.body_format = html_to_text(item.body), "text"
        item.origin = Origin(FORMAT, None, item.origin.reason if item.origin else None)
        yield item


def _records(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
