"""Reading `news.raw`: strict where it decides, lenient elsewhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from teletipo.errors import InputError, InvalidRecord, NotJSON, TooLong
from teletipo.records import dumps, format_time, parse_raw, parse_time


def raw(**fields: Any) -> bytes:
    return json.dumps({"provider": "efe", "item_id": "1", "body": "texto", **fields}).encode()


def test_three_fields_are_enough() -> None:
    item = parse_raw(raw()).item
    assert (item.key, item.version, item.status, item.body) == ("efe:1", 0, "usable", "texto")


def test_null_and_absent_mean_the_same() -> None:
    assert parse_raw(raw(status=None, version=None, urgency=None)) == parse_raw(raw())


def test_unknown_fields_are_left_out_and_named() -> None:
    assert parse_raw(raw(color="rojo")).unknown == ["color"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("urgency", 0), ("urgency", 42), ("urgency", 0.1), ("headline", 7), ("published_at", "0000-01-01T00:00:00Z"),
     ("updated_at", "31 Feb"), ("subjects", "x"), ("body_format", "rtf"), ("change", "kill"), ("related", {})],
)  # fmt: skip
def test_an_optional_field_of_the_wrong_type_becomes_null(field: str, value: Any) -> None:
    parsed = parse_raw(raw(**{field: value}))
    assert parsed.nulled == [field]
    assert parsed.item == parse_raw(raw()).item


@pytest.mark.parametrize(
    ("field", "value"),
    [("provider", ""), ("provider", 1), ("item_id", None), ("version", -1), ("version", "2"), ("version", True),
     ("version", 1.0), ("version", 2**64), ("status", "gesperrt"), ("status", []), ("embargoed_until", "Next Monday"),
     ("embargoed_until", 7), ("body", None), ("body", ["x"])],
)  # fmt: skip
def test_a_deciding_field_of_the_wrong_type_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidRecord, match=field):
        parse_raw(raw(**{field: value}))


@pytest.mark.parametrize("value", [b"", b"{", b"\xff\xfe", b'{"provider":"x","item_id":"1","body":"\\ud800"}', b"[" * 200_000])
def test_what_is_not_json_is_refused(value: bytes) -> None:
    with pytest.raises(NotJSON):
        parse_raw(value)


@pytest.mark.parametrize("value", [None, b"null", b"[]", b"7", b'"text"'])
def test_what_is_no_object_is_refused(value: bytes | None) -> None:
    with pytest.raises(InvalidRecord):
        parse_raw(value)


def test_more_than_a_million_characters_are_too_long() -> None:
    assert parse_raw(raw(body="á" * 1_000_000)).item.body
    with pytest.raises(TooLong):
        parse_raw(raw(body="á" * 1_000_001))


@pytest.mark.parametrize("fields", [{"version": "x"}, {"body": 5}, {"embargoed_until": "soon"}, {"version": 2**70}])
def test_a_kill_is_obeyed_whatever_else_is_wrong(fields: dict[str, Any]) -> None:
    parsed = parse_raw(raw(status="canceled", **fields))
    assert parsed.item.status == "canceled"
    assert isinstance(parsed.fault, InvalidRecord)


def test_the_unreadable_version_of_a_kill_counts_as_none() -> None:
    assert parse_raw(raw(status="canceled", version=-3)).item.version is None
    assert parse_raw(raw(status="withheld", body=None)).item.version is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-06-19T10:00:00Z", datetime(2024, 6, 19, 10, tzinfo=UTC)),
        ("2024-06-19t12:00:00.250+02:00", datetime(2024, 6, 19, 10, 0, 0, 250_000, tzinfo=UTC)),
        ("2024-06-19T10:00:00", datetime(2024, 6, 19, 10, tzinfo=UTC)),
        ("2024-06-19", datetime(2024, 6, 19, tzinfo=UTC)),
        ("2024-02-31", None),
        ("0000-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("ayer", None),
    ],
)
def test_times(text: str, moment: datetime | None) -> None:
    assert parse_time(text) == moment


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_written_time_is_read_back(moment: datetime) -> None:
    assert parse_time(format_time(moment)) == moment
    assert parse_time(orjson.loads(dumps(moment))) == moment


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["provider", "item_id", "version", "status", "body", "embargoed_until", "subjects", "related", "origin"])


@given(st.dictionaries(NAMES, JSON, max_size=9))
def test_any_object_is_read_or_refused_in_one_line(fields: dict[str, Any]) -> None:
    try:
        parsed = parse_raw(orjson.dumps(fields))
    except InputError as error:
        reason = str(error)
    else:
        reason = str(parsed.fault or "")
        assert parsed.item.provider
        assert parsed.item.version is not None or parsed.item.status != "usable"
    assert "\n" not in reason
    assert len(reason) < 200
