"""The table of the version algebra: `decide` is one step, `fold` the net effect of a batch.

Pure: no Kafka, no clock, no network. Order of two records of a key is (version, `updated_at` else `published_at`, position in
the topic); where one of them has no time the position decides. The kill mark and a withholding are looked at first, then the
embargo, then an empty body.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal

import orjson

from teletipo.lifecycle.actions import (
    Action,
    Arrival,
    Decision,
    DropHeld,
    Forward,
    Hold,
    Noted,
    ReleaseDue,
    Retract,
    Upsert,
    Verdict,
)
from teletipo.lifecycle.state import Held, KeyState, Order, Shown
from teletipo.records import RawItem, Related, item_key
from teletipo.records.codec import format_time

_SPACE = re.compile(r"\s+")
_CONTENT = tuple(f.name for f in fields(RawItem) if f.name not in ("origin", "updated_at"))


def _normalised(value: Any) -> Any:
    return _SPACE.sub(" ", value).strip() if isinstance(value, str) else value


def content_digest(item: RawItem) -> str:
    """Digest of every field but `origin` and `updated_at`, white space normalised (wires README, "Content")."""
    content = [_normalised(getattr(item, name)) for name in _CONTENT]
    return hashlib.blake2b(orjson.dumps(content, option=orjson.OPT_UTC_Z), digest_size=12).hexdigest()


def decide(state: KeyState, arrival: Arrival, now: datetime) -> Decision:
    """One step of the algebra. A record at or before the state's position was applied already and changes nothing."""
    if isinstance(arrival, ReleaseDue):
        return _release(state, arrival, now)
    if arrival.position <= state.position:
        return Decision(state)
    item = arrival.item
    version = item.version
    order = Order(_assumed_version(state, item), item.updated_at or item.published_at, arrival.position)
    seen = replace(state, position=arrival.position, touched=now)
    if version is not None:
        seen = replace(seen, highest=max(version, state.highest or 0))
    step = _Step(seen, item, order, content_digest(item))
    if item.status == "canceled":
        decision = step.kill()
    elif item.status == "withheld":
        by_reader = item.origin is not None and item.origin.reason is not None
        decision = step.hold_unreadable() if by_reader else step.withhold()
    else:
        decision = step.usable(now)
    return Decision(decision.state, (*decision.actions, *derived_kills(item)))


def _assumed_version(state: KeyState, item: RawItem) -> int:
    """Without a version a kill or withholding means every version so far."""
    return item.version if item.version is not None else (state.highest or 0)


def derived_kills(item: RawItem) -> list[Forward]:
    """The kills of other items that this one names."""
    return [Forward(_derived_kill(item, link)) for link in item.related if link.relation == "kills"]


def _derived_kill(item: RawItem, link: Related) -> RawItem:
    """`ref` is an item key if it begins with this item's provider, else an item_id of the same provider."""
    item_id = link.ref.removeprefix(item.provider + ":")
    return RawItem(
        provider=item.provider,
        item_id=item_id,
        status="canceled",
        updated_at=item.updated_at or item.published_at,
        ed_note=f"killed by {item_key(item.provider, item.item_id)}",
    )


@dataclass(slots=True)
class _Step:
    """The rows of the specification's table for one arriving record."""

    state: KeyState
    item: RawItem
    order: Order
    digest: str

    def noted(self, verdict: Verdict, reason: str, warning: bool = False) -> Noted:
        return Noted(verdict, reason, self.item.version, self.order.time, self.order.position, self.digest, warning)

    def only_noted(self, verdict: Verdict, reason: str, warning: bool = False) -> Decision:
        return Decision(self.state, (self.noted(verdict, reason, warning),))

    # canceled

    def kill(self) -> Decision:
        mark = max(self.order.version, self.state.kill_mark or 0)
        dropped = [h for h in self.state.held if h.order.version <= self.order.version or self.item.version is None]
        state = replace(self.state, kill_mark=mark, held=tuple(h for h in self.state.held if h not in dropped))
        drops = [DropHeld(h.order.version) for h in dropped]
        shown = self.state.shown
        if shown and (self.item.version is None or shown.order.version <= self.order.version):
            retract = self._retract("killed", self.order.version, shown)
            state = replace(state, shown=None, revision=retract.revision)
            return Decision(state, (retract, *drops, self.noted("killed", f"kill of version {shown.order.version}")))
        if dropped:
            return Decision(state, (*drops, self.noted("killed", "kill of what was held")))
        if shown:
            reason = f"kill of version {self.order.version}, but {shown.order.version} is shown: kill mark only"
            return Decision(state, (self.noted("kill_mark", reason),))
        return Decision(state, (self.noted("kill_unmatched", "nothing shown or held: kill mark set", warning=True),))

    def _retract(self, kind: Literal["killed", "withheld"], version: int, shown: Shown) -> Retract:
        return Retract(self.item, kind, version, self.state.revision + 1, shown.order.version, shown)

    # withheld

    def withhold(self) -> Decision:
        shown, version = self.state.shown, self.order.version
        every = self.item.version is None
        if self._killed():
            return self.only_noted("suppressed", f"at or below the kill mark {self.state.kill_mark}")
        if shown and not every and version < shown.order.version:
            return self.only_noted("older", f"withholds version {version}, but {shown.order.version} is shown")
        dropped = [h for h in self.state.held if every or h.order.version <= version]
        state = replace(self.state, held=tuple(h for h in self.state.held if h not in dropped))
        if state.withheld is None or self.order.later_than(state.withheld):
            state = replace(state, withheld=self.order)
        drops = [DropHeld(h.order.version) for h in dropped]
        if not shown:
            return Decision(state, (*drops, self.noted("withheld", "nothing was shown")))
        retract = self._retract("withheld", version, shown)
        state = replace(state, shown=None, revision=retract.revision)
        return Decision(state, (retract, *drops, self.noted("withheld", f"withheld by the wire: {shown.order.version}")))

    def hold_unreadable(self) -> Decision:
        if self._killed():
            return self.only_noted("suppressed", f"at or below the kill mark {self.state.kill_mark}")
        reason = (self.item.origin.reason if self.item.origin else None) or "unreadable status or embargo"
        return self._hold(None, f"held without a release time: {reason}", warning=True)

    # usable

    def usable(self, now: datetime) -> Decision:
        if self._killed():
            return self.only_noted("suppressed", f"at or below the kill mark {self.state.kill_mark}")
        barrier = self.state.withheld
        if barrier and not self.order.later_than(barrier):
            return self.only_noted("suppressed", f"withheld by the wire since version {barrier.version}")
        if self.item.embargoed_until and self.item.embargoed_until > now:
            return self._embargoed(self.item.embargoed_until)
        shown = self.state.shown
        if shown and shown.has_body and not (self.item.body or "").strip():
            return self.only_noted("no_body", f"no body; version {shown.order.version} with a body is shown", warning=True)
        return self._upsert_or_note()

    def _killed(self) -> bool:
        return self.state.kill_mark is not None and self.order.version <= self.state.kill_mark

    def _embargoed(self, due: datetime) -> Decision:
        shown = self.state.shown
        if shown and shown.order.version == self.order.version:
            return self.only_noted("already_out", f"embargo until {format_time(due)}, but this version is out", warning=True)
        if shown and shown.order.version > self.order.version:
            return self.only_noted("older", f"version {shown.order.version} is shown")
        return self._hold(due, f"embargo until {format_time(due)}")

    def _hold(self, due: datetime | None, reason: str, warning: bool = False) -> Decision:
        waiting = self._held_twin()
        if waiting and not self.order.later_than(waiting.order):
            return self.only_noted("older", "the held copy of this version is later")
        others = tuple(h for h in self.state.held if h is not waiting)
        state = replace(self.state, held=(*others, Held(self.order, self.digest, due)))
        verdict: Verdict = "moved" if waiting else "held"
        return Decision(state, (Hold(self.item, self.order, due), self.noted(verdict, reason, warning)))

    def _held_twin(self) -> Held | None:
        return next((h for h in self.state.held if h.order.version == self.order.version), None)

    def _upsert_or_note(self) -> Decision:
        shown = self.state.shown
        waiting = self._held_twin()
        if waiting and not self.order.later_than(waiting.order):
            return self.only_noted("older", "a held copy of this version is later")
        if shown and self.order.version < shown.order.version:
            return self.only_noted("older", f"version {shown.order.version} is shown")
        if shown and self.order.version == shown.order.version:
            if self.digest == shown.digest:
                return self._repeat(shown)
            if not self.order.later_than(shown.order):
                return self.only_noted("older", "same version, other content, but earlier", warning=True)
        tie = bool(shown and self.order.ties_with(shown.order))
        reason = "same version and time: the position decides" if tie else "new" if shown is None else "later"
        return _show(self.state, self.item, self.order, self.digest, self.noted("shown", reason, warning=tie))

    def _repeat(self, shown: Shown) -> Decision:
        if self.order.later_than(shown.order):
            self.state = replace(self.state, shown=replace(shown, order=self.order))
        return self.only_noted("repeat", "same version, same content")


def _show(state: KeyState, item: RawItem, order: Order, digest: str, noted: Noted) -> Decision:
    """Show `item`; held copies that it makes pointless go (its own version, and earlier ones without a release time)."""
    old = state.shown
    gone = [h for h in state.held if h.order.version == order.version or (h.due is None and order.later_than(h.order))]
    revision = state.revision + 1
    shown = Shown(
        order,
        digest,
        has_body=bool((item.body or "").strip()),
        published_at=item.published_at,
        events=old.events if old else (),
    )
    state = replace(state, shown=shown, revision=revision, withheld=None, held=tuple(h for h in state.held if h not in gone))
    upsert = Upsert(item, order, revision, supersedes=old.order.version if old else None)
    return Decision(state, (upsert, *(DropHeld(h.order.version) for h in gone), noted))


def _release(state: KeyState, due: ReleaseDue, now: datetime) -> Decision:
    held = next((h for h in state.held if h.order == due.order), None)
    if held is None or held.due is None or held.due > now:
        return Decision(state)
    order = held.order
    note = Noted("released", "embargo ended", order.version, order.time, order.position, held.digest)
    if state.shown and not order.later_than(state.shown.order):
        state = replace(state, held=tuple(h for h in state.held if h is not held), touched=now)
        outdated = replace(note, verdict="outdated", reason=f"version {state.shown.order.version if state.shown else 0} is shown")
        return Decision(state, (DropHeld(order.version), outdated))
    return _show(replace(state, touched=now), due.item, order, held.digest, note)


def fold(state: KeyState, arrivals: Iterable[Arrival], now: datetime) -> Decision:
    """Decide all arrivals of one batch for one key and keep their net effect.

    At most one Upsert or Retract remains, with revision + 1, against what was shown before the batch; what it replaced
    within the batch is noted as such.
    """
    before = state
    upsert: Upsert | None = None
    retract: Retract | None = None
    rest: list[Action] = []
    for arrival in arrivals:
        decision = decide(state, arrival, now)
        state = decision.state
        for action in decision.actions:
            if isinstance(action, Upsert):
                if upsert:
                    rest.append(_replaced(upsert))
                upsert, retract = action, None
            elif isinstance(action, Retract):
                if upsert:
                    rest.append(_replaced(upsert))
                upsert, retract = None, action
            else:
                rest.append(action)
    if upsert is None and retract is None:
        return Decision(state, tuple(rest))
    return _net(before, state, upsert, retract, rest)


def _replaced(upsert: Upsert) -> Noted:
    order = upsert.order
    digest = content_digest(upsert.item)
    return Noted("replaced", "replaced within its batch", order.version, order.time, order.position, digest)


def _net(before: KeyState, after: KeyState, upsert: Upsert | None, retract: Retract | None, rest: list[Action]) -> Decision:
    revision = before.revision + 1
    old = before.shown
    events = old.events if old else ()
    if upsert is not None:
        assert after.shown is not None
        shown = replace(after.shown, events=events)
        net: Action = replace(upsert, revision=revision, supersedes=old.order.version if old else None)
        return Decision(replace(after, shown=shown, revision=revision), (net, *rest))
    assert retract is not None
    if old is None:
        return Decision(replace(after, revision=before.revision), tuple(rest))
    net = replace(retract, revision=revision, supersedes=old.order.version, shown=old)
    return Decision(replace(after, revision=revision), (net, *rest))


def failed(before: KeyState, after: KeyState) -> KeyState:
    """The state when the item to be shown became a dead letter: what was shown stays, the position still moves on."""
    return replace(after, shown=before.shown, revision=before.revision)
