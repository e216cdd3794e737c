"""Which format a document is in, by its content alone."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from teletipo.errors import NoWire, UnreadableWire
from teletipo.records.raw import RawItem
from teletipo.wires.context import Context
from teletipo.wires.source import Source


class Reader(Protocol):
    """A format's module."""

    FORMAT: str

    def recognises(self, source: Source) -> bool:
        """Whether the document is in this format."""

    def read(self, source: Source, context: Context) -> Iterator[RawItem]:
        """Its items in order of the document."""


_BINARY = ("iptc7901", "anpa", "typewriter")
_JSON = ("raw_record", "jsonfeed", "ap_json", "dpa_json", "efe_json", "ninjs")
_XML = ("newsml_g2", "newsml_1", "nitf", "agency_xml", "rss", "atom", "rdf")
_TEXT = ("mail", "html_page", "typewriter")


@cache
def _reader(name: str) -> Reader | None:
    try:
        module: Reader = importlib.import_module(f"teletipo.wires.{name}")
    except ModuleNotFoundError as error:
        if error.name == f"teletipo.wires.{name}":
            return None
        raise
    return module


def find(source: Source) -> Reader:
    """The reader of a document. Raises UnreadableWire with the reason why it is no wire, NoWire if only its marks are missing."""
    if not source.data.strip(b"\x00 \t\r\n"):
        raise UnreadableWire("nothing in it")
    if binary := _signature(source):
        raise UnreadableWire(f"{binary}, no wire")
    start = source.text[:200].lstrip("\x00\x16\x7f\ufeff \t\r\n")[:1]
    order = (
        _BINARY
        if start == "\x01"
        else _JSON
        if start and start in "[{"
        else (*_XML, *_TEXT)
        if "<" in source.text[:4096]
        else _TEXT
    )
    for name in (*order, *(name for name in _TEXT if name not in order)):
        reader = _reader(name)
        if reader is not None and reader.recognises(source):
            return reader
    raise NoWire(_why_not(source, start))


_SIGNATURES = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "gzip data",
    b"RIFF": "a RIFF file",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"{\\rtf": "an RTF document",
    b"BZh": "bzip2 data",
    b"\xfd7zXZ": "xz data",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
}


def _signature(source: Source) -> str | None:
    """What a file is that begins like nothing that carries a wire, even where a wire stands further down in it."""
    return next((what for signature, what in _SIGNATURES.items() if source.data.startswith(signature)), None)


def _why_not(source: Source, start: str) -> str:
    if start and start in "[{":
        return source.fault or "JSON, but of no wire that we know"
    if source.looks_like_xml and source.xml is not None:
        return f"XML, but <{str(source.xml.tag).rpartition('}')[2]}> is no wire"
    if source.fault:
        return source.fault
    if b"\x00" in source.data[:1024]:
        return "binary data, no wire"
    return "plain text without any mark of a wire"
