"""What can happen to an item, and what has to be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from teletipo.lifecycle.state import KeyState, Order, Shown
from teletipo.records import RawItem

Verdict = Literal[
    "shown", "repeat", "older", "replaced", "held", "moved", "released", "outdated", "killed", "kill_mark",
    "kill_unmatched", "withheld", "suppressed", "already_out", "no_body", "failed", "recoded",
]  # fmt: skip


@dataclass(slots=True, frozen=True)
class Arrived:
    """A record of this key at its offset in `news.raw`."""

    item: RawItem
    position: int


@dataclass(slots=True, frozen=True)
class ReleaseDue:
    """The embargo of a held version has ended; `item` is that version as it was stored."""

    item: RawItem
    order: Order


Arrival = Arrived | ReleaseDue


@dataclass(slots=True, frozen=True)
class Upsert:
    """Enrich this item and publish it in place of version `supersedes`."""

    item: RawItem
    order: Order
    revision: int
    supersedes: int | None


@dataclass(slots=True, frozen=True)
class Retract:
    """Take back what is shown: article and all its events, texts emptied."""

    item: RawItem
    kind: Literal["killed", "withheld"]
    version: int
    revision: int
    supersedes: int
    shown: Shown


@dataclass(slots=True, frozen=True)
class Hold:
    """Store this item whole until `due` (None: until a later record decides)."""

    item: RawItem
    order: Order
    due: datetime | None


@dataclass(slots=True, frozen=True)
class DropHeld:
    """The held item of this version is no longer needed."""

    version: int


@dataclass(slots=True, frozen=True)
class Forward:
    """Send this derived kill to `news.raw` under its own key."""

    item: RawItem


@dataclass(slots=True, frozen=True)
class Noted:
    """One line of the item's history: what was decided of a record, and why. `warning` where a person should look."""

    verdict: Verdict
    reason: str
    version: int | None
    time: datetime | None
    position: int
    digest: str
    warning: bool = False


Action = Upsert | Retract | Hold | DropHeld | Forward | Noted


@dataclass(slots=True, frozen=True)
class Decision:
    """The state after a step and what has to be done, in this order."""

    state: KeyState
    actions: tuple[Action, ...] = ()
