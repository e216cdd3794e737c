"""The record contract, version 1: what travels on the topics.

Outgoing records are slotted dataclasses that orjson serialises as they are; pydantic reads and validates them at the borders
(`TypeAdapter`), and makes the JSON Schemas in `schemas/v1/` from them.
"""

from teletipo.records.article import (
    Article,
    Cue,
    Entity,
    Evidence,
    Mention,
    Processing,
    Quote,
    Removed,
    Sentiment,
    Speaker,
)
from teletipo.records.codec import dumps, format_time, loads, parse_time
from teletipo.records.event import Event, EventDate, Participant, Place, Span
from teletipo.records.raw import Origin, ParsedItem, RawItem, Related, Subject, item_key, parse_raw

__all__ = [
    "Article",
    "Cue",
    "Entity",
    "Event",
    "EventDate",
    "Evidence",
    "Mention",
    "Origin",
    "ParsedItem",
    "Participant",
    "Place",
    "Processing",
    "Quote",
    "RawItem",
    "Related",
    "Removed",
    "Sentiment",
    "Span",
    "Speaker",
    "Subject",
    "dumps",
    "format_time",
    "item_key",
    "loads",
    "parse_raw",
    "parse_time",
]
