"""`news.articles`: the enriched article. Field meanings: docs/records.md; every offset is in code points of `Article.text`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from teletipo.records.raw import Origin, Related, Status, Subject

EntityType = Literal["PER", "ORG", "LOC", "MISC"]
Probability = Annotated[float, Field(ge=0, le=1)]


@dataclass(slots=True)
class Removed:
    """What cleaning took out of the text, and the offset in `text` where it stood."""

    kind: str
    text: str
    at: int


@dataclass(slots=True)
class Evidence:
    """A span that moved a sentiment score; `weight` is its share, negative or positive."""

    start: int
    end: int
    text: str
    weight: float


@dataclass(slots=True)
class Sentiment:
    """Probabilities of the three labels (they add up to 1); `score` = positive - negative, in -1…1."""

    label: Literal["positive", "neutral", "negative"]
    score: Annotated[float, Field(ge=-1, le=1)]
    positive: Probability
    neutral: Probability
    negative: Probability
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class Mention:
    """One occurrence of an entity: the half-open range `start`, `end` in code points, and the text there."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Entity:
    """One thing talked about with all its mentions. `id` is the Wikidata id if known, else `TYPE:folded-name`."""

    id: str
    type: EntityType
    name: str
    wikidata: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    salience: Probability = 0.0
    sentiment: Sentiment = field(default_factory=lambda: Sentiment("neutral", 0.0, 0.0, 1.0, 0.0))
    mentions: list[Mention] = field(default_factory=list)


@dataclass(slots=True)
class Speaker:
    """Who is quoted; `entity` is an Entity's id or None for an unnamed speaker."""

    start: int
    end: int
    text: str
    entity: str | None = None


@dataclass(slots=True)
class Cue:
    """The reporting verb or phrase of a quote."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Quote:
    """Direct or indirect speech; `text` without the quotation marks."""

    start: int
    end: int
    text: str
    direct: bool
    speaker: Speaker | None = None
    cue: Cue | None = None


@dataclass(slots=True)
class Processing:
    """How the record was made: coder and pipeline versions, times of the stages, stages that did not run and why."""

    coder: str
    pipeline: str | None = None
    received_at: datetime | None = None
    enriched_at: datetime | None = None
    milliseconds: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Article:
    """One version of a wire item, enriched. Keyed by `id`; a consumer keeps the highest `revision`."""

    id: str
    provider: str
    item_id: str
    version: int
    revision: int
    supersedes: int | None
    status: Status
    change: str | None
    retracted: bool
    retraction: Literal["killed", "withheld"] | None
    embargoed_until: datetime | None
    published_at: datetime | None
    updated_at: datetime | None
    headline: str | None = None
    subheadline: str | None = None
    slug: str | None = None
    byline: str | None = None
    dateline: str | None = None
    located: str | None = None
    summary: str | None = None
    subjects: list[Subject] = field(default_factory=list)
    urgency: int | None = None
    credit: str | None = None
    usage_terms: str | None = None
    ed_note: str | None = None
    url: str | None = None
    source: str | None = None
    related: list[Related] = field(default_factory=list)
    origin: Origin | None = None
    text: str = ""
    removed: list[Removed] = field(default_factory=list)
    language: str | None = None
    language_confidence: float | None = None
    language_declared: str | None = None
    entities: list[Entity] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    sentiment: Sentiment | None = None
    event_ids: list[str] = field(default_factory=list)
    processing: Processing | None = None
