"""JSON Feed 1 and 1.1: `items` under a `version` of jsonfeed.org. `content_html` comes before `content_text`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from teletipo.records.raw import RawItem, Subject
from teletipo.wires import json_fields as fields
from teletipo.wires.addresses import host_of
from teletipo.wires.context import Context
from teletipo.wires.markup import html_to_text
from teletipo.wires.source import Source

FORMAT = "jsonfeed"


def recognises(source: Source) -> bool:
    """Whether the object says that it is a JSON Feed."""
    return "jsonfeed.org/version" in (fields.text(fields.mapping(source.json).get("version")) or "")


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The entries in order of the document."""
    feed = fields.mapping(source.json)
    listed = feed.get("items")
    entries = listed if isinstance(listed, list) else []
    shared = _shared_ids(entries)
    for number, entry in enumerate(entries, start=1):
        item = _item(entry, feed, shared, context) if isinstance(entry, dict) else None
        if item is None:
            context.lost(f"entry {number}: neither id nor text")
        else:
            yield item


def _shared_ids(entries: list[Any]) -> set[str]:
    """Ids that stand in several entries with different addresses: they identify nothing (README, trap 20)."""
    links: dict[str, set[str | None]] = {}
    for entry in fields.objects(entries):
        if item_id := fields.identifier(entry.get("id")):
            links.setdefault(item_id, set()).add(_address(entry))
    return {item_id for item_id, addresses in links.items() if len(addresses) > 1}


def _address(entry: dict[str, Any]) -> str | None:
    return fields.text(entry.get("url")) or fields.text(entry.get("external_url"))


def _host(entry: dict[str, Any], feed: dict[str, Any]) -> str | None:
    """Whose feed it is: its home page's host, else that of its own address, else that of the entry's."""
    addresses = (*(fields.text(feed.get(name)) for name in ("home_page_url", "feed_url")), _address(entry))
    return next((host for host in map(host_of, addresses) if host), None)


def _item(entry: dict[str, Any], feed: dict[str, Any], shared: set[str], context: Context) -> RawItem | None:
    html, plain = fields.text(entry.get("content_html")), fields.text(entry.get("content_text"))
    summary = fields.paragraphs(fields.text(entry.get("summary")) or "") or None
    body = html_to_text(html) if html else fields.paragraphs(plain or "")
    title, url = fields.line(entry.get("title")), _address(entry)
    published = fields.text(entry.get("date_published"))
    own_id = fields.identifier(entry.get("id"))
    item_id = own_id if own_id not in shared and own_id else url
    if not (item_id or title or body or summary):
        return None
    host = _host(entry, feed)
    item = RawItem(
        provider=context.provider(f"rss:{host}" if host else None),
        item_id=item_id or fields.digest(title or body, published),
        version=0,
        published_at=context.time(published),
        updated_at=context.time(entry.get("date_modified")),
        language=context.language(entry.get("language") or feed.get("language")),
        headline=title,
        byline=_authors(entry) or _authors(feed),
        summary=summary if body else None,
        body=body or summary or "",
        subjects=[Subject(None, tag, tag) for tag in map(fields.line, _tags(entry)) if tag],
        url=url,
    )
    context.set_status(item, None, None)
    return item


def _tags(entry: dict[str, Any]) -> list[Any]:
    tags = entry.get("tags")
    return tags if isinstance(tags, list) else []


def _authors(entry: dict[str, Any]) -> str | None:
    names = [fields.line(author.get("name")) for name in ("authors", "author") for author in fields.objects(entry.get(name))]
    return fields.joined(list(dict.fromkeys(names)), ", ")
