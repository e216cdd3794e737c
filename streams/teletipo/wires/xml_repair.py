"""XML as it comes: text before the declaration, two declarations, bare `&`, HTML's entities, undeclared prefixes.

A DOCTYPE is cut off, never loaded. Entities that it declares as plain text are put in; a reference to any other (an external
one, one made of others) makes the document unreadable: nothing is expanded, nothing is fetched, nothing is left out silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.entities import html5

from lxml import etree

from teletipo.errors import UnreadableWire

USUAL_PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rss": "http://purl.org/rss/1.0/",
    "wp": "http://wordpress.org/export/1.2/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
}
"""What a prefix stands for where nobody declared it."""

_MOST_TAGS = 1_000_000
"""A tag costs about 200 bytes of memory; no wire comes near."""
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}\?>")
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z_][\w.-]{0,63}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_NAMED = re.compile(r"&([A-Za-z_][\w.-]{0,63});")
_ILLEGAL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
    r"|&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])|0*(?:[0-8]|1[124-9]|2\d|3[01]));",
    re.I,
)
_MOST_EXPANDED = 65_536
"""Characters that all references to a document's own entities may come to."""
_UPPER_X = re.compile(r"&#X(?=[0-9A-Fa-f]{1,6};)")
_ENTITY = re.compile(r"""<!ENTITY\s+(%\s+)?([\w.:-]+)\s+(?:"([^"]*)"|'([^']*)'|(SYSTEM|PUBLIC)\b)""")
_DOCTYPE_MARK = re.compile(r"""<!--|["'\[\]>]""")
_PREFIX = re.compile(r"""</?([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=\s*["']""")
_DECLARED_PREFIX = re.compile(r"\bxmlns:([\w.-]+)\s*=")
_ROOT = re.compile(r"<[A-Za-z_][^<>\s/]*")


class RefusedEntity(UnreadableWire):
    """The document refers to an entity that must not be expanded."""


def parser(recover: bool = False) -> etree.XMLParser:
    """A parser that loads, fetches and expands nothing, with libxml2's limits on depth and size."""
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
        remove_pis=True,
    )


def parse(text: str) -> etree._Element:
    """The root element of a document, repaired where that leaves no doubt.

    Raises UnreadableWire with libxml2's complaint and the line.
    """
    if text.count("<") > _MOST_TAGS:
        raise UnreadableWire(f"more than {_MOST_TAGS} tags")
    start = text.find("<")
    body = _DECLARATION.sub("", text[max(start, 0) :], count=1).lstrip() if start >= 0 else text
    if "<!DOCTYPE" not in body[:20_000]:
        try:
            return etree.fromstring(body.encode("utf-8"), parser())
        except (etree.XMLSyntaxError, ValueError):
            pass
    repaired = repair(body)
    try:
        return etree.fromstring(repaired.encode("utf-8", "replace"), parser())
    except etree.XMLSyntaxError as fault:
        raise UnreadableWire(f"not XML: {_complaint(fault)}") from None
    except ValueError as fault:
        raise UnreadableWire(f"not XML: {fault}") from None


def repair(text: str) -> str:
    """The text with everything put right that the module's docstring names."""
    text, entities = cut_doctype(text)
    text = _ILLEGAL.sub("", _DECLARATION.sub("", text)).lstrip()
    budget = [_MOST_EXPANDED]
    text = "".join(piece if is_cdata else resolve(piece, entities, budget) for piece, is_cdata in _cdata_apart(text))
    return declare_prefixes(text)


def _cdata_apart(text: str) -> Iterator[tuple[str, bool]]:
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0 and (end := text.find("]]>", start)) >= 0:
        yield text[position:start], False
        position = end + 3
        yield text[start:position], True
    yield text[position:], False


def resolve(text: str, entities: dict[str, str | None], budget: list[int]) -> str:
    """Bare ampersands escaped, named entities as characters. `budget` is how many characters entities may still come to.

    Raises RefusedEntity at a reference that must not be expanded.
    """

    def replacement(match: re.Match[str]) -> str:
        name = match[1]
        if name in _XML_ENTITIES:
            return match[0]
        if name in entities:
            value = entities[name]
            if value is None:
                raise RefusedEntity(f"the entity &{name}; is external or made of others, which is never expanded")
            budget[0] -= len(value)
            if budget[0] < 0:
                raise RefusedEntity(f"its own entities expand to more than {_MOST_EXPANDED} characters")
            return value
        return escape(html5[name + ";"]) if name + ";" in html5 else f"&amp;{name};"

    return _NAMED.sub(replacement, _BARE_AMPERSAND.sub("&amp;", _UPPER_X.sub("&#x", text)))


def cut_doctype(text: str) -> tuple[str, dict[str, str | None]]:
    """The text without its DOCTYPE, and the entities declared there: their plain text, or None if they may not be expanded."""
    start = text.find("<!DOCTYPE", 0, 20_000)
    root = _ROOT.search(text)
    if start < 0 or (root and root.start() < start):
        return text, {}
    end = _end_of_doctype(text, start)
    entities: dict[str, str | None] = {}
    for match in _ENTITY.finditer(text, start, end):
        value = match[3] if match[3] is not None else match[4]
        is_plain = value is not None and not match[1] and len(value) <= 200 and not re.search(r"[<%]|&(?!#)", value)
        entities.setdefault(match[2], value if is_plain else None)
    return text[:start] + text[end:], entities


def _end_of_doctype(text: str, start: int) -> int:
    """Where the DOCTYPE ends: at the first `>` outside its brackets, quotation marks and comments."""
    depth, position = 0, start + 9
    while mark := _DOCTYPE_MARK.search(text, position):
        position = mark.end()
        if mark[0] in ('"', "'", "<!--"):
            closing = "-->" if mark[0] == "<!--" else mark[0]
            end = text.find(closing, position)
            if end < 0:
                break
            position = end + len(closing)
        elif mark[0] == "]":
            depth -= 1
        elif mark[0] == "[":
            depth += 1
        elif depth <= 0:
            return position
    raise UnreadableWire("not XML: the DOCTYPE has no end")


def declare_prefixes(text: str) -> str:
    """Declarations at the root for prefixes that are used but nowhere declared."""
    used = {element or attribute for element, attribute in _PREFIX.findall(text)}
    missing = used - set(_DECLARED_PREFIX.findall(text)) - {"xml", "xmlns"}
    root = _ROOT.search(text)
    if not missing or not root or len(missing) > 100:
        return text
    added = "".join(f' xmlns:{prefix}="{USUAL_PREFIXES.get(prefix, "urn:undeclared:" + prefix)}"' for prefix in sorted(missing))
    return text[: root.end()] + added + text[root.end() :]


def _complaint(fault: etree.XMLSyntaxError) -> str:
    message = " ".join((fault.msg or "no element found").split(", line ")[0].split())[:160]
    return f"{message} at line {fault.lineno}" if fault.lineno else message
