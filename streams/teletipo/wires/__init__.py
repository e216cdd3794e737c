"""Wires in every format, read into records: `read(data)`. No network, no other file."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from teletipo.errors import UnreadableWire
from teletipo.records.raw import MAX_TEXT, RawItem

if TYPE_CHECKING:
    from teletipo.settings import Settings
    from teletipo.wires.profiles import Profiles
    from teletipo.wires.trace import Trace

MOST_ITEMS = 100_000
"""Items of one document that are read; more take longer than a reader may."""


@dataclass(slots=True)
class Reading:
    """What a document gave: its items in order, a line for each part that was lost, and the format.

    `renditions` are the addresses, by name, of what the document says of an item and does not hold itself; by item key.
    """

    format: str
    items: list[RawItem] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    renditions: dict[str, dict[str, str]] = field(default_factory=dict)


def read(
    data: bytes,
    *,
    name: str = "-",
    provider: str | None = None,
    profiles: Profiles | None = None,
    settings: Settings | None = None,
    trace: Trace | None = None,
) -> Reading:
    """Read one document of any format. Raises UnreadableWire with one reason if it is no wire or a broken one.

    `provider` is who delivers where the document does not say it; `trace` is told where each value stood.
    """
    from teletipo.wires import detect
    from teletipo.wires import profiles as shelf
    from teletipo.wires.context import Context
    from teletipo.wires.source import Source

    paths: tuple[Path, ...] = tuple(settings.wires_profiles) if settings is not None else ()
    source = Source(data, name)
    reader = detect.find(source)
    context = Context(reader.FORMAT, profiles or shelf.load(paths), provider, trace=trace)
    try:
        items = list(islice(reader.read(source, context), MOST_ITEMS + 1))
    except RecursionError:
        raise UnreadableWire("nested too deep") from None
    if len(items) > MOST_ITEMS:
        raise UnreadableWire(f"more than {MOST_ITEMS} items in one document")
    withheld: list[int] = []
    for number, item in enumerate(items):
        profile = context.profiles.by_name.get(item.provider)
        if profile is not None and item.body and (public := profile.public(item.body)) != item.body:
            item.body = public
            withheld.append(number)
        length = len(item.headline or "") + len(item.body or "")
        if length > MAX_TEXT:
            raise UnreadableWire(f"item {item.item_id[:200]}: {length} characters of text; at most {MAX_TEXT}")
    if not items and context.losses:
        raise UnreadableWire(context.losses[0])
    if trace is not None:
        trace.complete(source, items)
        for number in withheld:
            trace.leave(number, "body", f"lines at an end of it are not for publication: profile {items[number].provider}")
    return Reading(reader.FORMAT, items, context.losses, context.renditions)
