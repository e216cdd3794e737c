"""RSS 1.0 and 0.90, which are RDF: the table and the reading are in `feed`."""

from __future__ import annotations

from collections.abc import Iterator

from teletipo.records.raw import RawItem
from teletipo.wires.context import Context
from teletipo.wires.feed import is_feed, read_feed
from teletipo.wires.source import Source

FORMAT = "rdf"


def recognises(source: Source) -> bool:
    """Whether the root element is this dialect's, or the text begins like one that is broken further down."""
    return is_feed(source, FORMAT)


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The entries in order of the document."""
    return read_feed(source, context, FORMAT)
