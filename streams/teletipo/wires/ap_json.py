"""AP Media API: `data.item` or `data.items[].item`. The text is not in it (`renditions.nitf` points to it), so bodies are empty
until `feed poll` fetches it.

A picture's body is its caption. `version` 0 is a version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from teletipo.records.raw import RawItem, Subject
from teletipo.wires import json_fields as fields
from teletipo.wires.context import Context
from teletipo.wires.markup import html_to_text
from teletipo.wires.source import Source
from teletipo.wires.teleprinter import change_of

FORMAT = "ap-json"


def recognises(source: Source) -> bool:
    """Whether there is a `data` with an item, or a list of items, that has AP's `altids`."""
    return any("altids" in fields.mapping(item) for item in _items(source.json)) or _is_empty_feed(source.json)


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The items in order of the document."""
    for number, candidate in enumerate(_items(source.json)):
        item_id = fields.text(fields.mapping(fields.mapping(candidate).get("altids")).get("itemid"))
        if item_id:
            yield _item(candidate, item_id, context)
        else:
            context.lost(f"item {number + 1}: no altids.itemid")


def _items(value: Any) -> list[Any]:
    data = fields.mapping(fields.mapping(value).get("data"))
    if "item" in data:
        return [data["item"]]
    listed = data.get("items")
    return [fields.mapping(entry).get("item") for entry in listed] if isinstance(listed, list) else []


def _is_empty_feed(value: Any) -> bool:
    data = fields.mapping(fields.mapping(value).get("data"))
    return data.get("items") == [] and "api_version" in fields.mapping(value)


def _item(given: dict[str, Any], item_id: str, context: Context) -> RawItem:
    dateline = fields.mapping(given.get("datelinelocation"))
    slug, note = fields.line(given.get("slugline")), fields.text(given.get("ednote"))
    is_text = given.get("type") == "text"
    caption = fields.text(given.get("description_caption"))
    item = RawItem(
        provider=context.provider(fields.text(given.get("provider"))),
        item_id=item_id,
        version=fields.version(given.get("version")),
        change=change_of(slug, note),
        published_at=context.time(given.get("firstcreated")),
        updated_at=context.time(given.get("versioncreated")),
        language=context.language(given.get("language")),
        headline=fields.line(given.get("headline")) or fields.line(given.get("title")),
        slug=slug,
        byline=fields.joined([fields.line(row.get("by")) for row in fields.objects(given.get("bylines", []))], ", "),
        located=fields.line(given.get("located")) or fields.line(dateline.get("city")),
        summary=fields.text(given.get("description_summary")),
        body="" if is_text or not caption else html_to_text(caption),
        subjects=[
            Subject(fields.text(row.get("scheme")), fields.text(row.get("code")), fields.line(row.get("name")))
            for row in fields.objects(given.get("subject", []))
        ],
        urgency=context.urgency(given.get("urgency")),
        credit=fields.text(given.get("description_creditline")),
        usage_terms=_joined(given.get("usageterms")),
        ed_note=note,
        url=next(
            (fields.text(link.get("href")) for link in fields.objects(given.get("links", [])) if link.get("rel") == "canonical"),
            None,
        ),
        source=fields.joined([fields.line(row.get("name")) for row in fields.objects(given.get("infosource", []))], ", "),
    )
    context.set_status(item, given.get("pubstatus"), given.get("embargoed"))
    for name, rendition in fields.mapping(given.get("renditions")).items():
        context.rendition(item, name, fields.text(fields.mapping(rendition).get("href")))
    return item


def _joined(value: Any) -> str | None:
    return fields.joined([fields.text(part) for part in value]) if isinstance(value, list) else fields.text(value)
