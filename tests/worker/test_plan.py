"""Reading inputs, folding a batch, and the records that come of it; without Kafka."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from teletipo.broker.topics import partition_of
from teletipo.lifecycle import EventMark, KeyState, Packed, PackedEvent
from teletipo.records import RawItem
from teletipo.records.schema import asyncapi
from teletipo.worker.outgoing import POSITION_KEY, attempts_of, position_in, position_record, trace_of
from teletipo.worker.plan import REKEYED, Context, Raw, Read, Step, decide_key, decide_recode, letter, read, records_of, rekeyed
from teletipo.worker.units import Failure

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARTITIONS = 4
CODES: dict[str, Any] = {"t": "AGREE", "c": "057", "q": 1, "g": 8.0, "y": "asserted", "f": 0.9, "v": "c"}


def raw(record: Any, offset: int = 0, **given: Any) -> Raw:
    """An input under its right key on its right partition, unless told otherwise."""
    key = f"{record['provider']}:{record['item_id']}".encode() if isinstance(record, dict) else b"k"
    value = record if isinstance(record, bytes | None) else orjson.dumps(record)
    values = {"partition": partition_of(key, PARTITIONS), "offset": offset, "key": key, "value": value, "headers": ()} | given
    return Raw(**values)


def item(offset: int = 0, **fields: Any) -> Read:
    """A good input."""
    return read(raw({"provider": "p", "item_id": "1", "body": "Texto."} | fields, offset), PARTITIONS)


def context(held: dict[int, RawItem] | None = None) -> Context:
    """Surroundings of a step."""
    return Context("news.raw", 0, NOW, lambda key: dict(held or {}))


def packed(*ids: str) -> Packed:
    """An enriched version with these events."""
    return Packed(b"{}", tuple(PackedEvent(EventMark(one, "d", CODES), b"{}") for one in ids), "es")


def shown(*ids: str) -> KeyState:
    """The state after version 0 was shown with these events."""
    step = decide_key("p:1", KeyState(), [item(0)], NOW)
    step.result = packed(*ids)
    return records_of(step, context()).state


def topics(records: Any) -> list[str]:
    """Where the records go, in their order."""
    return [record.topic for record in records.outgoing]


def test_a_good_input_is_read() -> None:
    assert item().parsed is not None
    assert item().fault is None


NEWER = (("ce_dataschema", b"urn:teletipo:schema:raw:2"),)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (raw(None), "InvalidRecord"),
        (raw(b"{"), "NotJSON"),
        (raw({"provider": "p", "item_id": "1", "body": 4}), "InvalidRecord"),
        (raw({"provider": "p", "item_id": "1", "body": "x"}, headers=NEWER), "UnknownSchema"),
    ],
)
def test_what_cannot_be_read_names_its_fault(given: Raw, fault: str) -> None:
    assert type(read(given, PARTITIONS).fault).__name__ == fault


def test_a_newer_minor_or_another_schema_is_read() -> None:
    headers = (("ce_dataschema", b"urn:teletipo:schema:raw:1"),)
    assert read(raw({"provider": "p", "item_id": "1", "body": "x"}, headers=headers), PARTITIONS).fault is None


@pytest.mark.parametrize("change", [{"key": None}, {"key": b"other"}, {"partition": 99}])
def test_a_misplaced_input_is_sent_on_once(change: dict[str, Any]) -> None:
    first = read(raw({"provider": "p", "item_id": "1", "body": "x"}, **change), PARTITIONS)
    assert first.misplaced
    sent = rekeyed(first)
    assert sent.key == b"p:1"
    assert sent.value == first.raw.value
    second = read(raw({"provider": "p", "item_id": "1", "body": "x"}, headers=tuple(sent.headers), **change), PARTITIONS)
    assert not second.misplaced
    assert second.fault is not None
    assert REKEYED in dict(sent.headers)


@given(st.binary(max_size=200), st.none() | st.binary(max_size=20))
def test_no_bytes_make_reading_raise(value: bytes, key: bytes | None) -> None:
    found = read(Raw(0, 0, key, value, ()), PARTITIONS)
    assert found.fault is not None or found.parsed is not None


@given(
    st.binary(max_size=300), st.none() | st.binary(max_size=20), st.lists(st.tuples(st.text(max_size=8), st.binary(max_size=9)))
)
def test_a_dead_letter_is_the_input_byte_for_byte(value: bytes, key: bytes | None, headers: list[tuple[str, bytes]]) -> None:
    headers = [header for header in headers if not header[0].startswith("error.")]
    given = Raw(3, 17, key, value, tuple(headers))
    made = letter(given, "x.news.raw", read(raw(b"{"), PARTITIONS).fault)  # type: ignore[arg-type]
    assert (made.key, made.value) == (key, value)
    assert made.headers[: len(headers)] == headers
    errors = dict(made.headers[len(headers) :])
    assert errors["error.topic"] == b"x.news.raw"
    assert (errors["error.partition"], errors["error.offset"], errors["error.attempts"]) == (b"3", b"17", b"1")


def test_new_events_go_first_then_those_gone_then_the_article() -> None:
    step = decide_key("p:1", shown("a", "b"), [item(1, version=1, body="Otro.")], NOW)
    step.result = packed("b", "c")
    made = records_of(step, context())
    assert [record.key for record in made.outgoing[:3]] == [b"c", b"a", b"p:1"]
    assert topics(made) == ["news.events", "news.events", "news.articles", "news.history", "news.state"]
    gone = orjson.loads(made.outgoing[1].value or b"")
    assert (gone["retracted"], gone["retraction"], gone["revision"]) == (True, "corrected", 2)
    assert [mark.id for mark in made.state.shown.events] == ["b", "c"]  # type: ignore[union-attr]


def test_a_kill_goes_out_article_first_with_every_text_empty() -> None:
    step = decide_key("p:1", shown("a"), [item(1, status="canceled", ed_note="retirada")], NOW)
    made = records_of(step, context())
    assert topics(made) == ["news.articles", "news.events", "news.history", "news.state"]
    article, event = (orjson.loads(record.value or b"") for record in made.outgoing[:2])
    assert (article["retraction"], article["text"], article["event_ids"]) == ("killed", "", [])
    assert (event["retraction"], event["sentence"]["text"], event["trigger"]["text"]) == ("killed", "", "")


def test_what_a_batch_replaces_is_neither_enriched_nor_published() -> None:
    step = decide_key(
        "p:1", KeyState(), [item(0, version=1), item(1, version=2, body="Dos."), item(2, version=3, body="Tres.")], NOW
    )
    job = step.job()
    assert job is not None
    assert (job.item.version, job.revision, job.supersedes) == (3, 1, None)
    step.result = packed()
    assert topics(records_of(step, context())).count("news.articles") == 1


def test_what_a_batch_kills_is_not_enriched() -> None:
    step = decide_key("p:1", KeyState(), [item(0), item(1, status="canceled")], NOW)
    assert step.job() is None
    assert "news.articles" not in topics(records_of(step, context()))


def test_a_redelivery_changes_nothing() -> None:
    assert decide_key("p:1", shown("a"), [item(0)], NOW).idle


def test_a_failed_version_is_a_dead_letter_and_what_was_shown_stays() -> None:
    before = shown("a")
    step = decide_key("p:1", before, [item(1, version=1, body="Otro.")], NOW)
    step.result = Failure("enrich", "EnrichmentTimeout", "not done")
    made = records_of(step, context())
    assert topics(made) == ["news.deadletter", "news.history", "news.state"]
    assert made.state.shown == before.shown
    assert made.state.position == 1
    assert orjson.loads(made.outgoing[1].value or b"")["decision"] == "failed"


def test_a_malformed_kill_is_obeyed_and_a_dead_letter() -> None:
    step = decide_key("p:1", shown("a"), [item(1, status="canceled", version="x")], NOW)
    assert topics(records_of(step, context())) == [
        "news.articles", "news.events", "news.deadletter", "news.history", "news.state",
    ]  # fmt: skip


def test_an_embargoed_item_is_held_whole_and_not_published() -> None:
    due = (NOW + timedelta(hours=1)).isoformat()
    step = decide_key("p:1", KeyState(), [item(0, embargoed_until=due)], NOW)
    made = records_of(step, context())
    assert topics(made) == ["news.held", "news.history", "news.state"]
    assert orjson.loads(made.outgoing[0].value or b"")["0"]["body"] == "Texto."


def test_a_kill_of_what_is_held_leaves_a_tombstone() -> None:
    due = (NOW + timedelta(hours=1)).isoformat()
    first = decide_key("p:1", KeyState(), [item(0, embargoed_until=due)], NOW)
    state = records_of(first, context()).state
    held = item(0, embargoed_until=due).parsed
    assert held is not None
    step = decide_key("p:1", state, [item(1, status="canceled")], NOW)
    made = records_of(step, context({0: held.item}))
    assert [record.value for record in made.outgoing if record.topic == "news.held"] == [None]


def test_what_is_too_large_to_hold_is_a_dead_letter() -> None:
    due = (NOW + timedelta(hours=1)).isoformat()
    step: Step = decide_key("p:1", KeyState(), [item(0, embargoed_until=due)], NOW)
    step.result = Failure("deliver", "TooLarge", "news.held: 20 MB")
    made = records_of(step, context())
    assert [record.value for record in made.outgoing if record.topic == "news.held"] == [None]
    assert "news.deadletter" in topics(made)
    assert made.state.held == ()


def test_coding_again_publishes_only_differences() -> None:
    before = shown("a", "b")
    same = decide_recode("p:1", before, item(7), NOW)
    same.result = packed("a", "b")
    made = records_of(same, context())
    assert topics(made) == ["news.state"]
    assert (made.state.position, made.state.revision) == (7, 1)
    other = decide_recode("p:1", before, item(7), NOW)
    other.result = packed("a", "c")
    made = records_of(other, context())
    assert topics(made) == ["news.events", "news.events", "news.articles", "news.history", "news.state"]
    gone = orjson.loads(made.outgoing[1].value or b"")
    assert (gone["id"], gone["retraction"]) == ("b", "recoded")
    assert made.state.revision == 2


def test_only_what_is_shown_is_coded_again() -> None:
    assert decide_recode("p:1", shown("a"), item(7, version=4), NOW).idle
    assert decide_recode("p:1", shown("a"), item(7, body="Otro."), NOW).idle
    assert decide_recode("p:1", KeyState(), item(7), NOW).idle
    assert decide_recode("p:1", shown("a"), item(0), NOW).idle, "a redelivery"


def test_the_position_record_is_no_item_key() -> None:
    record = position_record(41)
    assert record.key == POSITION_KEY
    assert b":" not in POSITION_KEY
    assert position_in(record.value) == 41
    assert position_in(None) is None


def test_a_trace_goes_on_with_a_span_of_our_own() -> None:
    parent = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    made = trace_of([("traceparent", parent)])
    assert made[:36] == parent[:36]
    assert made[36:52] != parent[36:52]
    assert len(trace_of([("traceparent", b"rubbish")])) == len(parent)


def test_a_replay_counts_its_attempts() -> None:
    assert attempts_of([]) == 1
    assert attempts_of([("teletipo-replayed", b"2")]) == 3
    assert attempts_of([("teletipo-replayed", b"many")]) == 1


def documented(message: str) -> set[str]:
    """The headers that the AsyncAPI document names for a message."""
    channels = [channel["messages"] for channel in asyncapi()["channels"].values()]
    return set(next(messages[message] for messages in channels if message in messages)["headers"]["properties"])


def test_what_is_published_has_the_headers_that_the_asyncapi_document_names() -> None:
    first = decide_key("p:1", KeyState(), [item(0)], NOW)
    first.result = packed("a", "b")
    before = records_of(first, context())
    kill = decide_key("p:1", before.state, [item(1, status="canceled")], NOW)
    sent = [*before.outgoing, *records_of(kill, context()).outgoing]
    names = {"news.articles": documented("article"), "news.events": documented("event")}
    published = [record for record in sent if record.topic in names]
    assert len(published) == 6
    for record in published:
        assert {name for name, _ in record.headers} == names[record.topic]


def test_a_dead_letter_has_the_headers_that_the_asyncapi_document_names() -> None:
    made = letter(raw(b"{", headers=(("feed", b"mine"),)), "news.raw", read(raw(b"{"), PARTITIONS).fault)  # type: ignore[arg-type]
    ours = {name for name, _ in made.headers} - {"feed"}
    assert {f"error.{name}" for name in ("stage", "type", "message", "topic", "partition", "offset", "attempts")} == ours
    assert ours <= documented("deadletter")
