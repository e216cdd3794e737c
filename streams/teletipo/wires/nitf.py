"""NITF: one story, `docdata` for the metadata, `body.head` and `body.content`. Also found inside NewsML and ninjs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.records.raw import RawItem, Subject
from teletipo.wires import xml_fields as fields
from teletipo.wires.context import Context
from teletipo.wires.json_fields import digest
from teletipo.wires.markup import html_to_text, one_line
from teletipo.wires.source import Source

FORMAT = "nitf"

_HEAD, _DOC, _BODY = "head", "head/docdata", "body/body.head"
FIELDS: fields.Table = {
    "item_id": (f"{_DOC}/doc-id@id-string", f"{_DOC}/du-key@key", f"{_DOC}/key-list@key"),
    "version": (f"{_DOC}/du-key@version",),
    "published_at": (f"{_DOC}/date.issue@norm", f"{_BODY}/dateline/story.date@norm", f"{_HEAD}/pubdata@date.publication"),
    "updated_at": (f"{_HEAD}/revision-history@norm", f"{_DOC}/revision-history@norm", f"{_DOC}/date.issue@norm"),
    "language": ("@baselang", "@xml:lang", "body@xml:lang"),
    "headline": (f"{_BODY}/hedline/hl1", f"{_BODY}/headline/hl1", f"{_HEAD}/title"),
    "subheadline": (f"{_BODY}/hedline/hl2", f"{_BODY}/headline/hl2"),
    "slug": (
        f"{_HEAD}/meta[@name='anpa-keyword']@content",
        f"{_HEAD}/meta[@name='NTBStikkord']@content",
        f"{_HEAD}/meta[@name='slugline']@content",
    ),
    "located": (f"{_BODY}/dateline/location/city", f"{_BODY}/dateline/location", f"{_DOC}/evloc@city"),
    "urgency": (f"{_DOC}/urgency@ed-urg",),
    "credit": (f"{_BODY}/distributor",),
    "ed_note": (f"{_DOC}/ed-msg@info",),
}
PROVIDERS: fields.Places = (
    f"{_DOC}/doc-id@regsrc",
    f"{_HEAD}/meta[@name='aap-source']@content",
    f"{_DOC}/del-list/from-src@src-name",
    f"{_DOC}/doc.rights@owner",
    f"{_DOC}/doc.copyright@holder",
    f"{_BODY}/distributor",
)
_KEYWORD: fields.Places = (f"{_DOC}/key-list/keyword@key",)
_RIGHTS = ("type", "limitations", "geography")
_SUBJECT_NAMES = ("tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type")
_INTERNAL_NOTE = re.compile(r"editor|internal|nonpublic", re.I)
_WRAP = range(40, 100)
"""Characters of a line that an agency's system broke (AAP), not the writer."""


@dataclass(slots=True)
class Story:
    """What the body of a NITF document says, wherever the document stands."""

    headline: str | None = None
    subheadline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    located: str | None = None
    abstract: str | None = None
    body: str = ""


def recognises(source: Source) -> bool:
    """Whether the root element is `nitf`, in whatever namespace."""
    return source.xml is not None and str(source.xml.tag).rpartition("}")[2].lower() == "nitf"


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The one story. Raises UnreadableWire if it has neither id nor text."""
    assert source.xml is not None
    root = fields.strip_namespaces(source.xml)
    item = item_of(root, context)
    if item is None:
        raise UnreadableWire("NITF with neither an id nor a text")
    yield item


def item_of(root: etree._Element, context: Context) -> RawItem | None:
    """The item of a NITF element without namespaces; None if it has neither id nor text."""
    context.begin_item()
    provider = context.provider_of(*(value for place in PROVIDERS for _, value in fields.values(root, place)))
    story = story_of(root)

    def get(name: str, convert: fields.Convert = one_line) -> object:
        return fields.first(root, FIELDS[name], context, name, convert)

    item_id = get("item_id")
    headline = get("headline")
    if not item_id:
        if not story.body and not headline:
            return None
        item_id = digest(str(headline or ""), str(get("published_at") or ""), story.body[:500])
    item = RawItem(provider, context.profile.item_id(str(item_id)) if context.profile else str(item_id))
    for name in ("headline", "subheadline", "located", "credit", "ed_note"):
        setattr(item, name, get(name))
    if item.subheadline == item.headline:
        item.subheadline = None  # AP repeats the headline as the original one
    item.version = fields.first(root, FIELDS["version"], context, "version", fields.version)
    for name in ("published_at", "updated_at"):
        setattr(item, name, get(name, context.time))
    item.language = fields.first(root, FIELDS["language"], context, "language", context.language)
    item.urgency = fields.first(root, FIELDS["urgency"], context, "urgency", context.urgency)
    item.byline, item.dateline, item.summary, item.body = story.byline, story.dateline, story.abstract, story.body
    item.slug = _slug(root, item, context)
    item.subjects = list(_subjects(root))
    item.usage_terms = _usage_terms(root)
    _set_status(root, item, context)
    return item


def story_of(root: etree._Element) -> Story:
    """Headlines, byline, dateline, abstract and text of a `nitf` element (or of a bare `body`) without namespaces."""
    body = root if root.tag == "body" else root.find("body")
    if body is None:
        return Story()
    head = body.find("body.head")
    content = body.find("body.content")
    if content is None and head is None:
        content = body
    story = Story()
    if head is not None:
        story.headline = fields.first(head, ("hedline/hl1", "headline/hl1"))
        story.subheadline = fields.first(head, ("hedline/hl2", "headline/hl2"))
        story.byline = _byline(head)
        story.dateline = _dateline(head)
        story.located = fields.first(head, ("dateline/location/city", "dateline/location"))
        abstract = head.find("abstract")
        story.abstract = (html_to_text(abstract) or None) if abstract is not None else None
    if content is not None:
        story.body = body_text(content, story.headline)
    return story


def body_text(content: etree._Element, headline: str | None) -> str:
    """The paragraphs, lines that a system broke joined again, without the headline and notes to editors."""
    for paragraph in content.iter("p"):
        _join_broken_lines(paragraph)

    def is_no_story(name: str, element: etree._Element) -> bool:
        if name == "hl1":
            return one_line(fields.text_of(element)) == headline
        return name == "note" and bool(_INTERNAL_NOTE.search(element.get("noteclass") or ""))

    return html_to_text(content, is_no_story)


def _join_broken_lines(paragraph: etree._Element) -> None:
    breaks = [child for child in paragraph if child.tag == "br"]
    if not breaks:
        return
    lines = [paragraph.text or "", *(line.tail or "" for line in breaks)]
    if len(breaks) == len(paragraph) and all(len(line.strip()) in _WRAP for line in lines[:-1] if line.strip()):
        text = " ".join(line.strip() for line in lines)
        for line in breaks:
            paragraph.remove(line)
        paragraph.text = text


def _byline(head: etree._Element) -> str | None:
    names = []
    for element in head.iterfind("byline"):
        title = element.find("byttl")
        name = (element.text or "") + "".join(fields.text_of(c) + (c.tail or "") if c is not title else " " for c in element)
        after = "" if title is None else f"{fields.text_of(title)} {title.tail or ''}"
        parts = [text.strip(" ,") for part in (name, after) if (text := one_line(part))]
        names.append(", ".join(part for part in parts if part))
    return ", ".join(name for name in names if name) or None


def _dateline(head: etree._Element) -> str | None:
    """The dateline without `story.date`, whose text may be wrong (EFE says so itself)."""
    dateline = head.find("dateline")
    if dateline is None:
        return None
    parts = [dateline.text or ""]
    for child in dateline:
        parts += [fields.text_of(child) if child.tag != "story.date" else "", child.tail or ""]
    text = one_line("".join(parts))
    return text.rstrip(" ,") or None if text else None


def _slug(root: etree._Element, item: RawItem, context: Context) -> str | None:
    """The keyword; else `title` where it differs from the headline (PA writes the slug there)."""
    slug = fields.first(root, FIELDS["slug"], context, "slug")
    title = fields.first(root, (f"{_HEAD}/title",))
    if slug is None and title and title != item.headline:
        slug = fields.first(root, (f"{_HEAD}/title",), context, "slug")
    return slug or fields.first(root, _KEYWORD, context, "slug")


def _subjects(root: etree._Element) -> Iterator[Subject]:
    for element in root.iterfind(f"{_HEAD}/tobject/tobject.subject"):
        code = (element.get("tobject.subject.refnum") or "").strip() or None
        name = next((value for key in _SUBJECT_NAMES if (value := one_line(element.get(key)))), None)
        if code or name:
            yield Subject("subj" if code else None, code, name)


def _usage_terms(root: etree._Element) -> str | None:
    rights = root.find(f"{_DOC}/doc.rights")
    if rights is None:
        return None
    parts = [fields.text_of(rights), *(rights.get(name) or "" for name in _RIGHTS)]
    return one_line(" ".join(part for part in parts if part))


def _set_status(root: etree._Element, item: RawItem, context: Context) -> None:
    docdata = root.find(_DOC)
    state = docdata.get("management-status") if docdata is not None else None
    release = fields.first(root, (f"{_DOC}/date.release@norm",), convert=lambda value: value)
    is_embargoed = bool(state) and str(state).strip().lower() == "embargoed"
    context.set_status(item, state, release if is_embargoed else None)
