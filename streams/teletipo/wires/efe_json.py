"""EFE's own JSON: `packageInfo` with id, version, times, title, text and guide, `metaData` with language and IPTC codes.

`date` is this version's time and may lie before `firstCreated`: both are kept as given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from teletipo.records.raw import RawItem, Subject
from teletipo.wires import json_fields as fields
from teletipo.wires.context import Context
from teletipo.wires.markup import html_to_text
from teletipo.wires.source import Source

FORMAT = "efe-json"

_WRAPPERS = ("items", "articles", "packages", "data", "results", "news")


def recognises(source: Source) -> bool:
    """Whether an item has a `packageInfo`."""
    return any("packageInfo" in fields.mapping(item) for item in _items(source.json))


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The items in order of the document."""
    for number, candidate in enumerate(_items(source.json)):
        # What stands beside packageInfo instead of in it counts where packageInfo itself does not say it.
        package = fields.mapping(candidate) | fields.mapping(fields.mapping(candidate).get("packageInfo"))
        identifier = _identifier(package)
        if identifier:
            metadata = fields.mapping(candidate.get("metaData")) or fields.mapping(package.get("metaData"))
            yield _item(package, identifier, metadata, context)
        else:
            context.lost(f"item {number + 1}: no packageInfo with an id or a text")


def _identifier(package: dict[str, Any]) -> str | None:
    title, text = fields.line(package.get("title")), fields.text(package.get("text"))
    return fields.identifier(package.get("id")) or (fields.digest(title, text) if title or text else None)


def _code(value: Any) -> str | None:
    """An IPTC code has eight digits: where it was written as a number it has lost the nought at its head."""
    return f"{value:08d}" if type(value) is int and 0 < value < 10**8 else fields.text(value)


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict) and "packageInfo" not in value:
        value = next((value[name] for name in _WRAPPERS if isinstance(value.get(name), list)), value)
    return value if isinstance(value, list) else [value]


def _item(package: dict[str, Any], identifier: str, metadata: dict[str, Any], context: Context) -> RawItem:
    body = fields.text(package.get("text")) or ""
    item = RawItem(
        provider=context.provider("efe"),
        item_id=identifier,
        version=fields.version(package.get("version")),
        published_at=context.time(package.get("firstCreated")),
        updated_at=context.time(package.get("date")),
        language=context.language(metadata.get("langCode")),
        headline=fields.line(package.get("title")),
        slug=fields.line(package.get("guide")),
        summary=fields.text(package.get("summary")),
        body=html_to_text(body) if "<" in body or "&" in body else fields.paragraphs(body),
        subjects=[
            Subject("iptc", code) for row in fields.objects(metadata.get("iptcList", [])) if (code := _code(row.get("code")))
        ],
        urgency=context.urgency(package.get("urgency") or package.get("priority")),
        located=fields.line(metadata.get("location")),
    )
    context.set_status(
        item, package.get("pubStatus") or package.get("status"), package.get("embargo") or package.get("embargoed")
    )
    return item
