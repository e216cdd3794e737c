"""`news.events`: one normalized event.

Codes are PLOVER 2021 (manual draft 2.0) and CAMEO 1.1b3; offsets refer to `Article.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
Modality = Literal["asserted", "planned", "hypothetical", "denied"]
Sector = Literal[
    "GOV", "MIL", "REB", "OPP", "PTY", "COP", "JUD", "LEG", "SPY", "JRN", "MED", "EDU", "BUS",
    "CRM", "CVL", "UAF", "IGO", "NGO", "LAB", "REL", "REF", "ELI", "SOC", "PRM", "UNK",
]  # fmt: skip


@dataclass(slots=True)
class Span:
    """A half-open range of code points and the text there; on a retracted event empty (0, 0, "")."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Participant:
    """One actor or recipient. `country` is ISO 3166-1 alpha-3, also for a state named by capital, demonym or government."""

    start: int
    end: int
    text: str
    name: str
    entity: str | None = None
    country: str | None = None
    sector: Sector | None = None
    wikidata: str | None = None


EventDate = TypedDict(
    "EventDate",
    {
        "from": str,
        "to": str,
        "text": str,
        "start": int,
        "end": int,
        "resolution": Literal["day", "week", "month", "year", "range"],
    },
)
"""The day or days of the event: `from` and `to` are inclusive ISO days, `start`, `end` the offsets of `text`."""


@dataclass(slots=True)
class Place:
    """Where it happened, as the sentence or the one before says."""

    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    geonames_id: int | None
    start: int
    end: int


@dataclass(slots=True)
class Event:
    """One act: who did what to whom, where and when. `also` holds other wordings of the same act in the article."""

    id: str
    revision: int
    article_id: str
    article_version: int
    provider: str
    language: str | None
    published_at: datetime | None
    url: str | None
    type: EventType
    mode: str | None
    contexts: list[str]
    cameo: str
    quad_class: Annotated[int, Field(ge=1, le=4)]
    goldstein: Annotated[float, Field(ge=-10, le=10)]
    modality: Modality
    actors: list[Participant]
    recipients: list[Participant]
    claimed_by: Participant | None
    date: EventDate | None
    place: Place | None
    sentence: Span
    trigger: Span
    confidence: Annotated[float, Field(ge=0, le=1)]
    coder: str
    retracted: bool = False
    retraction: Literal["killed", "withheld", "corrected", "recoded"] | None = None
    also: list[Span] = field(default_factory=list)
