"""From a batch of one partition's inputs to what has to be done, and from that to records. Pure: no Kafka, no clock.

An input is read, grouped with the others of its key, and decided. What a batch itself replaces or kills is never enriched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from teletipo.broker.topics import RAW, partition_of
from teletipo.errors import InputError, InvalidRecord, UnknownSchema
from teletipo.lifecycle import (
    Arrival,
    Arrived,
    Decision,
    DropHeld,
    Forward,
    Hold,
    KeyState,
    Noted,
    Packed,
    Retract,
    Upsert,
    content_digest,
    derived_kills,
    failed,
    fold,
    reconcile,
)
from teletipo.lifecycle.reconcile import RetractionReason
from teletipo.records import ParsedItem, RawItem, parse_raw
from teletipo.records.schema import MAJOR
from teletipo.worker.outgoing import (
    Input,
    Outgoing,
    dead_letter,
    held_record,
    history_record,
    published,
    retracted,
    state_record,
    trace_of,
)
from teletipo.worker.units import Failure, Job, Result

REKEYED = "teletipo-rekeyed"
RECODE = "teletipo-recode"
"""Header of a copy of the shown version, sent by `teletipo recode` to be coded anew."""
_SCHEMA = re.compile(r"urn:teletipo:schema:raw:(\d{1,9})$")


@dataclass(slots=True, frozen=True)
class Raw:
    """One input as Kafka delivers it."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: float = 0.0
    """Seconds since 1970 when it was appended or created."""

    def header(self, name: str) -> bytes | None:
        """The value of the first header of this name."""
        return next((value for header, value in self.headers if header == name), None)


@dataclass(slots=True, frozen=True)
class Read:
    """An input as understood. One of: an item (perhaps with a `fault`: an obeyed malformed kill), a fault alone, misplaced."""

    raw: Raw
    parsed: ParsedItem | None = None
    fault: InputError | None = None
    misplaced: bool = False

    @property
    def decides(self) -> bool:
        """True if it says something of the item under whose key it stands."""
        return self.parsed is not None and not self.misplaced

    @property
    def kills(self) -> bool:
        """True if it takes its item back, should that be shown."""
        return self.parsed is not None and not self.misplaced and self.parsed.item.status != "usable"

    @property
    def concerns(self) -> list[str]:
        """Keys of the items that it decides on: the one under whose key it stands, and those that it says it kills."""
        if self.parsed is None or self.misplaced:
            return []
        return [self.parsed.item.key, *(kill.item.key for kill in derived_kills(self.parsed.item))]

    @property
    def item_key(self) -> str:
        """The key of the item; empty if the input could not be read."""
        return self.parsed.item.key if self.parsed else ""


def read(raw: Raw, partitions: int) -> Read:
    """Understand one input. Nothing in it makes this raise."""
    try:
        schema = _SCHEMA.match((raw.header("ce_dataschema") or b"").decode("ascii", "replace"))
        if schema and int(schema[1]) > MAJOR:
            raise UnknownSchema(f"written for version {schema[1]} of the contract; this release reads {MAJOR}")
        parsed = parse_raw(raw.value)
        key = parsed.item.key.encode()
    except InputError as fault:
        return Read(raw, fault=fault)
    except UnicodeEncodeError:
        return Read(raw, fault=InvalidRecord("provider or item_id: holds a lone surrogate"))
    if raw.key == key and raw.partition == partition_of(key, partitions):
        return Read(raw, parsed, parsed.fault)
    if raw.header(REKEYED) is not None:
        return Read(raw, fault=InvalidRecord("on the wrong partition or under a wrong key, though it was sent on once"))
    return Read(raw, parsed, misplaced=True)


@dataclass(slots=True)
class Step:
    """The net effect of a batch, or of a release, on one key."""

    key: str
    before: KeyState
    decision: Decision
    inputs: list[Read] = field(default_factory=list)
    received: datetime | None = None
    reason: RetractionReason = "corrected"
    result: Result | None = None
    upsert: Upsert | None = None
    retract: Retract | None = None

    def __post_init__(self) -> None:
        for action in self.decision.actions:
            if isinstance(action, Upsert):
                self.upsert = action
            elif isinstance(action, Retract):
                self.retract = action

    @property
    def idle(self) -> bool:
        """True if a redelivery changed nothing."""
        return self.decision.state is self.before and not self.decision.actions

    @property
    def forwards(self) -> list[RawItem]:
        """Kills of other items that this one names."""
        return [action.item for action in self.decision.actions if isinstance(action, Forward)]

    def job(self) -> Job | None:
        """What has to be enriched for it."""
        if self.upsert is None or self.received is None:
            return None
        return Job(self.upsert.item, self.upsert.revision, self.upsert.supersedes, self.received)


def decide_key(key: str, before: KeyState, inputs: list[Read], now: datetime) -> Step:
    """Fold all inputs of one key in a batch into one step."""
    arrivals = [Arrived(one.parsed.item, one.raw.offset) for one in inputs if one.parsed]
    decision = fold(before, arrivals, now)
    fresh = [one for one in inputs if one.raw.offset > before.position]
    return Step(key, before, decision, fresh, now)


def decide_recode(key: str, before: KeyState, one: Read, now: datetime) -> Step:
    """The step of a shown version that is coded again. A copy of anything else than what is shown changes nothing."""
    assert one.parsed is not None
    shown, item, offset = before.shown, one.parsed.item, one.raw.offset
    if offset <= before.position or shown is None or shown.order.version != item.version or shown.digest != content_digest(item):
        return Step(key, before, Decision(before))
    order = shown.order
    state = replace(before, revision=before.revision + 1, position=offset, touched=now)
    note = Noted("recoded", "coded again", order.version, order.time, offset, shown.digest)
    upsert = Upsert(item, replace(order, position=offset), state.revision, None)
    return Step(key, before, Decision(state, (upsert, note)), [one], now, "recoded")


def decide_release(key: str, before: KeyState, due: Sequence[Arrival], now: datetime) -> Step:
    """The step of embargoes that have ended."""
    return Step(key, before, fold(before, due, now), [], now)


@dataclass(slots=True, frozen=True)
class Context:
    """What the records of a step need to know of its surroundings. `held_items` reads the stored versions of a key."""

    raw_topic: str
    partition: int
    now: datetime
    held_items: Callable[[str], dict[int, RawItem]]


@dataclass(slots=True)
class Records:
    """The records of one step, and the state of its key after it."""

    outgoing: list[Outgoing]
    state: KeyState
    noted: list[Noted]
    failure: Failure | None = None


def records_of(step: Step, context: Context) -> Records:
    """All records of a step, in the order of the contract: outputs, dead letters, held items, history, state."""
    outgoing: list[Outgoing] = []
    state = step.decision.state
    failure = step.result if isinstance(step.result, Failure) else None
    noted = [action for action in step.decision.actions if isinstance(action, Noted)]
    trace = trace_of(header for one in step.inputs for header in one.raw.headers)
    if failure and step.upsert:
        state = failed(step.before, state)
        noted = [_as_failed(note, step.upsert.order.position, failure) for note in noted]
    elif step.reason == "recoded" and not _differs(step):
        # Coded again to the same events: nothing leaves, the revision is not used up.
        state = replace(state, revision=step.before.revision)
        noted = []
    elif failure:
        state = _without_new_holds(step.before, state)
        noted = [_as_failed(note, None, failure) for note in noted]
    elif step.upsert:
        assert isinstance(step.result, Packed)
        assert state.shown is not None
        packed = step.result
        outgoing += published(step.key, step.upsert, packed, step.before, trace, step.reason)
        state = replace(state, shown=replace(state.shown, events=tuple(e.mark for e in packed.events), language=packed.language))
    elif step.retract:
        outgoing += retracted(step.key, step.retract, step.before, step.received or context.now, trace)
    outgoing += _dead_letters(step, failure, context)
    outgoing += _held(step, state, context)
    revision = state.revision if step.upsert or step.retract else None
    origins = {one.raw.offset: one.parsed.item.origin for one in step.inputs if one.parsed}
    outgoing += [
        history_record(step.key, note, context.partition, context.now, revision, origins.get(note.position)) for note in noted
    ]
    outgoing.append(state_record(step.key, state))
    return Records([replace(record, cause=step) for record in outgoing], state, noted, failure)


def _differs(step: Step) -> bool:
    assert isinstance(step.result, Packed)
    compared = reconcile(step.before.shown.events if step.before.shown else (), step.result.events)
    return bool(compared.send or compared.gone)


def _without_new_holds(before: KeyState, after: KeyState) -> KeyState:
    """The state when what was to be held is too large for its topic: earlier copies stay as they were."""
    kept = {held.order.version for held in after.held}
    return replace(after, held=tuple(held for held in before.held if held.order.version in kept))


def _as_failed(note: Noted, position: int | None, failure: Failure) -> Noted:
    concerned = note.verdict in ("held", "moved") if position is None else note.position == position
    if not concerned or note.verdict not in ("shown", "released", "recoded", "held", "moved"):
        return note
    return replace(note, verdict="failed", reason=f"{failure.type}: {failure.message}"[:300], warning=True)


def _dead_letters(step: Step, failure: Failure | None, context: Context) -> Iterable[Outgoing]:
    positions = _failed_positions(step) if failure else set()
    for one in step.inputs:
        if one.fault is not None:
            yield letter(one.raw, context.raw_topic, one.fault)
        elif failure and one.raw.offset in positions:
            source = Input(context.raw_topic, one.raw.partition, one.raw.offset)
            fault = (failure.stage, failure.type, failure.message)
            yield dead_letter(source, one.raw.key, one.raw.value, one.raw.headers, fault)
    if failure and step.upsert and not any(one.raw.offset == step.upsert.order.position for one in step.inputs):
        yield _letter_of_held(step, step.upsert, failure, context)


def _failed_positions(step: Step) -> set[int]:
    if step.upsert:
        return {step.upsert.order.position}
    return {action.order.position for action in step.decision.actions if isinstance(action, Hold)}


def _letter_of_held(step: Step, upsert: Upsert, failure: Failure, context: Context) -> Outgoing:
    """A released item that could not be enriched: its input is long gone by, so the letter holds it as it was stored."""
    value = held_record(step.key, {upsert.order.version: upsert.item}).value
    source = Input(context.raw_topic, context.partition, upsert.order.position)
    return dead_letter(source, step.key.encode(), _only(value), [], (failure.stage, failure.type, failure.message))


def _only(value: bytes | None) -> bytes | None:
    """The one item of a held record."""
    return None if value is None else value[value.index(b":") + 1 : -1]


def _held(step: Step, state: KeyState, context: Context) -> Iterable[Outgoing]:
    changes = [action for action in step.decision.actions if isinstance(action, Hold | DropHeld)]
    if not changes:
        return
    waiting = {held.order for held in state.held}
    items = context.held_items(step.key)
    for change in changes:
        if isinstance(change, Hold) and change.order in waiting:
            items[change.order.version] = change.item
    versions = {order.version for order in waiting}
    yield held_record(step.key, {version: item for version, item in items.items() if version in versions})


def letter(raw: Raw, raw_topic: str, fault: InputError) -> Outgoing:
    """The dead letter of an input that could not be read."""
    source = Input(raw_topic, raw.partition, raw.offset)
    return dead_letter(source, raw.key, raw.value, raw.headers, (fault.stage, type(fault).__name__, str(fault)))


def rekeyed(one: Read) -> Outgoing:
    """A misplaced input as it is sent on, to the partition of its right key."""
    assert one.parsed is not None
    headers = [(name, value or b"") for name, value in one.raw.headers]
    return Outgoing(RAW, one.parsed.item.key.encode(), one.raw.value, [*headers, (REKEYED, b"1")])
