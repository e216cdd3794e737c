"""One document on its way through the readers: its bytes, and text, XML and JSON made of them once, when first asked for."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

import orjson
from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.wires import charset, xml_repair

_TRAILING_COMMA = re.compile(r'("(?:\\(?:.|\Z)|[^"\\])*+(?:"|\Z))|,(?=\s*[}\]])', re.S)
_MAX_DIGITS = 400
MAX_BYTES = 32 * 1024 * 1024
"""Size of one document; a file that is larger is no wire and is not read."""
_MOST_VALUES = 4_000_000
"""Commas and brackets of a JSON document: a value costs up to 100 bytes of memory."""


class Source:
    """A document; `name` is what messages call it."""

    def __init__(self, data: bytes, name: str = "-") -> None:
        if len(data) > MAX_BYTES:
            raise UnreadableWire(f"larger than {MAX_BYTES >> 20} MiB")
        self.data = data
        self.name = name
        self.fault: str | None = None
        self.is_refused = False

    @cached_property
    def text(self) -> str:
        """The text, decoded by the order of belief."""
        return charset.decode(self.data)

    @cached_property
    def xml(self) -> etree._Element | None:
        """The root element; None if it is no XML, then `fault` says why."""
        if not self.looks_like_xml:
            return None
        try:
            return xml_repair.parse(self.text)
        except UnreadableWire as fault:
            self.fault = str(fault)
            self.is_refused = isinstance(fault, xml_repair.RefusedEntity)
            return None

    @cached_property
    def looks_like_xml(self) -> bool:
        """Whether a tag stands near the beginning, with no HTML page announced before it."""
        head = self.text[:4096]
        return "<" in head and not re.match(r"\s*<(?:!doctype\s+html\s*>|html\b)", head, re.I)

    @cached_property
    def json(self) -> Any:
        """The JSON value, JSON lines as a list; None if it is no JSON, then `fault` says why."""
        if not re.match(r"[\ufeff\s]*[\[{]", self.text[:4096]):
            return None
        if sum(map(self.text.count, "[{,")) > _MOST_VALUES:
            self.fault = f"more than {_MOST_VALUES} JSON values"
            return None
        try:
            return orjson.loads(self.text.encode("utf-8"))
        except (orjson.JSONDecodeError, UnicodeEncodeError):
            pass
        try:
            return lenient_json(self.text)
        except UnreadableWire as fault:
            self.fault = str(fault)
            return None


def decode_bytes(data: bytes, declared: str | None) -> str:
    """The text of a part whose charset a transport declares."""
    return charset.decode(data, declared)


def lenient_json(text: str) -> Any:
    """JSON with trailing commas, NaN, endless integers, raw control characters in strings, or one value a line.

    Raises UnreadableWire for what is none of these.
    """
    decoder = json.JSONDecoder(strict=False, parse_int=_integer, parse_float=_number, parse_constant=lambda _: None)
    try:
        return decoder.decode(text.strip("\ufeff \t\r\n"))
    except RecursionError:
        raise UnreadableWire("not JSON: nested too deep") from None
    except ValueError as first:
        fault = first
    lines = [line for line in text.strip("\ufeff").splitlines() if line.strip()]
    for attempt in (
        lambda: decoder.decode(_TRAILING_COMMA.sub(lambda m: m[1] or "", text)),
        lambda: _lines(decoder, lines),
        lambda: _one_after_another(decoder, text),
    ):
        try:
            return attempt()
        except (ValueError, RecursionError):
            continue
    place = f" at line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else ""
    raise UnreadableWire(f"not JSON: {getattr(fault, 'msg', 'no value')}{place}")


def _lines(decoder: json.JSONDecoder, lines: list[str]) -> list[Any]:
    """One value a line. A line that is no JSON is None, as long as most are."""
    values: list[Any] = []
    for line in lines:
        try:
            values.append(decoder.decode(line))
        except (ValueError, RecursionError):
            values.append(None)
    if len(lines) < 2 or sum(isinstance(value, dict) for value in values) * 2 <= len(values):
        raise ValueError("not one value a line")
    return values


def _one_after_another(decoder: json.JSONDecoder, text: str) -> list[Any]:
    """Values without anything but white space between them, as `jq` and `cat` write them."""
    values: list[Any] = []
    position = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    end = len(text.rstrip())
    while position < end:
        value, position = decoder.raw_decode(text, position)
        values.append(value)
        while position < end and text[position].isspace():
            position += 1
    return values


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MAX_DIGITS else None


def _number(text: str) -> float | None:
    value = float(text)
    return value if value == value and abs(value) != float("inf") else None
