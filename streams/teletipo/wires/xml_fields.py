"""Reading XML wires by tables: a field is the first place, of several, where the document has a value for it.

A place is an element path and, after `@`, an attribute: `itemMeta/pubStatus@qcode`. Names are local ones: prefixes and
namespaces are taken off first, because agencies write them in every way (README, trap 1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.records.raw import MAX_VERSION
from teletipo.wires.context import Context
from teletipo.wires.markup import one_line

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NIL = ("true", "1")
MOST_ITEMS = 10_000
"""Items of one document; an agency's largest have dozens."""
Places = Sequence[str]
Table = Mapping[str, Places]
Convert = Callable[[str], Any]


def strip_namespaces(root: etree._Element) -> etree._Element:
    """Rename every element and attribute to its local name (`xml:lang` stays) and take comments out; changes the tree."""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for element in root.iter(etree.Element):
        tag = str(element.tag)
        if tag[0] == "{":
            element.tag = tag.rpartition("}")[2]
        for name in list(element.attrib):
            if str(name).startswith("{") and name != XML_LANG:
                element.attrib[str(name).rpartition("}")[2]] = element.attrib.pop(name)
    return root


def all_items(root: etree._Element, tag: str) -> list[etree._Element]:
    """The elements of a name in order of the document. Raises UnreadableWire if there are more than any agency sends."""
    found = list(islice(root.iter(tag), MOST_ITEMS + 1))
    if len(found) > MOST_ITEMS:
        raise UnreadableWire(f"more than {MOST_ITEMS} items in one document")
    return found


def values(root: etree._Element, place: str) -> Iterator[tuple[etree._Element, str]]:
    """Every element at a place with its text, or the value of its attribute, where there is one."""
    path, attribute = _split(place)
    for element in root.iterfind(path) if path else [root]:
        value = element.get(XML_LANG if attribute == "xml:lang" else attribute) if attribute else text_of(element)
        if value and value.strip():
            yield element, value.strip()


def first(
    root: etree._Element, places: Places, context: Context | None = None, field: str = "", convert: Convert = one_line
) -> Any:
    """The first value of the places that `convert` makes something of; None if there is none. Tells the trace."""
    for place in places:
        for element, value in values(root, place):
            converted = convert(value)
            if context is not None and context.trace is not None and field:
                where = where_is(element, place)
                if converted is None:
                    context.trace.drop(field, where, value, "cannot be read")
                else:
                    context.trace.take(field, where, value)
            if converted is not None:
                return converted
    return None


def text_of(element: etree._Element) -> str:
    """All text in an element; empty where it says `nil`."""
    if element.get("nil") in _NIL:
        return ""
    return (element.text or "") if len(element) == 0 else "".join(map(str, element.itertext()))


def where_is(element: etree._Element, place: str = "") -> str:
    """The XPath of an element, with the attribute that the place names."""
    attribute = _split(place)[1]
    return f"{element.getroottree().getpath(element)}{'/@' + attribute if attribute else ''}"


@cache
def _split(place: str) -> tuple[str, str]:
    """Element path and attribute; an `@` inside brackets belongs to the path."""
    at = place.rfind("@")
    return (place[:at], place[at + 1 :]) if at > place.rfind("]") else (place, "")


def version(value: str) -> int | None:
    """An integer from 0 to 2^63-1."""
    digits = value.strip()
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 19 else -1
    return number if 0 <= number <= MAX_VERSION else None


def qcode(value: str | None) -> tuple[str | None, str | None]:
    """Scheme and code of `medtop:11000000`; a value without a colon is a code."""
    scheme, _, code = (value or "").strip().partition(":")
    return (scheme or None, code or None) if code else (None, scheme or None)


def last_part(value: str | None) -> str | None:
    """What follows the last colon, slash or hash of a qcode or URI."""
    return re.split(r"[:/#]", value.strip().rstrip("/"))[-1] or None if value else None
