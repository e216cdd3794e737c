"""HTML, XHTML and NITF text as plain text: one line a paragraph, tables as lines, mark-up gone, entities resolved once."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "body.content",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hl1",
        "hl2",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "nitf-table",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td.row",
        "tfoot",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "head",
        "template",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "button",
        "select",
        "textarea",
        "audio",
        "video",
        "canvas",
        "map",
    ]
)
_NONPUBLIC = re.compile(r"\b(?:np-nonpublic|nonpublic|not-for-publication)\b")
_TAG = re.compile(r"<(?:[a-zA-Z!/?])")
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0\u2028\u2029]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff]")
_CELLS = frozenset(("td", "th"))
_MAX_DEPTH = 400


def html_to_text(value: str | etree._Element) -> str:
    """The text of an HTML fragment or page, or of an element that holds XHTML or NITF. Non-public parts stay out."""
    if isinstance(value, str):
        if not _TAG.search(value):
            return tidy(unescape(value))
        root = _parse(value)
        if root is None:
            return ""
    else:
        root = value
    pieces: list[str] = []
    _collect(root, pieces, 0, is_preformatted=False)
    return tidy("".join(pieces))


def tidy(text: str) -> str:
    """White space made single, empty lines and control characters taken out."""
    lines = (_SPACE.sub(" ", line).strip() for line in _CONTROLS.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line and line != "|")


def _parse(value: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(b"<div>" + value.encode("utf-8", "replace") + b"</div>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _collect(element: etree._Element, pieces: list[str], depth: int, is_preformatted: bool) -> None:
    tag = element.tag
    if not isinstance(tag, str):
        if isinstance(element, etree._Entity):
            pieces.append(unescape(element.text or ""))
        return
    name = tag.rpartition("}")[2].rpartition(":")[2].lower()
    if name in _SKIPPED or depth > _MAX_DEPTH or _NONPUBLIC.search(element.get("class") or ""):
        return
    is_block = name in _BLOCKS
    is_preformatted = is_preformatted or name == "pre"
    if is_block:
        pieces.append("\n")
    if element.text:
        pieces.append(element.text if is_preformatted else _SPACE.sub(" ", element.text))
    for child in element:
        _collect(child, pieces, depth + 1, is_preformatted)
        if child.tail:
            pieces.append(child.tail if is_preformatted else _SPACE.sub(" ", child.tail))
    if name in _CELLS and element.getnext() is not None:
        pieces.append(" | ")
    if is_block:
        pieces.append("\n")
