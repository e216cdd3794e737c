"""HTML, XHTML and NITF text as plain text: one line a paragraph, tables as lines, mark-up gone, entities resolved once."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from lxml import etree

_BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "body.content", "br", "caption", "center", "dd", "details",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hl1", "hl2", "hr", "html", "legend", "li", "main", "nav", "nitf-table", "ol", "option", "p", "pre",
        "section", "summary", "table", "tbody", "td.row", "tfoot", "thead", "title", "tr", "ul", "block", "bq", "fn",
        "hedline",
    ]
)  # fmt: skip
_INLINE = frozenset(
    [
        "a", "abbr", "acronym", "b", "bdo", "big", "cite", "classifier", "code", "copyrite", "del", "dfn", "em",
        "event", "font", "frac", "i", "ins", "kbd", "lang", "location", "money", "num", "object.title", "org", "person",
        "postaddr", "pronounce", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "td",
        "th", "time", "tt", "u", "var", "virtloc",
    ]
)  # fmt: skip
_SKIPPED = frozenset(
    [
        "script", "style", "head", "template", "noscript", "iframe", "object", "svg", "math", "button", "select",
        "textarea", "audio", "video", "canvas", "map", "rp", "rt", "media", "media-reference", "media-caption",
        "media-producer",
    ]
)  # fmt: skip
_NONPUBLIC = re.compile(r"\b(?:np-nonpublic|nonpublic|not-for-publication)\b")
_TAG = re.compile(r"<(?:[a-zA-Z!/?])")
_SHOWN_TAG = re.compile(r"</?(?:p|br|div|span|strong|em|b|i|a|ul|ol|li|h[1-6]|table|tr|td)(?:\s[^<>]*)?/?>", re.I)
_BLOCK_TAG = re.compile(r"<(?:p|br|div|li|table|tr|h[1-6]|pre|body)\b", re.I)
_EMPTY_LINE = re.compile(r"\S[ \t\r]*\n[ \t\r]*\n\s*\S")
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0\u2028\u2029]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_KEPT_ENTITIES = {"&lt;", "&gt;"}
_CELLS = frozenset(("td", "th"))
_MOST_LAYERS = 3

Skip = Callable[[str, etree._Element], bool]
"""Says of an element (local name in lower case, element) that it is no part of the text."""


def html_to_text(value: str | etree._Element, skip: Skip | None = None) -> str:
    """The text of an HTML fragment or page, or of an element that holds XHTML or NITF.

    Parts marked as not public are left out, and what `skip` says. Mark-up that was escaped twice is taken off too.
    """
    text = _text_of(value, skip)
    for _ in range(_MOST_LAYERS):
        if not _SHOWN_TAG.search(text):
            break
        text = _text_of(text.replace("\n", "<br/>"), skip)
    return tidy(resolve_leftovers(text))


def resolve_leftovers(text: str) -> str:
    """Entities that somebody escaped once too often as characters (`&amp;apos;`). `&lt;` and `&gt;` stay: they show mark-up."""
    for _ in range(_MOST_LAYERS):
        changed = _ENTITY.sub(lambda match: match[0] if match[0] in _KEPT_ENTITIES else unescape(match[0]), text)
        if changed == text:
            break
        text = changed
    return text


def tidy(text: str) -> str:
    """White space made single, empty lines and control characters taken out."""
    lines = (_SPACE.sub(" ", line).strip() for line in _CONTROLS.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line.strip("| "))


def one_line(text: str | None) -> str | None:
    """A headline, a byline: on one line, without mark-up, escapes or control characters. None if nothing is left."""
    if not text:
        return None
    if _TAG.search(text) and _SHOWN_TAG.search(text):
        text = _text_of(text, None)
    return " ".join(_CONTROLS.sub("", resolve_leftovers(text)).split()) or None


def reflow(text: str) -> str:
    """A text broken into lines of even length as one line a paragraph.

    A paragraph begins after an empty line, or at an indented line where most lines are not indented.
    """
    lines = text.expandtabs(4).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    inner = [line for line in lines[1:] if line.strip()]
    indents_speak = sum(not line.startswith(" ") for line in inner) * 2 >= len(inner) > 1
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        stripped = line.strip()
        if not stripped:
            paragraphs.append([])
            continue
        if indents_speak and line.startswith("  "):
            paragraphs.append([])
        paragraphs[-1].append(stripped)
    return "\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)


def plain_or_marked_up(text: str) -> str:
    """The text of a field that may be HTML, plain with inline tags and a line a paragraph, or plain with lines broken by hand."""
    if not looks_marked_up(text):
        return tidy(resolve_leftovers(reflow(text) if _EMPTY_LINE.search(text) or _is_indented(text) else text))
    return html_to_text(text if _BLOCK_TAG.search(text) else text.strip().replace("\n", "<br/>"))


def _is_indented(text: str) -> bool:
    """Whether the first line of each paragraph is indented: the first line, one further down, and not all."""
    first, *others = [line.startswith(("  ", "\t")) for line in text.split("\n") if line.strip()] or [False]
    return first and any(others) and not all(others)


def looks_marked_up(text: str) -> bool:
    """Whether a text holds HTML tags."""
    return bool(_SHOWN_TAG.search(text))


def _text_of(value: str | etree._Element, skip: Skip | None) -> str:
    if isinstance(value, str):
        if not _TAG.search(value):
            return unescape(value)
        root = _parse(value)
        if root is None:
            return ""
    else:
        root = value
    return "".join(_collect(root, skip))


def _parse(value: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(b"<div>" + value.encode("utf-8", "replace") + b"</div>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _collect(root: etree._Element, skip: Skip | None) -> list[str]:
    """The text with line feeds around blocks. Without recursion: the depth of mark-up is the sender's to choose."""
    pieces: list[str] = []
    preformatted = 0
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped: etree._Element | None = None
    for event, element in walk:
        if event in ("comment", "pi"):
            if element.tail and element is not root:
                pieces.append(element.tail if preformatted else _SPACE.sub(" ", element.tail))
            continue
        name = _local_name(element)
        is_block = name in _BLOCKS or (name not in _INLINE and "." not in name and _holds_own_text(element))
        if event == "start":
            if name in _SKIPPED or _NONPUBLIC.search(element.get("class") or "") or (skip and skip(name, element)):
                walk.skip_subtree()
                skipped = element
                continue
            preformatted += name == "pre"
            if is_block:
                pieces.append("\n")
            if element.text:
                pieces.append(_shaped(element, is_block, preformatted > 0))
            continue
        if skipped is not element:
            preformatted -= name == "pre"
            if name in _CELLS and element.getnext() is not None:
                pieces.append(" | ")
            if is_block:
                pieces.append("\n")
        elif is_block:
            pieces.append("\n")
        skipped = None if skipped is element else skipped
        if element.tail and element is not root:
            pieces.append(element.tail if preformatted else _SPACE.sub(" ", element.tail))
    return pieces


def _shaped(element: etree._Element, is_block: bool, is_preformatted: bool) -> str:
    text = element.text or ""
    if is_preformatted:
        return text
    if is_block and len(element) == 0 and "\n" in text.strip():
        return reflow(text)
    return _SPACE.sub(" ", text)


def _holds_own_text(element: etree._Element) -> bool:
    """Whether an element of unknown name is a paragraph: upper-case names and capitals are an agency's own vocabulary."""
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2].isupper() and bool((element.text or "").strip())


def _local_name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
