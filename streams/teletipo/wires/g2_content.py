"""The text of a NewsML-G2 item: NITF, XHTML or an agency's own vocabulary in `inlineXML`, text or HTML in `inlineData`."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from lxml import etree

from teletipo.wires import charset, nitf
from teletipo.wires import xml_fields as fields
from teletipo.wires.markup import html_to_text, one_line, plain_or_marked_up

_NO_TEXT = re.compile(r"^(?:image|audio|video|font)/|pdf|json|octet|zip|eventml|sportsml", re.I)
_MAIN = re.compile(r"(?:^|\s)main(?:\s|$)")
_OTHER_VOCABULARIES = frozenset(["events", "event", "concept", "conceptSet", "sports-content", "planningItem", "newsCoverageSet"])
_TEASER = re.compile(r"\b(?:teaser|abstract|summary)\b", re.I)
_OWN_HEADS = frozenset(["rubrik", "dat", "vinjett", "bild", "byline", "source"])
"""TT's elements around the story: headline, dateline, label, picture."""


@dataclass(slots=True)
class Content:
    """The story's text; its NITF parts or its own headline where the item's metadata say nothing."""

    body: str = ""
    headline: str | None = None
    byline: str | None = None
    nitf: nitf.Story | None = None


def content_of(item: etree._Element, headline: str | None, subheadline: str | None = None, summary: str | None = None) -> Content:
    """The first rendition in the item's `contentSet` that has a text; without what the item's metadata say already."""
    for element in item.iterfind("contentSet/inlineXML"):
        if not _NO_TEXT.search(element.get("contenttype") or ""):
            content = _from_xml(element, headline, subheadline, summary)
            if content.body or content.headline:
                return content
    for element in item.iterfind("contentSet/inlineData"):
        if not _NO_TEXT.search(element.get("contenttype") or "text/plain"):
            body = plain_or_marked_up(_data(element))
            if body:
                return Content(body)
    return Content()


def _data(element: etree._Element) -> str:
    text = fields.text_of(element)
    if (fields.last_part(element.get("encoding") or "") or "").lower() == "base64":
        try:
            return charset.decode(base64.b64decode(text, validate=False))
        except (binascii.Error, ValueError):
            return ""
    return text


def _from_xml(element: etree._Element, headline: str | None, subheadline: str | None, summary: str | None) -> Content:
    inner = next((child for child in element.iter() if child.tag == "nitf"), None)
    if inner is not None:
        story = nitf.story_of(inner)
        return Content(story.body, story.headline, nitf=story)
    if len(element) and element[0].tag in _OTHER_VOCABULARIES:
        return Content()
    if len(element) == 0:
        return Content(plain_or_marked_up(element.text or ""))
    own = next((one_line(fields.text_of(head)) for head in element.iter("h1", "hl1", "RUBRIK")), None)
    shown = headline or own
    main = [section for section in element.iter("section") if _MAIN.search(section.get("class") or "")]
    body = element.find(".//body")
    parts = main or [body if body is not None else element]
    is_own_vocabulary = body is None and not main

    def is_no_story(name: str, part: etree._Element) -> bool:
        if name in ("h1", "hl1"):
            return one_line(fields.text_of(part)) == shown
        if name in ("h2", "h3", "hl2") and subheadline:
            return one_line(fields.text_of(part)) == subheadline
        if summary and _TEASER.search(part.get("class") or ""):
            return one_line(fields.text_of(part)) == one_line(summary)
        if name == "header":
            return not main and part.getparent() is body
        return is_own_vocabulary and name in _OWN_HEADS

    text = "\n".join(filter(None, (html_to_text(part, is_no_story) for part in parts)))
    byline = next((one_line(fields.text_of(line)) for line in element.iter("BYLINE")), None) if is_own_vocabulary else None
    return Content(text, own, byline)
