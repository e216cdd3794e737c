"""The records that the worker sends, as bytes with their headers (contract.md: CloudEvents binding, dead letters, history)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from teletipo import __version__
from teletipo.broker.topics import ARTICLES, DEADLETTER, EVENTS, HELD, HISTORY, RAW, STATE
from teletipo.lifecycle import (
    KeyState,
    Noted,
    Packed,
    Retract,
    Upsert,
    reconcile,
    retracted_article,
    retracted_event,
    state_to_bytes,
)
from teletipo.lifecycle.reconcile import RetractionReason, Source
from teletipo.records import Origin, RawItem, dumps, format_time, loads
from teletipo.records.schema import URN

CODER = f"teletipo {__version__}"
POSITION_KEY = b"__pos"
"""Key of the record in `news.state` that says which input comes next. An item key has a colon, so it is never one."""
EDITOR = "editor"
"""`origin.format` of a kill that an editor of this house ordered."""
_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$")
_ERROR_BYTES = 1000

Header = tuple[str, bytes]


@dataclass(slots=True, frozen=True)
class Outgoing:
    """One record to send: the topic's name without prefix, key, value (None is a tombstone) and headers."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[Header] = field(default_factory=list)
    cause: object = None
    """The step of the plan that asks for it; a record that Kafka refuses for ever makes that step fail."""

    @property
    def size(self) -> int:
        """Bytes that Kafka counts against the topic's limit, a little more than less."""
        headers = sum(len(name) + len(value) + 10 for name, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers + 100


def trace_of(headers: Iterable[tuple[str, bytes | None]]) -> bytes:
    """The trace that an input belongs to, with a span of our own; a new trace if it names none."""
    for name, value in headers:
        match = _TRACEPARENT.match(value or b"") if name.lower() == "traceparent" else None
        if match:
            return b"00-" + match[1] + b"-" + secrets.token_hex(8).encode() + b"-" + match[2]
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01".encode()


def _cloud_event(kind: str, identity: str, revision: int, subject: str, trace: bytes) -> list[Header]:
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", f"{identity}:{revision}".encode()),
        ("ce_source", b"teletipo/worker"),
        ("ce_type", f"teletipo.{kind}".encode()),
        ("ce_time", format_time(datetime.now(UTC)).encode()),
        ("ce_subject", subject.encode()),
        ("ce_dataschema", URN.format(name=kind).encode()),
        ("content-type", b"application/json"),
        ("traceparent", trace),
    ]


def published(
    key: str, upsert: Upsert, packed: Packed, before: KeyState, trace: bytes, reason: RetractionReason
) -> list[Outgoing]:
    """A version to show: its new and changed events, the events that no longer stand, then the article."""
    revision = upsert.revision
    compared = reconcile(before.shown.events if before.shown else (), packed.events)
    records = [
        Outgoing(EVENTS, event.mark.id.encode(), event.value, _cloud_event("event", event.mark.id, revision, key, trace))
        for event in compared.send
    ]
    if before.shown:
        source = Source(key, before.shown.order.version, upsert.item.provider, before.shown.language, before.shown.published_at)
        for mark in compared.gone:
            value = dumps(retracted_event(mark, source, revision, reason))
            records.append(Outgoing(EVENTS, mark.id.encode(), value, _cloud_event("event", mark.id, revision, key, trace)))
    records.append(Outgoing(ARTICLES, key.encode(), packed.article, _cloud_event("article", key, revision, key, trace)))
    return records


def retracted(key: str, retract: Retract, before: KeyState, received: datetime, trace: bytes) -> list[Outgoing]:
    """A kill or withholding: the article first, then all its events, every text emptied."""
    shown = before.shown or retract.shown
    article = retracted_article(
        retract.item,
        version=retract.version,
        revision=retract.revision,
        supersedes=retract.supersedes,
        kind=retract.kind,
        coder=CODER,
        received_at=received,
    )
    records = [Outgoing(ARTICLES, key.encode(), dumps(article), _cloud_event("article", key, retract.revision, key, trace))]
    source = Source(key, shown.order.version, retract.item.provider, shown.language, shown.published_at)
    for mark in shown.events:
        value = dumps(retracted_event(mark, source, retract.revision, retract.kind))
        records.append(Outgoing(EVENTS, mark.id.encode(), value, _cloud_event("event", mark.id, retract.revision, key, trace)))
    return records


def state_record(key: str, state: KeyState | None) -> Outgoing:
    """What is remembered of a key; None forgets it."""
    return Outgoing(STATE, key.encode(), None if state is None else state_to_bytes(state))


def position_record(next_offset: int) -> Outgoing:
    """Which input offset comes next, in the transaction of the outputs of all before it."""
    return Outgoing(STATE, POSITION_KEY, dumps({"n": next_offset}))


def position_in(value: bytes | None) -> int | None:
    """The offset that a position record names."""
    return None if value is None else int(loads(value)["n"])


def held_record(key: str, items: dict[int, RawItem]) -> Outgoing:
    """The held versions of a key, whole; none of them is a tombstone."""
    value = dumps({str(version): _filled(item) for version, item in items.items()}) if items else None
    return Outgoing(HELD, key.encode(), value)


def derived_kill(item: RawItem) -> Outgoing:
    """A kill that another item named, as a feeder would send it."""
    headers = [("ce_specversion", b"1.0"), ("ce_type", b"teletipo.raw"), ("ce_dataschema", URN.format(name="raw").encode())]
    return Outgoing(RAW, item.key.encode(), dumps(_filled(item)), headers)


def _filled(item: RawItem) -> dict[str, Any]:
    return {name: value for name, value in asdict(item).items() if value is not None and value != []}


def history_record(
    key: str, noted: Noted, partition: int, now: datetime, revision: int | None, origin: Origin | None
) -> Outgoing:
    """One decision of an item: what, why, when; who, if an editor ordered it. Never text."""
    entry = {
        "key": key,
        "version": noted.version,
        "decision": noted.verdict,
        "reason": noted.reason,
        "time": noted.time,
        "decided_at": now,
        "partition": partition,
        "position": noted.position,
        "digest": noted.digest,
        "revision": revision,
        "warning": noted.warning,
        "origin": origin.format if origin else None,
        "by": origin.reason if origin and origin.format == EDITOR else None,
    }
    return Outgoing(HISTORY, key.encode(), dumps(entry))


@dataclass(slots=True, frozen=True)
class Input:
    """Where an input stands: real topic name, partition, offset."""

    topic: str
    partition: int
    offset: int


def dead_letter(
    source: Input,
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes | None]],
    fault: tuple[str, str, str],
) -> Outgoing:
    """The input byte for byte with its key and headers, and why it could not be processed: `fault` is stage, type, message."""
    stage, kind, message = fault
    kept = [(name, value or b"") for name, value in headers if not name.startswith("error.")]
    reasons = {
        "stage": stage,
        "type": kind,
        "message": message,
        "topic": source.topic,
        "partition": str(source.partition),
        "offset": str(source.offset),
        "attempts": str(attempts_of(headers)),
    }
    errors = [(f"error.{name}", text.encode("utf-8", "replace")[:_ERROR_BYTES]) for name, text in reasons.items()]
    return Outgoing(DEADLETTER, key, value, [*kept, *errors])


def attempts_of(headers: Iterable[tuple[str, bytes | None]]) -> int:
    """How often this input has been tried, this time included; a replay says how often before."""
    for name, value in headers:
        if name == "teletipo-replayed" and (value or b"").isdigit():
            return int(value or b"0") + 1
    return 1
