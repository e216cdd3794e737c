"""XML that one agency alone writes. A dialect is a table; what it cannot say is a function beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.records.raw import Change, RawItem, Related, Subject
from teletipo.wires import xml_fields as fields
from teletipo.wires.context import Context
from teletipo.wires.json_fields import digest
from teletipo.wires.markup import html_to_text, looks_marked_up, one_line, plain_or_marked_up
from teletipo.wires.source import Source

FORMAT = "agency-xml"

_TRUE = {"true", "1", "yes"}
_TIMES = ("published_at", "updated_at")


@dataclass(slots=True, frozen=True)
class Dialect:
    """One agency's XML. `story` is the path of the items below the root (the root itself if it is empty)."""

    provider: str
    table: fields.Table
    root: str
    marks: tuple[str, ...]
    """Elements that must be there, so that another root of the same name is not mistaken for it."""
    story: str = ""
    language: str | None = None
    finish: Callable[[etree._Element, RawItem, Context], None] = field(default=lambda element, item, context: None)
    is_news: bool = True


def _finish_ritzau(element: etree._Element, item: RawItem, context: Context) -> None:
    item.change = _change(element, {"Korrektion": "correction", "NyVersion": "update"})
    item.source = item.source.strip("/") if item.source else None
    codes = [one_line(fields.text_of(code)) for code in element.iterfind("IPTCList/*")]
    section = one_line(element.findtext("section"))
    item.subjects = [Subject("subj", code) for code in codes if code]
    item.subjects += [Subject("ritzau:section", one_line(element.findtext("sectionID")), section)] if section else []
    is_killed = _says(element, "Annuleret")
    replaced = fields.first(element, ("replacedID", "Replaces"))
    if replaced and replaced != item.item_id:
        item.related = [Related("kills" if is_killed else "corrects" if item.change == "correction" else "see", replaced)]
    context.set_status(item, "canceled" if is_killed else None, None)


def _finish_cp(element: etree._Element, item: RawItem, context: Context) -> None:
    languages = {"1": "en", "2": "fr"}
    item.language = languages.get((element.findtext("Language") or "").strip())
    item.change = "update" if fields.first(element, ("WritethruValue",), convert=fields.version) else None
    category = one_line(element.findtext("Category"))
    item.subjects = [Subject("cp:category", category, category)] if category else []
    state = "canceled" if _says(element, "TrashFlag") else "withheld" if _says(element, "HoldFlag") else None
    context.set_status(item, state, element.findtext("EmbargoTime"))


def _finish_release(element: etree._Element, item: RawItem, context: Context) -> None:
    categories = [(one_line(row.get("id")), one_line(row.findtext("label"))) for row in element.iterfind("categories/category")]
    item.subjects = [Subject("ntbinfo:category", code, name) for code, name in categories if code or name]
    context.set_status(item, None, element.findtext("embargo"))


DIALECTS = (
    Dialect(
        provider="ritzau",
        root="RBNews",
        marks=("NewsID",),
        language="da",
        finish=_finish_ritzau,
        table={
            "item_id": ("NewsID",),
            "version": ("version",),
            "published_at": ("PublishDate",),
            "headline": ("headline",),
            "subheadline": ("subtitle",),
            "slug": ("strapline",),
            "byline": ("byLine",),
            "dateline": ("town",),
            "located": ("town",),
            "urgency": ("Priority",),
            "source": ("origin",),
            "body": ("content",),
            "ed_note": ("TilRedaktionen",),
        },
    ),
    Dialect(
        provider="cp",
        root="Publish",
        marks=("ContentItem",),
        story="ContentItem",
        finish=_finish_cp,
        table={
            "item_id": ("SystemSlug", "ContentItemID", "NewsCompID"),
            "version": ("AuthorVersion",),
            "published_at": ("CreatedDateTime",),
            "updated_at": ("UpdatedDateTime",),
            "headline": ("Headline", "Headline2"),
            "slug": ("SlugProper",),
            "byline": ("Byline", "ByLine"),
            "dateline": ("City",),
            "located": ("City",),
            "summary": ("DirectoryText",),
            "credit": ("Credit",),
            "source": ("Source",),
            "body": ("ContentText",),
        },
    ),
    Dialect(
        provider="ntb",
        root="release",
        marks=("publicationDate", "title"),
        finish=_finish_release,
        table={
            "item_id": ("@id", "longurl"),
            "language": ("@lang", "language/label"),
            "published_at": ("publicationDate",),
            "headline": ("title",),
            "summary": ("leadtext",),
            "url": ("longurl",),
            "source": ("publisher/name",),
            "body": ("body",),
        },
    ),
    Dialect(provider="ntb", root="document", marks=("ntbId", "timeStart"), table={}, is_news=False),
    Dialect(provider="ntb", root="result", marks=("document/ntbId",), table={}, is_news=False),
    Dialect(provider="aap", root="Response", marks=("Fixture_List",), table={}, is_news=False),
    Dialect(provider="reuters.com", root="results", marks=("pollToken",), table={}, is_news=False),
)


def recognises(source: Source) -> bool:
    """Whether the document is in one of the dialects."""
    return source.xml is not None and _dialect(source.xml) is not None


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The stories in order; none of what is no news (events, sports tables, polling answers)."""
    assert source.xml is not None
    dialect = _dialect(source.xml)
    assert dialect is not None
    root = fields.strip_namespaces(source.xml)
    if not dialect.is_news:
        return
    stories = list(root.iterfind(dialect.story)) if dialect.story else [root]
    for number, element in enumerate(stories, start=1):
        item = _item(element, dialect, context)
        if item is not None:
            if item.status != "usable" or item.body or item.headline:
                yield item
            else:
                context.no_item()
        elif len(stories) == 1:
            raise UnreadableWire(f"<{dialect.root}> with neither an id nor a text")
        else:
            context.lost(f"{dialect.story} {number}: neither an id nor a text")


def _dialect(root: etree._Element) -> Dialect | None:
    name = str(root.tag).rpartition("}")[2]
    for dialect in DIALECTS:
        if dialect.root == name and all(_has(root, mark) for mark in dialect.marks):
            return dialect
    return None


def _has(root: etree._Element, mark: str) -> bool:
    return root.find("/".join(f"{{*}}{step}" for step in mark.split("/"))) is not None


def _item(element: etree._Element, dialect: Dialect, context: Context) -> RawItem | None:
    context.begin_item()
    item = RawItem(context.provider(dialect.provider), "-", language=dialect.language)
    converts: dict[str, fields.Convert] = {
        **dict.fromkeys(_TIMES, context.time),
        "body": plain_or_marked_up,
        "summary": _note,
        "ed_note": _note,
        "version": fields.version,
        "urgency": context.urgency,
        "language": context.language,
    }
    for name, places in dialect.table.items():
        value = fields.first(element, places, context, name, converts.get(name, one_line))
        if value is not None:
            setattr(item, name, value)
    item.body = item.body or ""
    if item.item_id == "-":
        if not item.body:
            return None
        item.item_id = digest(item.headline, item.body)
    dialect.finish(element, item, context)
    return item


def _note(value: str) -> str | None:
    return html_to_text(value) or None if looks_marked_up(value) else one_line(value)


def _says(element: etree._Element, name: str) -> bool:
    return (element.findtext(name) or "").strip().lower() in _TRUE


def _change(element: etree._Element, flags: dict[str, Change]) -> Change | None:
    return next((change for flag, change in flags.items() if _says(element, flag)), None)
