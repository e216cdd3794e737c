"""Which events of a new version are new, changed, the same or gone, and what a retraction looks like.

Runs on finished bytes: the enriching process packs each record once, the worker compares digests and sends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from teletipo.lifecycle.state import EventMark
from teletipo.records import Article, Event, EventDate, Participant, Place, Processing, RawItem, Span, dumps


@dataclass(slots=True, frozen=True)
class PackedEvent:
    """An event as it will be sent, with the mark that the state keeps of it."""

    mark: EventMark
    value: bytes


@dataclass(slots=True, frozen=True)
class Packed:
    """The finished records of one item version, as they come back from an enriching process."""

    article: bytes
    events: tuple[PackedEvent, ...]
    language: str | None


@dataclass(slots=True, frozen=True)
class Reconciled:
    """What to send: new and changed events, then those that no longer stand; `marks` is what the state keeps."""

    send: tuple[PackedEvent, ...]
    gone: tuple[EventMark, ...]
    marks: tuple[EventMark, ...]


def pack(article: Article, events: Sequence[Event]) -> Packed:
    """Serialise the records of one version once, and digest each event without its version and revision."""
    packed = tuple(PackedEvent(EventMark(event.id, event_digest(event), _codes(event)), dumps(event)) for event in events)
    return Packed(dumps(article), packed, article.language)


def event_digest(event: Event) -> str:
    """Digest of every field but `article_version` and `revision`: equal digests are the same event, not sent again."""
    version, revision = event.article_version, event.revision
    event.article_version = event.revision = 0
    try:
        return hashlib.blake2b(dumps(event), digest_size=9).hexdigest()
    finally:
        event.article_version, event.revision = version, revision


def reconcile(shown: Sequence[EventMark], new: Sequence[PackedEvent]) -> Reconciled:
    """Compare the events of the new version with those that subscribers have, by id and digest."""
    had = {mark.id: mark.digest for mark in shown}
    now = {event.mark.id for event in new}
    send = tuple(event for event in new if had.get(event.mark.id) != event.mark.digest)
    gone = tuple(mark for mark in shown if mark.id not in now)
    return Reconciled(send, gone, tuple(event.mark for event in new))


def _codes(event: Event) -> dict[str, Any]:
    """What a retraction may still say: codes, countries, sectors, the days. No names, no words."""
    codes: dict[str, Any] = {
        "t": event.type,
        "m": event.mode,
        "x": event.contexts,
        "c": event.cameo,
        "q": event.quad_class,
        "g": event.goldstein,
        "y": event.modality,
        "a": [[p.country, p.sector] for p in event.actors],
        "r": [[p.country, p.sector] for p in event.recipients],
        "l": [event.claimed_by.country, event.claimed_by.sector] if event.claimed_by else None,
        "d": [event.date["from"], event.date["to"], event.date["resolution"]] if event.date else None,
        "p": event.place.country if event.place else None,
        "f": event.confidence,
        "v": event.coder,
    }
    return {name: value for name, value in codes.items() if value not in (None, [])}


RetractionReason = Literal["killed", "withheld", "corrected", "recoded"]


@dataclass(slots=True, frozen=True)
class Source:
    """The article that a retracted event was read from."""

    article_id: str
    version: int
    provider: str
    language: str | None
    published_at: datetime | None


def retracted_event(mark: EventMark, source: Source, revision: int, reason: RetractionReason) -> Event:
    """The event as a record that no longer stands: ids, codes, countries, sectors and days stay, every name and text goes."""
    codes = mark.codes
    date: EventDate | None = None
    if "d" in codes:
        first, last, resolution = codes["d"]
        date = {"from": first, "to": last, "text": "", "start": 0, "end": 0, "resolution": resolution}
    return Event(
        id=mark.id,
        revision=revision,
        article_id=source.article_id,
        article_version=source.version,
        provider=source.provider,
        language=source.language,
        published_at=source.published_at,
        url=None,
        type=codes["t"],
        mode=codes.get("m"),
        contexts=codes.get("x", []),
        cameo=codes["c"],
        quad_class=codes["q"],
        goldstein=codes["g"],
        modality=codes["y"],
        actors=[_nameless(pair) for pair in codes.get("a", ())],
        recipients=[_nameless(pair) for pair in codes.get("r", ())],
        claimed_by=_nameless(codes["l"]) if "l" in codes else None,
        date=date,
        place=Place("", codes["p"], None, None, None, 0, 0) if "p" in codes else None,
        sentence=Span(0, 0, ""),
        trigger=Span(0, 0, ""),
        confidence=codes["f"],
        coder=codes["v"],
        retracted=True,
        retraction=reason,
    )


def _nameless(pair: list[Any]) -> Participant:
    return Participant(0, 0, "", "", None, pair[0], pair[1], None)


def retracted_article(
    item: RawItem,
    *,
    version: int,
    revision: int,
    supersedes: int | None,
    kind: Literal["killed", "withheld"],
    coder: str,
    received_at: datetime | None = None,
) -> Article:
    """The article record of a kill or withholding: identity, versions, times and the note; everything else is empty."""
    return Article(
        id=item.key,
        provider=item.provider,
        item_id=item.item_id,
        version=version,
        revision=revision,
        supersedes=supersedes,
        status=item.status,
        change=item.change,
        retracted=True,
        retraction=kind,
        embargoed_until=item.embargoed_until,
        published_at=item.published_at,
        updated_at=item.updated_at,
        ed_note=item.ed_note,
        processing=Processing(coder=coder, received_at=received_at),
    )
