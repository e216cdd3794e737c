"""NewsML-G2: `newsItem` alone or in a `newsMessage`. Concepts, plans, catalogs and packages of references are no news."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.records.raw import Change, RawItem, Related, Subject
from teletipo.wires import g2_content, nitf
from teletipo.wires import xml_fields as fields
from teletipo.wires.context import Context
from teletipo.wires.json_fields import digest
from teletipo.wires.markup import html_to_text, looks_marked_up, one_line
from teletipo.wires.source import Source

FORMAT = "newsml-g2"

_NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
_ROOTS = {"newsItem", "newsMessage", "packageItem", "conceptItem", "planningItem", "knowledgeItem", "catalogItem"}
_FRAGMENTS = {"contentSet", "contentMeta", "itemMeta"}
"""Parts of an item, which the standard's own listings show alone, without the namespace."""
_PARTS = {"itemSet", "catalog", "newsCoverageSet", "groupSet", "concept", "newsCoverage"}
"""Parts whose names others use too; only with the namespace."""
_NO_TEXT = {"picture", "graphic", "audio", "video", "animation"}

FIELDS: fields.Table = {
    "published_at": ("itemMeta/firstCreated", "contentMeta/contentCreated"),
    "updated_at": ("itemMeta/versionCreated", "contentMeta/contentModified"),
    "language": ("contentMeta/language@tag", "@xml:lang"),
    "slug": ("contentMeta/slugline",),
    "byline": ("contentMeta/by",),
    "dateline": ("contentMeta/dateline",),
    "located": ("contentMeta/located/name", "contentMeta/located@literal"),
    "credit": ("contentMeta/creditline",),
    "usage_terms": ("rightsInfo/usageTerms",),
    "source": ("contentMeta/infoSource/name", "contentMeta/infoSource@literal", "itemMeta/infoSource/name"),
    "urgency": ("contentMeta/urgency",),
}
_STATUS = ("itemMeta/pubStatus@qcode", "itemMeta/pubStatus@uri", "itemMeta/pubStatus@literal", "itemMeta/pubStatus")
_PROVIDERS = ("itemMeta/provider@qcode", "itemMeta/provider@literal", "itemMeta/provider@uri", "itemMeta/provider/name")
_SUMMARY_ROLES = ("summary", "teaser", "abstract", "lead", "synopsis", "preamble")
_SUBTITLE = re.compile(r"sub(?:head|title)|subline|deck|kicker|drophead", re.I)
_INTERNAL_ROLES = {"private", "contacts", "dpacontacts", "closingline", "closing", "notepad", "internal"}
_CHANGES: dict[str, Change] = {
    "sig:correction": "correction", "signal/correction": "correction", "edstat:c": "correction",
    "sig:update": "update", "signal/update": "update", "edstat:u": "update",
    "sig:refile": "refile", "edstat:r": "refile",
    "sig:new": "new", "edstat:n": "new",
}  # fmt: skip
_RELATIONS: dict[str, Literal["kills", "corrects", "part_of"]] = {
    "partof": "part_of", "memberof": "part_of", "corrects": "corrects", "kills": "kills", "cancels": "kills", "retracts": "kills",
}  # fmt: skip
_WEIGHT: dict[Change, int] = {"correction": 3, "refile": 2, "update": 1, "new": 0}


def recognises(source: Source) -> bool:
    """Whether the root element is one of the standard's, with or without its namespace."""
    if source.xml is None:
        return False
    namespace, _, name = str(source.xml.tag).rpartition("}")
    return name in _ROOTS or name in _FRAGMENTS or (name in _PARTS and namespace[1:] == _NAMESPACE)


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The text items in order. Raises UnreadableWire for a single item with neither id nor text."""
    assert source.xml is not None
    root = fields.strip_namespaces(source.xml)
    sender = fields.first(root, ("header/sender",))
    if root.tag == "newsItem":
        items = [root]
    elif root.tag in _FRAGMENTS:
        items = [_wrapped(root)]
    else:
        items = fields.all_items(root, "newsItem")
    packages = _packages(root)
    for number, element in enumerate(items, start=1):
        item = _item(element, sender, context)
        if item is None or isinstance(item, str):
            context.no_item()
        if isinstance(item, str):
            if len(items) == 1:
                raise UnreadableWire(item)
            context.lost(f"newsItem {number}: {item}")
        elif item is not None:
            guid = element.get("guid") or ""
            item.related += [Related("part_of", package) for package in packages.get(guid, ()) if package != guid]
            yield item


def _packages(root: etree._Element) -> dict[str, dict[str, None]]:
    """The packages of a message by the ids of the items that they name."""
    found: dict[str, dict[str, None]] = {}
    for package in root.iter("packageItem"):
        guid = one_line(package.get("guid"))
        for reference in package.iter("itemRef"):
            if guid:
                found.setdefault(reference.get("residref") or "", {})[guid] = None
    return found


def _wrapped(fragment: etree._Element) -> etree._Element:
    item = etree.Element("newsItem")
    item.append(fragment)
    return item


def _item(element: etree._Element, sender: str | None, context: Context) -> RawItem | str | None:
    """The item; None if it is no text; the reason if it cannot be read."""
    context.begin_item()
    kind = (fields.last_part(fields.first(element, ("itemMeta/itemClass@qcode", "itemMeta/itemClass@uri"))) or "text").lower()
    guid = (element.get("guid") or "").strip()
    provider = context.provider_of(*_provider_ids(element, sender, guid))
    headlines = _headlines(element, context)
    summary = _summary(element, context)
    content = g2_content.content_of(element, *headlines, summary)
    story = content.nitf or nitf.Story()
    headline = headlines[0] or story.headline or content.headline
    if not guid:
        if not content.body and not headline:
            return "newsItem with neither a guid nor a text"
        guid = digest(provider, headline, content.body[:500])
    item = RawItem(provider, context.profile.item_id(guid) if context.profile else guid, body=content.body)
    item.version = fields.version(element.get("version") or "")
    _fill(item, element, context)
    item.headline = headline
    item.subheadline = headlines[1] or story.subheadline
    item.byline = item.byline or story.byline or content.byline
    item.dateline = item.dateline or story.dateline
    item.located = item.located or story.located
    item.summary = summary or story.abstract
    _set_status(item, element, context)
    for remote in element.iterfind("contentSet/remoteContent"):
        name = fields.last_part(remote.get("rendition") or remote.get("format")) or remote.get("contenttype") or "remote"
        context.rendition(item, name, remote.get("href"))
    if kind in _NO_TEXT or (item.status == "usable" and not (item.body or item.headline)):
        return None
    return item


def _provider_ids(element: etree._Element, sender: str | None, guid: str) -> Iterator[str | None]:
    for place in _PROVIDERS:
        for _, value in fields.values(element, place):
            yield fields.last_part(value) if "qcode" in place else (urlsplit(value).hostname or value).removeprefix("www.")
    yield sender
    authority = re.match(r"(?:tag:|urn:newsml:)([\w.-]+)", guid)
    yield authority[1] if authority else None


def _fill(item: RawItem, element: etree._Element, context: Context) -> None:
    converts = {
        "published_at": context.time,
        "updated_at": context.time,
        "language": context.language,
        "urgency": context.urgency,
    }
    for name, places in FIELDS.items():
        setattr(item, name, fields.first(element, places, context, name, converts.get(name, one_line)))
    if item.byline:
        bylines = [one_line(value) for _, value in fields.values(element, "contentMeta/by")]
        item.byline = ", ".join(dict.fromkeys(name for name in bylines if name))
    if item.source is None:
        item.source = fields.first(element, ("contentMeta/infoSource@qcode",), context, "source", fields.last_part)
    if item.usage_terms == "None":
        item.usage_terms = None  # dpa's converter writes Python's word for nothing
    item.subjects = list(_subjects(element))
    item.ed_note = _notes(element, context)
    item.related = [*_related(element), *_replaced(element, context)]
    item.url = _address(element, context)


def _headlines(element: etree._Element, context: Context) -> tuple[str | None, str | None]:
    """The first headline that is no subtitle, and the first that is one."""
    main = sub = None
    for headline, value in fields.values(element, "contentMeta/headline"):
        text = one_line(value)
        rank = headline.get("rank") or ""
        is_sub = bool(_SUBTITLE.search(headline.get("role") or "")) or (rank.isdecimal() and int(rank[:4]) > 1)
        where = fields.where_is(headline) if context.trace is not None else ""
        if is_sub and sub is None:
            sub = text
            name = "subheadline"
        elif not is_sub and main is None:
            main = text
            name = "headline"
        else:
            if context.trace is not None:
                context.trace.drop("headline", where, value, "a headline stood before it")
            continue
        if context.trace is not None:
            context.trace.take(name, where, value)
    return main, sub


def _summary(element: etree._Element, context: Context) -> str | None:
    for description, value in fields.values(element, "contentMeta/description"):
        role = fields.last_part(description.get("role") or "")
        where = fields.where_is(description) if context.trace is not None else ""
        if role is None or role.lower() in _SUMMARY_ROLES:
            if context.trace is not None:
                context.trace.take("summary", where, value)
            return html_to_text(value) or None if looks_marked_up(value) else one_line(value)
        if context.trace is not None:
            context.trace.drop("summary", where, value, f"its role is {role}")
    return None


def _notes(element: etree._Element, context: Context) -> str | None:
    """Notes that may go out: none that is constrained, that names contacts or is an editor's sign-off."""
    notes = []
    for note in element.iterfind("itemMeta/edNote"):
        constraint = note.get("pubconstraint") or note.get("pubconstrainturi") or ""
        role = (fields.last_part(note.get("role") or "") or "").lower()
        is_internal = bool(constraint) or role in _INTERNAL_ROLES or "contact" in role
        text = "" if is_internal else html_to_text(note)
        if context.trace is not None and is_internal:
            context.trace.drop("ed_note", fields.where_is(note), "…", f"not for publication: {constraint or role}")
        if text and text not in notes:
            notes.append(text)
            if context.trace is not None:
                context.trace.take("ed_note", fields.where_is(note), text)
    return "\n".join(notes) or None


def _subjects(element: etree._Element) -> Iterator[Subject]:
    seen = set()
    for subject in element.iterfind("contentMeta/subject"):
        if subject.get("qcode") is None and fields.last_part(subject.get("type")) == "poi":
            continue  # dpa's places with their addresses: ids of this document alone, of no scheme
        scheme, code = fields.qcode(subject.get("qcode"))
        uri = one_line(subject.get("uri")) or ""
        if code is None and uri:
            cut = max(uri.rfind("/"), uri.rfind("#")) + 1
            scheme, code = uri[:cut] or None, uri[cut:] or None
        elif code is None:
            code = one_line(subject.get("literal"))
        name = one_line(subject.findtext("name"))
        if (code or name) and (scheme, code, name) not in seen:
            seen.add((scheme, code, name))
            yield Subject(scheme, code, name)


def _related(element: etree._Element) -> Iterator[Related]:
    """Other items that links name; addresses of pages are none."""
    seen = set()
    for link in element.iterfind("itemMeta/link"):
        ref = one_line(link.get("residref") or link.get("guidref"))
        if ref and ref not in seen and ref != element.get("guid"):
            seen.add(ref)
            role = (fields.last_part(link.get("rel") or "") or "").lower()
            yield Related(_RELATIONS.get(role, "see"), ref)


def _replaced(element: etree._Element, context: Context) -> Iterator[Related]:
    """The item in whose place this one comes, where the profile says which `altId` names it (TT)."""
    if context.profile is None:
        return
    ids = {(other.get("type") or "").lower(): one_line(other.text) or "" for other in element.iterfind("contentMeta/altId")}
    guid = element.get("guid") or ""
    own = max((value for value in ids.values() if value and guid.endswith(value)), key=len, default="")
    for kind in sorted(context.profile.replaced_ids & ids.keys()):
        if ids[kind] and ids[kind] != own:
            yield Related("corrects", guid.removesuffix(own) + ids[kind] if own else ids[kind])


def _address(element: etree._Element, context: Context) -> str | None:
    for link in element.iterfind("itemMeta/link"):
        role = (fields.last_part(link.get("rel") or "") or "").lower()
        if role in ("canonical", "permalink", "self", "weburl", "alternate") and (link.get("href") or "").startswith("http"):
            if context.trace is not None:
                context.trace.take("url", fields.where_is(link) + "/@href", link.get("href") or "")
            return link.get("href")
    return None


def _set_status(item: RawItem, element: etree._Element, context: Context) -> None:
    signals = [(signal.get("qcode") or signal.get("uri") or "").strip() for signal in element.iterfind("itemMeta/signal")]
    changes: list[Change] = [change for signal in signals if (change := _change(signal)) is not None]
    item.change = sorted(changes, key=lambda change: _WEIGHT[change])[-1] if changes else None
    state = fields.first(element, _STATUS, context, "status", str)
    embargo = next((value for _, value in fields.values(element, "itemMeta/embargoed")), None)
    if context.is_kill(*signals):
        state = "canceled"
    context.set_status(item, state, embargo)
    if fields.version(element.get("version") or "") is None:
        item.version = 1 if item.status == "usable" else None


def _change(signal: str) -> Change | None:
    """The change that a signal names as a qcode or as IPTC's URI."""
    key = signal.lower()
    return _CHANGES.get(key) or _CHANGES.get("/".join(key.split("/")[-2:]))
