"""The whole entries of a feed that is no well-formed XML: cut off, badly nested, with undeclared prefixes.

Each entry is parsed by itself, so that a broken one costs itself and not its neighbours. An entry that is not closed, or
whose own tags do not match, is lost: half a story is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.wires import xml_repair

_TAG = re.compile(r"<(?P<close>/?)(?:[\w.-]+:)?(?P<name>item|entry)(?=[\s/>])[^<>]*>", re.I)
_SKIPPED = (("<![CDATA[", "]]>"), ("<!--", "-->"))
_DECLARED = re.compile(r"""\bxmlns:([\w.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_DEFAULT = re.compile(r"""<(?:[\w.-]+:)?(?:rss|feed|rdf)\b[^<>]*?\bxmlns\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""", re.I)


@dataclass(slots=True)
class Piece:
    """The text of one entry and the line (from 1) where it begins; `whole` is False where its end is missing."""

    text: str
    line: int
    whole: bool


def pieces(text: str) -> Iterator[Piece]:
    """The entries of a feed's text in order. CDATA sections and comments are stepped over; time is linear."""
    start: int | None = None
    counted, line = 0, 1
    for tag in _tags_outside_sections(text):
        if not tag["close"]:
            if start is not None:
                yield Piece(text[start : tag.start()], line, whole=False)
            start = tag.start()
            line, counted = line + text.count("\n", counted, start), start
        elif start is not None:
            yield Piece(text[start : tag.end()], line, whole=True)
            start = None
    if start is not None:
        yield Piece(text[start:], line, whole=False)


def _tags_outside_sections(text: str) -> Iterator[re.Match[str]]:
    position = 0
    ahead = {opening: text.find(opening) for opening, _ in _SKIPPED}
    tag = _TAG.search(text)
    while tag is not None:
        for opening, place in ahead.items():
            if -1 < place < position:
                ahead[opening] = text.find(opening, position)
        section = min(((place, opening) for opening, place in ahead.items() if -1 < place < tag.start()), default=None)
        if section is None:
            yield tag
            position = tag.end()
        else:
            closing = dict(_SKIPPED)[section[1]]
            end = text.find(closing, section[0] + len(section[1]))
            position = end + len(closing) if end >= 0 else len(text)
        if tag.start() < position:
            tag = _TAG.search(text, position)


def parse_piece(piece: Piece, head: str) -> etree._Element | None:
    """The entry as an element under the namespaces of the feed's head; None if its own mark-up is broken."""
    spaces = {match[1]: match[2] or match[3] for match in _DECLARED.finditer(head)}
    default = _DEFAULT.search(head)
    declarations = "".join(f" xmlns:{prefix}={_quoted(uri)}" for prefix, uri in spaces.items() if uri)
    if default and (default[1] or default[2]):
        declarations += f" xmlns={_quoted(default[1] or default[2])}"
    try:
        return xml_repair.parse(f"<feed{declarations}>{piece.text}</feed>")[0]
    except (UnreadableWire, IndexError):
        return None


def _quoted(uri: str) -> str:
    return '"' + uri.replace("&", "&amp;").replace('"', "&quot;") + '"'
