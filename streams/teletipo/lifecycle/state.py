"""What is remembered of an item key between records, and how it is stored in `news.state`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from teletipo.errors import NotJSON
from teletipo.records.codec import dumps, loads

COMPRESS_FROM = 400
"""Bytes of JSON, about two events, from which on compressing a state makes it smaller by half or more."""
_ZLIB = b"\x78"
"""How a compressed value begins; JSON begins with a brace."""


@dataclass(slots=True, frozen=True)
class Order:
    """Where a record stands among the records of its key."""

    version: int
    time: datetime | None
    position: int

    def later_than(self, other: Order) -> bool:
        """True if this record replaces `other`; equal or missing times are decided by position."""
        if self.version != other.version:
            return self.version > other.version
        if self.time and other.time and self.time != other.time:
            return self.time > other.time
        return self.position > other.position

    def ties_with(self, other: Order) -> bool:
        """True if only the position tells the two apart."""
        return self.version == other.version and (self.time is None or other.time is None or self.time == other.time)


@dataclass(slots=True, frozen=True)
class EventMark:
    """What the state keeps of a published event, enough to retract it without its text."""

    id: str
    digest: str
    codes: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Shown:
    """The version that subscribers see now."""

    order: Order
    digest: str
    has_body: bool
    language: str | None = None
    published_at: datetime | None = None
    events: tuple[EventMark, ...] = ()


@dataclass(slots=True, frozen=True)
class Held:
    """A version that waits. `due` None: held without a release time, because its status or embargo could not be read."""

    order: Order
    digest: str
    due: datetime | None


@dataclass(slots=True, frozen=True)
class KeyState:
    """All that is remembered of one item key."""

    position: int = -1
    revision: int = 0
    highest: int | None = None
    shown: Shown | None = None
    kill_mark: int | None = None
    withheld: Order | None = None
    held: tuple[Held, ...] = ()
    touched: datetime | None = None


def state_to_bytes(state: KeyState) -> bytes:
    """The compact JSON of a state, compressed where it has many events: there is one for every item of the last 90 days."""
    fields: dict[str, Any] = {"p": state.position, "r": state.revision, "h": state.highest, "k": state.kill_mark}
    if state.shown:
        shown = state.shown
        fields["s"] = {
            "o": _order_out(shown.order),
            "d": shown.digest,
            "b": shown.has_body,
            "l": shown.language,
            "t": _time_out(shown.published_at),
            "e": [[mark.id, mark.digest, mark.codes] for mark in shown.events],
        }
    if state.withheld:
        fields["w"] = _order_out(state.withheld)
    if state.held:
        fields["q"] = [[_order_out(held.order), held.digest, _time_out(held.due)] for held in state.held]
    fields["u"] = _time_out(state.touched)
    value = dumps({name: value for name, value in fields.items() if value is not None})
    return value if len(value) < COMPRESS_FROM else zlib.compress(value, 1)


def state_from_bytes(value: bytes) -> KeyState:
    """The state that `state_to_bytes` wrote. Raises NotJSON for anything else."""
    try:
        fields = loads(zlib.decompress(value) if value.startswith(_ZLIB) else value)
    except zlib.error:
        raise NotJSON("a compressed state that is damaged") from None
    shown = fields.get("s")
    return KeyState(
        position=fields["p"],
        revision=fields["r"],
        highest=fields.get("h"),
        shown=shown and _shown_in(shown),
        kill_mark=fields.get("k"),
        withheld=fields.get("w") and _order_in(fields["w"]),
        held=tuple(Held(_order_in(order), digest, _time_in(due)) for order, digest, due in fields.get("q", ())),
        touched=_time_in(fields.get("u")),
    )


def _shown_in(fields: dict[str, Any]) -> Shown:
    events = tuple(EventMark(*mark) for mark in fields["e"])
    return Shown(_order_in(fields["o"]), fields["d"], fields["b"], fields["l"], _time_in(fields["t"]), events)


def _order_out(order: Order) -> list[int | None]:
    return [order.version, _time_out(order.time), order.position]


def _order_in(fields: list[Any]) -> Order:
    return Order(fields[0], _time_in(fields[1]), fields[2])


def _time_out(moment: datetime | None) -> int | None:
    """Microseconds since 1970: a time must come back exactly, or a repeat would look later than itself."""
    if moment is None:
        return None
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _time_in(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
