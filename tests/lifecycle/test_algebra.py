"""One test per row of the version algebra, then its laws."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from teletipo.errors import NotJSON
from teletipo.lifecycle import (
    Arrival,
    Arrived,
    DropHeld,
    EventMark,
    Forward,
    Hold,
    KeyState,
    Noted,
    ReleaseDue,
    Retract,
    Upsert,
    content_digest,
    decide,
    failed,
    fold,
    state_from_bytes,
    state_to_bytes,
)
from teletipo.records import Origin, RawItem, Related

NOW = datetime(2025, 3, 12, 12, tzinfo=UTC)


def item(version: int | None = 1, minute: int = 0, body: str | None = "cuerpo", **more: Any) -> RawItem:
    fields = {"provider": "efe", "item_id": "a1", "version": version, "body": body}
    return RawItem(**{**fields, "updated_at": NOW + timedelta(minutes=minute - 600), **more})


def kill(version: int | None = 1, minute: int = 0, **more: Any) -> RawItem:
    return item(version, minute, body=None, status="canceled", **more)


def withheld(version: int | None = 1, minute: int = 0, reason: str | None = None) -> RawItem:
    origin = Origin("ninjs", None, reason) if reason else None
    return item(version, minute, body=None, status="withheld", origin=origin)


class Desk:
    """Feeds records to `decide` one after the other, at rising positions."""

    def __init__(self) -> None:
        self.state = KeyState()
        self.position = 0
        self.now = NOW
        self.actions: tuple[Any, ...] = ()

    def gets(self, raw: RawItem) -> Desk:
        decision = decide(self.state, Arrived(raw, self.position), self.now)
        self.position += 1
        self.state, self.actions = decision.state, decision.actions
        return self

    def releases(self, raw: RawItem) -> Desk:
        held = next(h for h in self.state.held if h.order.version == raw.version)
        decision = decide(self.state, ReleaseDue(raw, held.order), self.now)
        self.state, self.actions = decision.state, decision.actions
        return self

    @property
    def verdict(self) -> str:
        return next(a.verdict for a in self.actions if isinstance(a, Noted))

    @property
    def warned(self) -> bool:
        return any(a.warning for a in self.actions if isinstance(a, Noted))

    def action(self, kind: type) -> Any:
        return next((a for a in self.actions if isinstance(a, kind)), None)

    @property
    def shows(self) -> int | None:
        return self.state.shown.order.version if self.state.shown else None


def embargoed(version: int = 2, hours: float = 1, minute: int = 0, **more: Any) -> RawItem:
    return item(version, minute, embargoed_until=NOW + timedelta(hours=hours), **more)


def test_a_first_usable_version_is_shown() -> None:
    desk = Desk().gets(item(0))
    assert (desk.shows, desk.action(Upsert).revision, desk.action(Upsert).supersedes) == (0, 1, None)


def test_a_higher_version_supersedes_the_shown_one() -> None:
    desk = Desk().gets(item(1)).gets(item(3))
    assert (desk.shows, desk.action(Upsert).revision, desk.action(Upsert).supersedes) == (3, 2, 1)


def test_the_same_version_with_the_same_content_is_a_repeat() -> None:
    desk = Desk().gets(item(1)).gets(item(1, minute=5))
    assert desk.verdict == "repeat"
    assert desk.action(Upsert) is None


def test_a_later_repeat_takes_over_its_time_so_that_an_earlier_correction_stays_out() -> None:
    desk = Desk().gets(item(1)).gets(item(1, minute=5)).gets(item(1, minute=3, body="otro"))
    assert desk.verdict == "older"
    assert desk.warned


def test_the_same_version_with_other_content_is_shown_if_later() -> None:
    desk = Desk().gets(item(1)).gets(item(1, minute=1, body="corregido"))
    assert desk.action(Upsert).supersedes == 1


def test_the_same_version_and_time_with_other_content_is_decided_by_position_with_a_warning() -> None:
    desk = Desk().gets(item(1)).gets(item(1, body="corregido"))
    assert desk.action(Upsert)
    assert desk.warned


def test_a_lower_version_is_history_only() -> None:
    desk = Desk().gets(item(5)).gets(item(4, minute=9))
    assert (desk.verdict, desk.shows) == ("older", 5)


def test_versions_are_compared_as_integers() -> None:
    assert Desk().gets(item(978556838)).gets(item(1542761538)).shows == 1542761538


def test_a_future_embargo_holds_and_what_is_shown_stays() -> None:
    desk = Desk().gets(item(1)).gets(embargoed(2))
    assert (desk.verdict, desk.shows) == ("held", 1)
    assert desk.action(Hold).due == NOW + timedelta(hours=1)


def test_the_shown_version_again_with_a_future_embargo_is_out_already() -> None:
    desk = Desk().gets(item(1)).gets(embargoed(1, minute=5))
    assert (desk.verdict, desk.warned, desk.shows) == ("already_out", True, 1)


def test_a_held_version_with_another_embargo_moves() -> None:
    desk = Desk().gets(embargoed(2)).gets(embargoed(2, hours=3, minute=1))
    assert desk.verdict == "moved"
    assert [h.due for h in desk.state.held] == [NOW + timedelta(hours=3)]


def test_a_held_version_without_embargo_is_released_now() -> None:
    desk = Desk().gets(embargoed(2)).gets(item(2, minute=1))
    assert (desk.shows, desk.state.held, desk.action(DropHeld).version) == (2, (), 2)


def test_an_embargo_in_the_past_is_none() -> None:
    assert Desk().gets(embargoed(2, hours=-1)).shows == 2


def test_release_shows_what_is_later_than_the_shown_version() -> None:
    desk = Desk().gets(item(1)).gets(embargoed(2))
    desk.now = NOW + timedelta(hours=2)
    assert desk.releases(embargoed(2)).verdict == "released"
    assert (desk.shows, desk.action(Upsert).supersedes, desk.state.held) == (2, 1, ())


def test_release_before_its_time_changes_nothing() -> None:
    desk = Desk().gets(embargoed(2)).releases(embargoed(2))
    assert (desk.actions, desk.shows) == ((), None)


def test_release_of_what_is_older_by_then_is_history_only() -> None:
    desk = Desk().gets(embargoed(2)).gets(item(3, minute=1))
    desk.now = NOW + timedelta(hours=2)
    assert desk.releases(embargoed(2)).verdict == "outdated"
    assert desk.shows == 3


def test_a_kill_at_or_above_the_shown_version_retracts() -> None:
    desk = Desk().gets(item(1)).gets(kill(1, minute=1))
    retract = desk.action(Retract)
    assert (retract.kind, retract.version, retract.revision, retract.supersedes) == ("killed", 1, 2, 1)
    assert (desk.shows, desk.state.kill_mark) == (None, 1)


def test_a_kill_without_version_means_every_version_so_far() -> None:
    desk = Desk().gets(item(4)).gets(embargoed(7)).gets(kill(None))
    assert (desk.shows, desk.state.kill_mark, desk.state.held) == (None, 7, ())
    assert desk.gets(item(7, minute=50)).verdict == "suppressed"


def test_a_kill_drops_held_versions_up_to_it() -> None:
    desk = Desk().gets(embargoed(2)).gets(embargoed(4)).gets(kill(3))
    assert [h.order.version for h in desk.state.held] == [4]
    assert desk.verdict == "killed"


def test_a_kill_below_the_shown_version_only_leaves_its_mark() -> None:
    desk = Desk().gets(item(5)).gets(kill(3))
    assert (desk.verdict, desk.shows, desk.state.kill_mark) == ("kill_mark", 5, 3)


def test_a_kill_before_its_original_suppresses_the_late_original() -> None:
    desk = Desk().gets(kill(2))
    assert (desk.verdict, desk.warned) == ("kill_unmatched", True)
    assert desk.gets(item(2, minute=-9)).verdict == "suppressed"


def test_a_usable_version_above_the_kill_mark_is_reinstated() -> None:
    desk = Desk().gets(item(1)).gets(kill(1)).gets(item(2, minute=3))
    assert (desk.shows, desk.action(Upsert).revision, desk.action(Upsert).supersedes) == (2, 3, None)


def test_a_second_kill_publishes_nothing() -> None:
    assert Desk().gets(item(1)).gets(kill(1)).gets(kill(1, minute=4)).action(Retract) is None


def test_a_withholding_retracts_and_is_lifted_by_a_later_usable_record() -> None:
    desk = Desk().gets(item(1)).gets(withheld(1, minute=1))
    assert (desk.action(Retract).kind, desk.shows) == ("withheld", None)
    assert desk.gets(item(1, minute=0, body="tarde")).verdict == "suppressed"
    assert desk.gets(item(1, minute=2)).shows == 1


def test_a_withholding_below_the_shown_version_is_history_only() -> None:
    assert Desk().gets(item(3)).gets(withheld(2)).shows == 3


def test_a_status_that_our_reader_could_not_read_holds_without_a_time() -> None:
    desk = Desk().gets(item(1)).gets(withheld(2, reason="unknown status 'gesperrt'"))
    assert (desk.shows, desk.warned, desk.state.held[0].due) == (1, True, None)
    assert desk.gets(item(2, minute=3)).state.held == ()


def test_an_empty_body_does_not_replace_one() -> None:
    desk = Desk().gets(item(1)).gets(item(2, body=" "))
    assert (desk.verdict, desk.shows) == ("no_body", 1)


def test_an_empty_body_alone_is_an_article_of_its_headline() -> None:
    assert Desk().gets(item(0, body="", headline="Flash")).gets(item(1, body="ya con texto")).shows == 1


def test_a_kill_that_names_another_item_is_forwarded_to_its_key() -> None:
    links = [Related("kills", "efe:b2"), Related("kills", "urn:x:c3"), Related("see", "d4")]
    desk = Desk().gets(item(1, related=links))
    derived = [a.item for a in desk.actions if isinstance(a, Forward)]
    assert [(d.key, d.status, d.version) for d in derived] == [
        ("efe:b2", "canceled", None),
        ("efe:urn:x:c3", "canceled", None),
    ]


def test_a_redelivered_record_changes_nothing() -> None:
    desk = Desk().gets(item(1))
    assert decide(desk.state, Arrived(item(2), 0), NOW).actions == ()


def test_a_batch_keeps_its_net_effect_with_one_revision() -> None:
    decision = fold(KeyState(), [Arrived(item(v, minute=v), v) for v in (1, 2, 3)], NOW)
    upserts = [a for a in decision.actions if isinstance(a, Upsert)]
    assert [(u.order.version, u.revision, u.supersedes) for u in upserts] == [(3, 1, None)]
    assert [a.version for a in decision.actions if isinstance(a, Noted) and a.verdict == "replaced"] == [1, 2]


def test_what_is_shown_and_killed_within_a_batch_never_appears() -> None:
    decision = fold(KeyState(), [Arrived(item(1), 0), Arrived(kill(1), 1)], NOW)
    assert not [a for a in decision.actions if isinstance(a, Upsert | Retract)]
    assert decision.state.revision == 0


def test_a_failed_item_leaves_what_was_shown() -> None:
    before = Desk().gets(item(1)).state
    after = fold(before, [Arrived(item(2), 1)], NOW).state
    state = failed(before, after)
    assert (state.shown, state.revision, state.position) == (before.shown, 1, 1)


def test_digest_ignores_white_space_and_origin() -> None:
    one = item(1, body="dos  palabras", origin=Origin("nitf"))
    assert content_digest(one) == content_digest(item(1, minute=8, body="dos palabras"))
    assert content_digest(one) != content_digest(item(1, body="dos palabras", urgency=3))


def test_the_state_survives_its_bytes_and_stays_small() -> None:
    desk = Desk().gets(item(1)).gets(embargoed(3)).gets(withheld(2, reason="x")).gets(withheld(0, minute=9))
    assert desk.state.shown
    codes = {"t": "AGREE", "c": "057", "q": 1, "g": 8.0, "a": [["RUS", "GOV"], ["PRK", "GOV"]], "v": "teletipo-events 0.1.0"}
    for events in (0, 1, 8):
        digests = [hashlib.blake2b(str(n).encode()).hexdigest() for n in range(events)]
        marks = tuple(EventMark(digest[:32], digest[32:50], codes | {"f": n / 10}) for n, digest in enumerate(digests))
        state = replace(desk.state, shown=replace(desk.state.shown, events=marks))
        value = state_to_bytes(state)
        assert state_from_bytes(value) == state
        assert len(value) < 1000
    with pytest.raises(NotJSON):
        state_from_bytes(value[:-9])


VERSIONS = st.integers(0, 4)
ARRIVALS = st.lists(
    st.tuples(VERSIONS, st.integers(0, 8), st.sampled_from(["usable", "canceled"]), st.sampled_from("abc")),
    min_size=1,
    max_size=7,
    unique_by=lambda row: (row[0], row[1]),
)


def _build(row: tuple[int, int, str, str]) -> RawItem:
    version, minute, status, body = row
    return item(version, minute, body=body) if status == "usable" else kill(version, minute)


def _final(rows: list[tuple[int, int, str, str]]) -> tuple[int, str] | None:
    desk = Desk()
    for row in rows:
        desk.gets(_build(row))
    return (desk.state.shown.order.version, desk.state.shown.digest) if desk.state.shown else None


@given(ARRIVALS, st.randoms(use_true_random=False), st.data())
@settings(max_examples=300, deadline=None)
def test_any_order_and_repetition_ends_in_the_same_shown_state(rows: Any, random: Any, data: Any) -> None:
    other = rows + data.draw(st.lists(st.sampled_from(rows), max_size=4))
    random.shuffle(other)
    assert _final(rows) == _final(other)


EVERYTHING = st.lists(
    st.one_of(
        st.builds(item, VERSIONS, st.integers(0, 9), st.sampled_from(["a", "b", ""])),
        st.builds(kill, st.none() | VERSIONS, st.integers(0, 9)),
        st.builds(withheld, st.none() | VERSIONS, st.integers(0, 9), st.none() | st.just("odd")),
        st.builds(embargoed, VERSIONS, st.sampled_from([-1, 0.5, 1, 2]), st.integers(0, 9)),
    ),
    max_size=12,
)


def _arrivals(state: KeyState, raw: RawItem, position: int, now: datetime, stored: dict[Any, RawItem]) -> list[Arrival]:
    due = [ReleaseDue(stored[h.order], h.order) for h in state.held if h.due and h.due <= now]
    return [*due, Arrived(raw, position)]


@given(EVERYTHING, st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_laws_of_a_whole_life(raws: list[RawItem], step: int) -> None:
    state, now = KeyState(), NOW
    stored: dict[Any, RawItem] = {}
    revisions = [0]
    for position, raw in enumerate(raws):
        for arrival in _arrivals(state, raw, position, now, stored):
            before = state
            decision = decide(state, arrival, now)
            state = decision.state
            for action in decision.actions:
                if isinstance(action, Hold):
                    stored[action.order] = action.item
                if isinstance(action, Upsert):
                    revisions.append(action.revision)
                    assert not action.item.embargoed_until or action.item.embargoed_until <= now
                    assert before.kill_mark is None or action.order.version > before.kill_mark
                if isinstance(action, Retract):
                    revisions.append(action.revision)
                    assert before.shown
            assert decision.actions == () or any(isinstance(a, Noted) and a.reason for a in decision.actions)
        assert not (state.shown and state.kill_mark is not None and state.shown.order.version <= state.kill_mark)
        assert state_from_bytes(state_to_bytes(state)) == state
        now += timedelta(minutes=step)
    assert all(later == earlier + 1 for earlier, later in pairwise(revisions))
