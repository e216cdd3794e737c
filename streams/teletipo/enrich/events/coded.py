"""What the coder makes of an article: coded events before they become records, and all that was considered."""

from __future__ import annotations

from dataclasses import dataclass, field

from teletipo.enrich.events.date_grammar import DateMatch
from teletipo.enrich.events.matching import Match, Misfit, Rejected
from teletipo.enrich.events.modality import Status
from teletipo.enrich.events.participants import Side
from teletipo.enrich.events.view import View
from teletipo.records import Place


@dataclass(slots=True)
class Coded:
    """One event before it becomes a record, with what it was made of."""

    match: Match
    type: str
    mode: str | None
    cameo: str
    status: Status
    actors: list[Side]
    recipients: list[Side]
    claimed_by: Side | None
    days: DateMatch | None
    place: Place | None
    trigger: tuple[int, int]
    contexts: list[str]
    features: dict[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    also: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Trace:
    """Everything the coder considered in an article, for `teletipo explain` and for training."""

    coded: list[Coded] = field(default_factory=list)
    dropped: list[tuple[Match, str]] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)
    skipped: int = 0
    view: View | None = None

    @property
    def rejected(self) -> list[Rejected]:
        """The entries that did not fit."""
        return [Rejected(*row) for row in self.misfits]
