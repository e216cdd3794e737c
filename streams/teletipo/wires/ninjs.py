"""ninjs 1 (flat), 2 and 3 (lists, 3 in camelCase), as IPTC, Superdesk, AAP, Business Wire and the BBC's LDRS write it.

Names are compared without regard to case, so one table serves all three versions. Pictures, graphics, audio and video give a
record with the caption as body; events and planning items give none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from teletipo.records.raw import RawItem, Subject
from teletipo.wires import json_fields as fields
from teletipo.wires.addresses import host_of
from teletipo.wires.context import Context
from teletipo.wires.markup import html_to_text
from teletipo.wires.source import Source

FORMAT = "ninjs"

_MEDIA = {"picture", "graphic", "audio", "video", "photo", "image", "animation"}
_NOT_NEWS = {"event", "planning"}
_KNOWN = {
    "type", "mimetype", "representationtype", "profile", "version", "versioncreated", "firstcreated", "contentcreated",
    "embargoed", "pubstatus", "urgency", "copyrightholder", "copyrightnotice", "usageterms", "ednote", "language", "person",
    "organisation",
    "place", "subject", "subjects", "event", "object", "infosource", "infosources", "title", "byline", "by", "headline",
    "headlines", "slugline", "located", "renditions", "associations", "altids", "trustindicator", "trustindicators",
    "standard", "$standard",
    "genre", "genres", "bodies", "descriptions", "people", "places", "organisations", "events", "objects", "rightsinfo", "rights",
    "digitalsourcetype", "plannedcoverage", "eventdetails", "expires", "body_html", "body_text", "body_xhtml", "description_text",
}  # fmt: skip
_WRAPPERS = ("item", "items", "_items")
_BODIES = ("main", "html", "text")
"""Which body is the story where the same text is given twice: the first of these that is there, else any other."""
_SHORT_BODIES = {"summary", "abstract", "short", "sms", "teaser", "caption", "headline", "push", "social", "twitter", "intro"}
"""Roles of bodies that only tell what the story is about: taken where there is no other."""
_SUBTITLES = {"subtitle", "subheadline", "subhead", "sub", "hld:subheadline"}
_NOT_A_SUMMARY = {"creditline", "writer", "title", "note", "caption-writer"}
_SLUG = re.compile(r"\d+ [A-Z]{2,}\b.*|[^\s]*[-/_][^\s]*")
_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_AUTHORITY = re.compile(r"urn:newsml:([^:]+\.[^:]+):|tag:([^,:]+\.[^,:]+)[,:]", re.I)


def recognises(source: Source) -> bool:
    """Whether the JSON is an item, a list of items, or a wrapper around such a list."""
    return any(map(_is_item, _candidates(source.json)))


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The items in order of the document."""
    for number, candidate in enumerate(_candidates(source.json)):
        if _is_item(candidate):
            item = _item(candidate, context, f"/{number}")
            if item is not None:
                yield item
        else:
            context.lost(f"item {number + 1}: no ninjs item")


def _candidates(value: Any) -> list[Any]:
    if isinstance(value, dict):
        for wrapper in _WRAPPERS:
            if isinstance(value.get(wrapper), list) and not ("uri" in value or "guid" in value):
                return list(value[wrapper])
    return value if isinstance(value, list) else [value]


def _is_item(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    names = {str(name).lower() for name in value}
    known = len(names & _KNOWN)
    if fields.text(value.get("uri")) or fields.text(value.get("guid")):
        return known > 0 or len(names) <= 2
    return known >= 3 and bool(names & {"bodies", "body_html", "body_text", "body_xhtml", "headline", "headlines"})


def _item(candidate: dict[str, Any], context: Context, place: str) -> RawItem | None:
    given = {str(name).lower(): value for name, value in candidate.items()}
    kind = (fields.text(given.get("type")) or "").lower()
    if kind in _NOT_NEWS:
        return None
    caption = _caption(given)
    body = fields.without_headline(_body(given) or (caption if kind in _MEDIA else None) or "", _headline(given))
    item = RawItem(
        provider=context.provider(_provider(given, context)),
        item_id=_identifier(given, body),
        version=fields.version(given.get("version")),
        published_at=context.time(given.get("firstcreated")),
        updated_at=context.time(given.get("versioncreated")),
        language=context.language(given.get("language")),
        headline=_headline(given),
        subheadline=_subheadline(given),
        slug=_slug(given),
        byline=fields.line(given.get("by")) or fields.line(given.get("byline")) or _listed_byline(given.get("by")),
        located=fields.line(given.get("located")),
        summary=caption if body != caption else None,
        body=body,
        subjects=[
            subject
            for name in ("subject", "subjects")
            for subject in map(_subject, fields.objects(given.get(name)))
            if subject.code or subject.name
        ],
        urgency=context.urgency(given.get("urgency")),
        credit=fields.text(given.get("copyrightholder")),
        usage_terms=fields.text(given.get("usageterms")),
        ed_note=fields.text(given.get("ednote")),
        source=fields.line(given.get("source")) or _sources(given),
    )
    context.set_status(item, given.get("pubstatus"), given.get("embargoed"))
    for name, rendition in fields.mapping(given.get("renditions")).items():
        context.rendition(item, str(name), fields.text(fields.mapping(rendition).get("href")))
    is_empty_media = kind in (*_MEDIA, "composite", "package") and not body and item.status == "usable"
    return None if is_empty_media else item


def _identifier(given: dict[str, Any], body: str) -> str:
    return fields.text(given.get("uri")) or fields.text(given.get("guid")) or fields.digest(_headline(given), body)


def _provider(given: dict[str, Any], context: Context) -> str | None:
    """The agency in `urn:newsml:agency:…` or `tag:agency,…`; else a host or a copyright holder that a profile knows."""
    identifier = fields.text(given.get("uri")) or fields.text(given.get("guid")) or ""
    match = _AUTHORITY.match(identifier)
    if match:
        return str(match[1] or match[2]).lower()
    others = (host_of(identifier), fields.line(given.get("copyrightholder")))
    return next((other for other in others if other and context.profiles.find(other, "")), None)


def _by_role(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """The members of a ninjs 2 or 3 list, each with its role in lower case."""
    return [((fields.text(member.get("role")) or "").lower(), member) for member in fields.objects(value)]


def _headline(given: dict[str, Any]) -> str | None:
    headlines = [(role, fields.line(_text_of(member))) for role, member in _by_role(given.get("headlines", []))]
    main = [value for role, value in headlines if role == "main" and value]
    others = [value for role, value in headlines if role not in _SUBTITLES and value]
    title = fields.line(given.get("title"))
    found = fields.line(given.get("headline")) or next(iter(main + others), None)
    return found or (title if title and not _SLUG.fullmatch(title) else None)


def _subheadline(given: dict[str, Any]) -> str | None:
    listed = [_text_of(member) for role, member in _by_role(given.get("headlines", [])) if role in _SUBTITLES]
    flat = [given.get(f"headline_{name}") for name in _SUBTITLES] + [given.get("subheadline")]
    return next((value for value in map(fields.line, [*listed, *flat]) if value), None)


def _listed_byline(value: Any) -> str | None:
    names = [_text_of(member) or fields.line(member.get("name")) for member in fields.objects(value)]
    return fields.joined(names, ", ")


def _slug(given: dict[str, Any]) -> str | None:
    title = fields.line(given.get("title"))
    return fields.line(given.get("slugline")) or (title if title and _SLUG.fullmatch(title) else None)


def _body(given: dict[str, Any]) -> str | None:
    """The story once: the HTML, else the text, else any other `body_…`."""
    flat = {name.removeprefix("body_"): value for name, value in given.items() if name.startswith("body_")}
    for name in (*_BODIES, *sorted(flat.keys() - set(_BODIES), key=lambda name: (name in _SHORT_BODIES, name))):
        value = fields.text(flat.get(name))
        if value:
            return _plain(value, is_text=name == "text")
    listed = _by_role(given.get("bodies", []))
    rank = {role: number for number, role in enumerate(_BODIES)} | dict.fromkeys(_SHORT_BODIES, len(_BODIES) + 1)
    for _, member in sorted(listed, key=lambda pair: rank.get(pair[0], len(_BODIES))):
        body = _text_of(member)
        if body:
            return body
    return None


def _text_of(member: dict[str, Any]) -> str | None:
    """The `value` of a list member as plain text, by its content type."""
    value = fields.text(member.get("value"))
    kind = next((str(value) for name, value in member.items() if name.lower() == "contenttype"), "")
    return (
        _plain(value, is_text="html" not in kind.lower() and "xml" not in kind.lower() and not _TAG.search(value))
        if value
        else None
    )


def _plain(value: str, is_text: bool) -> str:
    return fields.paragraphs(value) if is_text else html_to_text(value)


def _caption(given: dict[str, Any]) -> str | None:
    """`description_text`, `description_html`, any other, or the first of `descriptions` that describes."""
    flat = ["description_text", "description_html", *sorted(name for name in given if name.startswith("description_"))]
    for name in flat:
        value = fields.text(given.get(name))
        if value and name.removeprefix("description_") not in _NOT_A_SUMMARY:
            return _plain(value, is_text=name == "description_text")
    listed = [_text_of(member) for role, member in _by_role(given.get("descriptions", [])) if role not in _NOT_A_SUMMARY]
    return next((value for value in listed if value), None)


def _subject(given: dict[str, Any]) -> Subject:
    """ninjs 1 has scheme and code, 2 and 3 have `literal` and a `uri` that ends in the code."""
    scheme, code = fields.text(given.get("scheme")), fields.text(given.get("code"))
    uri = fields.text(given.get("uri"))
    if code is None and uri:
        cut = max(uri.rfind("/"), uri.rfind("#")) + 1
        scheme, code = uri[:cut] or None, uri[cut:] or None
    return Subject(scheme, code or fields.text(given.get("literal")), fields.line(given.get("name")))


def _sources(given: dict[str, Any]) -> str | None:
    names = [
        fields.line(member.get("name"))
        for name in ("infosource", "infosources")
        for member in fields.objects(given.get(name, []))
    ]
    return fields.joined(names, ", ")
