"""The text of a NewsML 1 item: which of its many `ContentItem`s is the story, and what it is written in."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from teletipo.wires import charset, nitf
from teletipo.wires import xml_fields as fields
from teletipo.wires.markup import html_to_text, one_line, plain_or_marked_up

_SUMMARIES = {"abstract", "lead", "summary", "teaser", "chapo", "intro"}
_TITLES = {"title", "headline", "heading"}
_ILLUSTRATIONS = {
    "caption",
    "photo",
    "picture",
    "image",
    "graphic",
    "video",
    "audio",
    "clip",
    "thumbnail",
    "logo",
    "icon",
    "sidebar",
}
_STORIES = {"main", "body", "text", "story", "article", "main text", "maintext"}
_NO_TEXT = re.compile(r"image|photo|picture|video|audio|graphic|pdf|jpe?g|png|gif|mpeg|flash|animat|zip|octet", re.I)


@dataclass(slots=True)
class Text:
    """The story, with the NewsComponents that hold it, from the innermost outwards."""

    body: str = ""
    summary: str | None = None
    title: str | None = None
    nitf: nitf.Story | None = None
    components: list[etree._Element] = field(default_factory=list)
    is_text: bool = True


@dataclass(slots=True)
class _Candidate:
    """A ContentItem that may hold text, the components around it from the inside out, and their roles."""

    content: etree._Element
    components: list[etree._Element]
    roles: list[str]

    @property
    def role(self) -> str:
        return self.roles[0] if self.roles else ""


def text_of_item(item: etree._Element) -> Text:
    """The item's story: a component whose role says so, else the first that is text and illustrates nothing."""
    candidates = list(_candidates(item))
    stories = [candidate for candidate in candidates if candidate.role not in _SUMMARIES | _TITLES]
    main = [story for story in stories if story.role in _STORIES and not _ILLUSTRATIONS & set(story.roles[1:])]
    plain = [story for story in stories if not _ILLUSTRATIONS & set(story.roles)]
    ranked = [*main, *plain, *stories]
    text = Text(components=ranked[0].components if ranked else list(item.iter("NewsComponent"))[:1])
    for story in ranked:
        _read_content(story.content, text)
        if text.body or text.nitf is not None:
            text.components = story.components
            break
    if text.components:
        _read_roles(candidates, text)
    if not candidates:
        text.is_text = next(item.iter("ContentItem"), None) is None
    return text


def _candidates(item: etree._Element) -> Iterator[_Candidate]:
    roles: dict[etree._Element, str] = {}
    for content in item.iter("ContentItem"):
        if _is_text(content):
            components = [ancestor for ancestor in content.iterancestors() if ancestor.tag == "NewsComponent"]
            for component in components:
                if component not in roles:
                    roles[component] = _role(component)
            yield _Candidate(content, components, [roles[component] for component in components])


def _is_text(content: etree._Element) -> bool:
    kinds = [content.find(name) for name in ("MediaType", "MimeType", "Format")]
    says = " ".join(kind.get("FormalName") or "" for kind in kinds if kind is not None)
    return _data_of(content) is not None and not _NO_TEXT.search(says)


def _data_of(content: etree._Element) -> etree._Element | None:
    """The `DataContent`, which may stand inside an `Encoding` (or two)."""
    return next(content.iter("DataContent"), None)


def _role(component: etree._Element) -> str:
    role = component.find("Role")
    return (role.get("FormalName") or "").strip().lower() if role is not None else ""


def _read_roles(candidates: list[_Candidate], text: Text) -> None:
    """Abstract and title that stand as components beside the story."""
    parent = text.components[1] if len(text.components) > 1 else text.components[0]
    for candidate in candidates:
        if candidate.role in _SUMMARIES and text.summary is None and parent in candidate.components:
            text.summary = _plain(candidate.content) or None
        elif candidate.role in _TITLES and text.title is None and parent in candidate.components:
            text.title = one_line(_plain(candidate.content))


def _plain(content: etree._Element) -> str:
    part = Text()
    _read_content(content, part)
    return part.body


def _read_content(content: etree._Element, text: Text) -> None:
    data = _data_of(content)
    if data is None:
        return
    encoded = content.find("Encoding")
    notation = (encoded.get("Notation") or "").lower() if encoded is not None else ""
    inner = next((child for child in data.iter() if child.tag in ("nitf", "NITF")), None)
    if inner is not None:
        text.nitf = nitf.story_of(inner)
        text.body = text.nitf.body
    elif len(data):
        text.body = _marked_up(data)
    else:
        text.body = plain_or_marked_up(_decoded(data, notation))


def _decoded(data: etree._Element, notation: str) -> str:
    value = fields.text_of(data)
    if "base64" not in notation:
        return value
    try:
        return charset.decode(base64.b64decode(value))
    except (binascii.Error, ValueError):
        return ""


def _marked_up(data: etree._Element) -> str:
    body = next(_bodies(data), data)
    story = nitf.story_of(body) if body.find("body.content") is not None else None
    return story.body if story is not None else html_to_text(body)


def _bodies(data: etree._Element) -> Iterator[etree._Element]:
    return data.iter("body", "BODY")
