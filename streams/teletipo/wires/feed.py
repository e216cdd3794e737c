"""RSS 0.9–2.0, CDF, WordPress exports, Atom 0.3 and 1.0, RDF (RSS 1.0): one table, three dialects.

Elements are known by namespace and local name; a prefix that nobody declared counts as what it usually stands for. An
element of an unknown namespace is not mistaken for RSS's own of the same name.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.records.raw import RawItem, Subject
from teletipo.wires import xml_repair
from teletipo.wires.addresses import absolute, host_of
from teletipo.wires.context import Context
from teletipo.wires.feed_names import Children, Names, dialect
from teletipo.wires.feed_salvage import parse_piece, pieces
from teletipo.wires.json_fields import digest
from teletipo.wires.markup import html_to_text
from teletipo.wires.source import Source

_MARKUP = re.compile(r"<(?:p|br|div|a|b|i|em|strong|img|ul|h\d|span)\b[^>]*>", re.I)
_BLOCK = re.compile(r"<(?:p|br|div|ul|ol|li|h[1-6]|table|tr|blockquote|pre|section|article)\b", re.I)
_COUNTER = re.compile(r"#\d{1,3}$")
"""The BBC counts an item's editions at the end of its guid."""
_MERE_LINK = re.compile(r"(?:&nbsp;|\s)*(?:<a\b[^>]*>[^<]{0,30}</a>\s*)?(?:<img\b[^>]*>\s*)*", re.I)
_OPENING = re.compile(r"(?<![\"'`(=])<(?:[A-Za-z][\w.-]*:)?(?P<name>rss|feed|rdf)\b", re.I)
"""How a feed begins. After a quotation mark it is a text in somebody's program."""
_PAGE = re.compile(r"\s*<(?:!doctype\s+html\b|html\b)", re.I)
_FIRST_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.I)
_CLOSING = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|rdf)", re.I)
_C1 = re.compile("[\x80-\x9f]")
_WINDOWS_1252 = {code: bytes((code,)).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
"""What `&#146;` is meant to be."""
_ANY_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_ADDRESS_AND_NAME = re.compile(r"(?:(?P<before>[^<(@]*?)\s*[<(])?[^\s<>()@]+@[^\s<>()]+(?:[)>]|\s*\((?P<after>[^)]*)\))?$")

_PLACES: dict[str, tuple[str, ...]] = {
    "headline": ("title", "dc:title", "media:title"),
    "byline": ("dc:creator", "author", "dc:author", "itunes:author"),
    "published_at": (
        "pubdate",
        "dc:date",
        "published",
        "issued",
        "dcterms:issued",
        "dcterms:created",
        "created",
        "atom:published",
    ),
    "updated_at": ("updated", "atom:updated", "modified", "dcterms:modified"),
    "text": ("content:encoded", "content", "atom:content", "fullitem", "xhtml:body", "body"),
    "short": ("description", "summary", "atom:summary", "dc:description", "itunes:summary", "media:description", "abstract"),
    "rights": ("rights", "dc:rights", "copyright"),
    "source": ("source", "dc:source"),
    "language": ("dc:language", "language"),
}
_SUBJECTS = ("category", "dc:subject", "media:category")
_DATE_IS_THE_VERSION = {"efe"}
"""Agencies whose `pubDate` is this version's time."""
_WORDPRESS_STATUS = {"publish": "usable", "inherit": "usable", "future": "usable", "trash": "canceled"}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


@dataclass(slots=True)
class Feed:
    """What is said once for all entries. `byline` stands for the entries of an Atom feed that name nobody (RFC 4287, 4.2.1)."""

    format: str
    names: Names
    link: str | None = None
    language: str | None = None
    rights: str | None = None
    host: str | None = None
    byline: str | None = None


@dataclass(slots=True)
class Entry:
    """One item of a feed and what may identify it."""

    element: etree._Element
    guid: str | None = None
    link: str | None = None


def plain_text(element: etree._Element, is_atom: bool = False) -> str:
    """The text of an element by its type: XHTML inside, HTML as text, Base64, or plain. Paragraphs are lines."""
    if any(isinstance(child.tag, str) for child in element):
        return html_to_text(element)
    raw = "".join(element.itertext()) if len(element) else element.text or ""
    kind, mode = (element.get("type") or "").lower(), (element.get("mode") or "").lower()
    if mode == "base64" or kind.startswith("application/octet"):
        raw = _from_base64(raw)
    elif is_atom and mode != "escaped" and (kind in ("text", "text/plain") or (not kind and not _MARKUP.search(raw))):
        return _lines(raw)
    if _C1.search(raw):
        raw = raw.translate(_WINDOWS_1252)
    if "<" in raw or "&" in raw:
        text = html_to_text(raw if _BLOCK.search(raw) else _EMPTY_LINE.sub("<br><br>", raw))
        return text or _lines(_ANY_TAG.sub("", raw))
    return _lines(raw)


def _lines(raw: str) -> str:
    return "\n".join(line for line in (" ".join(part.split()) for part in raw.splitlines()) if line)


def _from_base64(raw: str) -> str:
    try:
        return base64.b64decode(raw, validate=False).decode("utf-8", "replace")
    except ValueError:
        return ""


def _person(element: etree._Element) -> str | None:
    """The name of an author; an e-mail address is no name."""
    name = next((child.text for child in element if isinstance(child.tag, str) and child.tag.endswith("name")), None)
    text = " ".join((name or ("" if len(element) else element.text) or "").split())
    named = _ADDRESS_AND_NAME.match(text)
    if named:
        text = named["before"] or named["after"] or ""
    return None if "@" in text and " " not in text else text or None


def open_feed(root: etree._Element) -> Feed:
    """The channel's own fields, and the host that the feed belongs to."""
    names = Names(root)
    own = names.children(root)
    channel = names.children(own["channel"][0]) if "channel" in own else own
    feed = Feed(dialect(root) or "rss", names)
    feed.link = _link(channel) or root.get("href") or root.get("HREF")
    feed.language = _first_line(channel, _PLACES["language"]) or root.get(f"{_XML}lang")
    feed.rights = _first_line(channel, _PLACES["rights"])
    feed.byline = _byline(channel) if feed.format == "atom" else None
    linked = [*channel.get("atom:link", ()), *channel.get("link", ())]
    itself = [link.get("href") for link in sorted(linked, key=lambda link: link.get("rel") != "self")]
    about = next((element.get(_ABOUT) for element in own.get("channel", ()) if element.get(_ABOUT)), None)
    feed.host = next((host for host in map(host_of, (feed.link, *itself, about, _first_line(channel, ("id",)))) if host), None)
    return feed


def entries(root: etree._Element, feed: Feed) -> list[Entry]:
    """The items in order of the document, wherever they stand."""
    wanted = "entry" if feed.format == "atom" else "item"
    if feed.names.key(root.tag) == wanted:
        return [entry(root, feed)]
    elements = [child for child in root if feed.names.key(child.tag) == wanted]
    for channel in root:
        if feed.names.key(channel.tag) == "channel":
            elements += [child for child in channel if feed.names.key(child.tag) == wanted]
    if not elements:
        elements = [element for element in root.iter() if feed.names.key(element.tag) == wanted]
    return identify([entry(element, feed) for element in elements])


def entry(element: etree._Element, feed: Feed) -> Entry:
    """One item with the addresses it gives."""
    children = feed.names.children(element)
    found = Entry(element)
    guid = element.get(_ABOUT) if feed.format == "rdf" else _first_line(children, ("guid", "id", "atom:id"))
    found.guid = " ".join(guid.split()) if guid else None
    around = [*reversed(list(element.iterancestors())), element]
    bases = [feed.link, *(one.get(f"{_XML}base") for one in around)]
    found.link = absolute(_link(children) or _permalink(children) or element.get("HREF"), bases)
    return found


def identify(found: list[Entry]) -> list[Entry]:
    """Forget an id that stands in several entries with different links (trap 20); the link then takes its place.

    A number after `#` counts the BBC's editions of an item: it goes where the rest is the entry's own page and no other's.
    """
    pages: dict[str, int] = {}
    for item in found:
        page = _page_of(item)
        if page:
            pages[page] = pages.get(page, 0) + 1
    for item in found:
        page = _page_of(item)
        if page and pages[page] == 1:
            item.guid = page
    links: dict[str, set[str | None]] = {}
    for item in found:
        if item.guid:
            links.setdefault(item.guid, set()).add(item.link)
    for item in found:
        if item.guid and len(links[item.guid]) > 1:
            item.guid = None
    return found


def _page_of(item: Entry) -> str | None:
    """A guid without its `#n`, if that is the address of the entry's link."""
    if not item.guid or not item.link or not _COUNTER.search(item.guid):
        return None
    page = _COUNTER.sub("", item.guid)
    return page if item.link.split("?")[0].split("#")[0] == page else None


def _link(children: Children) -> str | None:
    """An entry's page: the text of `link`, else the `href` of the alternate one."""
    for key in ("link", "atom:link"):
        for element in children.get(key, ()):
            href = element.get("href") or " ".join((element.text or "").split())
            if href and (element.get("rel") or "alternate").lower() == "alternate":
                return href.strip()
    return None


def _permalink(children: Children) -> str | None:
    for element in children.get("guid", ()):
        text = (element.text or "").strip()
        if (element.get("isPermaLink") or "true").lower() == "true" and text.startswith(("http://", "https://")):
            return text
    return None


def _first_line(children: Children, keys: tuple[str, ...]) -> str | None:
    """The first of these elements with text in it, on one line."""
    for key in keys:
        for element in children.get(key, ()):
            text = " ".join((element.text or "").split())
            if text:
                return text
    return None


def _first_text(children: Children, keys: tuple[str, ...], is_atom: bool) -> tuple[str, etree._Element | None]:
    for key in keys:
        for element in children.get(key, ()):
            text = plain_text(element, is_atom)
            if text:
                return text, element
    return "", None


def to_item(found: Entry, feed: Feed, context: Context) -> RawItem | None:
    """The record of an entry; None if there is nothing in it to tell."""
    is_atom = feed.format == "atom"
    children = feed.names.children(found.element)
    body, where = _first_text(children, _PLACES["text"], is_atom)
    short, short_place = _first_text(children, _PLACES["short"], is_atom)
    if not short or _is_mere_link(short_place):
        short = _nested_description(children) or short
    headline = " ".join(_first_text(children, _PLACES["headline"], is_atom)[0].split()) or None
    published = _first_line(children, _PLACES["published_at"])
    item = RawItem(
        provider=context.provider(f"rss:{feed.host}" if feed.host else None),
        item_id=found.guid or found.link or digest(headline or body or short or "".join(found.element.itertext()), published),
        version=0,
        published_at=context.time(published),
        updated_at=context.time(_first_line(children, _PLACES["updated_at"])),
        language=context.language(_language(children, (where if where is not None else short_place, found.element), feed)),
        headline=headline,
        byline=_byline(children) or feed.byline,
        summary=short if body and short and short != body else None,
        body=body or short,
        subjects=_subjects(children),
        usage_terms=_first_line(children, _PLACES["rights"]) or feed.rights,
        url=found.link,
        source=_source(children),
    )
    if context.profile and context.profile.name in _DATE_IS_THE_VERSION:
        item.updated_at = item.updated_at or item.published_at
    if not (found.guid or found.link or headline or item.body or item.byline or item.subjects or item.source):
        return None
    status = _first_line(children, ("wp:status",))
    embargo = published if status == "future" else None
    context.set_status(item, _WORDPRESS_STATUS.get(status, status) if status else None, embargo)
    return item


def _is_mere_link(element: etree._Element | None) -> bool:
    """Whether a description is nothing but a link ("Leer") with a counting pixel."""
    raw = (element.text or "") if element is not None else ""
    return len(raw) < 600 and bool(_MERE_LINK.fullmatch(raw.strip()))


def _nested_description(children: Children) -> str:
    """`media:description`, also inside `media:group` and `media:content`."""
    for element in (*children.get("media:description", ()), *children.get("media:group", ()), *children.get("media:content", ())):
        tag = str(element.tag)
        described = (
            element if tag.endswith("description") else next((c for c in element if str(c.tag).endswith("}description")), None)
        )
        text = plain_text(described) if described is not None else ""
        if text:
            return text
    return ""


def _language(children: Children, places: tuple[etree._Element | None, ...], feed: Feed) -> str | None:
    """The language of the text, else the entry's, else the feed's."""
    tagged = (place.get(f"{_XML}lang") for place in places if place is not None)
    return next(filter(None, tagged), None) or _first_line(children, _PLACES["language"]) or feed.language


def _byline(children: Children) -> str | None:
    for key in _PLACES["byline"]:
        names = [name for name in map(_person, children.get(key, ())) if name]
        if names:
            return ", ".join(dict.fromkeys(names))
    return None


def _subjects(children: Children) -> list[Subject]:
    """Categories: RSS has text and `domain`, Atom `term`, `scheme`, `label`."""
    found: list[Subject] = []
    for key in _SUBJECTS:
        for element in children.get(key, ()):
            text = " ".join((element.text or "").split())
            code = element.get("term") or element.get("nicename") or text
            name = element.get("label") or text or None
            if code or name:
                found.append(Subject(element.get("scheme") or element.get("domain"), code or None, name or code))
    return found


def _source(children: Children) -> str | None:
    """The feed or paper that the entry was taken from."""
    for element in children.get("source", ()):
        title = next((child.text for child in element if str(child.tag).endswith("title")), element.text)
        if title and title.strip():
            return " ".join(title.split())
    return _first_line(children, ("dc:source",))


def is_feed(source: Source, wanted: str) -> bool:
    """Whether the document is a feed of this dialect, or the text of a broken one begins like it."""
    root = source.xml
    if root is not None:
        return dialect(root) == wanted
    if source.is_refused or _PAGE.match(source.text[:4096]):
        return False
    opening = _OPENING.search(source.text[:20_000])
    return opening is not None and {"rss": "rss", "feed": "atom", "rdf": "rdf"}[opening["name"].lower()] == wanted


def read_feed(source: Source, context: Context, wanted: str) -> Iterator[RawItem]:
    """The records of a feed; from one that is no well-formed XML those of the entries that are whole."""
    root = source.xml
    if root is not None:
        feed = open_feed(root)
        yield from _records(entries(root, feed), feed, context)
    else:
        yield from _salvaged(source.text, context, wanted)


def _records(found: list[Entry], feed: Feed, context: Context) -> Iterator[RawItem]:
    feed.host = feed.host or next((host for host in map(host_of, (one.link for one in found)) if host), None)
    yield from filter(None, (to_item(one, feed, context) for one in found))


def _salvaged(text: str, context: Context, wanted: str) -> Iterator[RawItem]:
    opening = _OPENING.search(text[:20_000])
    first = _FIRST_ENTRY.search(text)
    head = text[opening.start() if opening else 0 : first.start() if first else len(text)]
    feed = _head_of(head, wanted)
    found: list[Entry] = []
    for piece in pieces(text):
        element = parse_piece(piece, head) if piece.whole else None
        if element is None:
            context.lost(f"line {piece.line}: an entry {'whose mark-up is broken' if piece.whole else 'that is cut off'}")
        else:
            found.append(entry(element, feed))
    if not found and first is None and not _CLOSING.search(text):
        raise UnreadableWire(f"a feed ({wanted}) that is cut off before its first entry")
    yield from _records(identify(found), feed, context)


def _head_of(head: str, wanted: str) -> Feed:
    """What the channel says of itself, as far as it can be read."""
    root = etree.fromstring(head.encode("utf-8", "replace"), xml_repair.parser(recover=True)) if head.strip() else None
    if root is None:
        root = etree.Element(wanted)
    feed = open_feed(root)
    feed.format = wanted
    return feed
