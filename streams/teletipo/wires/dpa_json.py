"""dpa digitalwires 0.9: one flat object (or a list of them) with `urn`, `article_html`, `notepad`, `ednotes`, `categories`.

Notes that are not to be published, the notepad and boxes beside the story stay out. A picture's body is its caption.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from teletipo.records.raw import Change, RawItem, Subject
from teletipo.wires import json_fields as fields
from teletipo.wires.context import Context
from teletipo.wires.markup import html_to_text
from teletipo.wires.source import Source

FORMAT = "dpa-json"

_SIGNALS: dict[str, Change] = {"sig:update": "update", "sig:correction": "correction", "sig:refile": "refile"}
_INTERNAL = {"closingline", "contacts", "dpacontacts", "notepad"}
_WRAPPERS = ("entries", "items")


def recognises(source: Source) -> bool:
    """Whether an object says `digitalwires`, or has a `urn` with dpa's fields."""
    return any(_is_entry(entry) for entry in _entries(source.json))


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The items in order of the document."""
    for number, entry in enumerate(_entries(source.json)):
        urn = _identifier(entry) if _is_entry(entry) else None
        if urn:
            yield _item(entry, urn, context)
        else:
            context.lost(f"item {number + 1}: no digitalwires entry with a urn or a text")


def _identifier(entry: dict[str, Any]) -> str | None:
    """The `urn`, else a digest of what there is of a text."""
    urn, headline, article = (fields.text(entry.get(name)) for name in ("urn", "headline", "article_html"))
    return urn or (fields.digest(headline, article) if headline or article else None)


def _entries(value: Any) -> list[Any]:
    if isinstance(value, dict) and "urn" not in value:
        value = next((value[name] for name in _WRAPPERS if isinstance(value.get(name), list)), value)
    return value if isinstance(value, list) else [value]


def _is_entry(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return str(value.get("format")).startswith("digitalwires") or (
        "urn" in value and bool({"article_html", "version_created"} & value.keys())
    )


def _item(entry: dict[str, Any], urn: str, context: Context) -> RawItem:
    article = fields.text(entry.get("article_html"))
    headline = fields.line(entry.get("headline"))
    rows = list(fields.objects(entry.get("categories", [])))
    item = RawItem(
        provider=context.provider("dpa"),
        item_id=urn,
        version=fields.version(entry.get("version")),
        change=_SIGNALS.get(fields.text(entry.get("signal")) or ""),
        updated_at=context.time(entry.get("version_created")),
        language=context.language(entry.get("language")),
        headline=headline,
        subheadline=fields.line(entry.get("subhead")) or fields.line(entry.get("kicker")),
        byline=fields.line(entry.get("byline")),
        dateline=fields.line(entry.get("dateline")),
        summary=fields.text(entry.get("teaser")),
        body=fields.without_headline(html_to_text(article), headline) if article else _caption(entry) or "",
        subjects=[_subject(row) for row in rows if row.get("type") == "dnltype:dpasubject"],
        urgency=context.urgency(entry.get("urgency")),
        credit=fields.text(entry.get("creditline")),
        usage_terms=fields.line(entry.get("usageterms")),
        ed_note=_public_notes(entry),
        source=next(
            (name for row in rows if row.get("type") == "dnltype:infosource" and (name := fields.line(row.get("name")))), None
        ),
    )
    context.set_status(item, entry.get("pubstatus"), entry.get("embargoed"))
    return item


def _caption(entry: dict[str, Any]) -> str | None:
    captions = [row for row in fields.objects(entry.get("descriptions", [])) if row.get("role") == "drol:caption"]
    return next((html_to_text(text) for row in captions if (text := fields.text(row.get("description")))), None)


def _subject(row: dict[str, Any]) -> Subject:
    scheme, _, code = (fields.text(row.get("qcode")) or "").rpartition(":")
    return Subject(scheme or None, code or None, fields.line(row.get("name")))


def _public_notes(entry: dict[str, Any]) -> str | None:
    """The notes that say they may be published, each once. Without that word a note stays inside, like the signs."""
    notes = [
        fields.text(row.get("ednote"))
        for row in fields.objects(entry.get("ednotes"))
        if row.get("is_publishable") is True and (fields.text(row.get("role")) or "").rpartition(":")[2] not in _INTERNAL
    ]
    return fields.joined(list(dict.fromkeys(notes)))
