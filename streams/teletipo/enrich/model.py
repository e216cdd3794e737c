"""What the stages pass on: a Draft goes in with a wire item and comes out with all that was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Protocol

from spacy.tokens import Doc

from teletipo.errors import InputError
from teletipo.records import Article, Entity, Event, Quote, RawItem, Removed, Sentiment


@dataclass(slots=True)
class Draft:
    """One article on its way through the stages. Every offset is in code points of `text`."""

    item: RawItem
    revision: int = 1
    supersedes: int | None = None
    received_at: datetime | None = None
    time_zone: tzinfo | None = None
    """The provider's zone, from its profile; relative days are counted in it where the dateline names no place."""
    publish_text: bool = True
    """False where the provider's profile forbids passing text on: offsets stay, texts go out empty."""
    headline: str | None = None
    subheadline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    text: str = ""
    """Headline, blank line, cleaned body (contract.md, news.articles)."""
    removed: list[Removed] = field(default_factory=list)
    language: str | None = None
    language_confidence: float | None = None
    doc: Doc | None = None
    """The annotated text (`doc.text == text`), or None where no pipeline reads the language."""
    pipeline: str | None = None
    """Name and version of the pipeline that made `doc`."""
    entities: list[Entity] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    sentiment: Sentiment | None = None
    skipped: dict[str, str] = field(default_factory=dict)
    """Stages that did not run, and why."""

    @property
    def body_start(self) -> int:
        """Offset of the first character of the body in `text`; 0 without a headline."""
        return len(self.headline) + 2 if self.headline and self.text.startswith(self.headline + "\n\n") else 0


class Stage(Protocol):
    """One step of enrichment. It fills its own fields of each draft and changes no others."""

    name: str

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Work on all drafts of a unit; a stage that has nothing to say of a draft leaves it as it is."""


@dataclass(slots=True)
class Enriched:
    """The records of one item version, ready to deliver."""

    article: Article
    events: list[Event]


@dataclass(slots=True)
class Failed:
    """Why an item could not be enriched; becomes its dead letter."""

    item: RawItem
    error: InputError
