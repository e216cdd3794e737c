"""Damaged wires: whatever is done to a fixture, it is read or refused in one line, and what is printed is valid JSON."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from teletipo import wires
from teletipo.errors import UnreadableWire
from teletipo.records import dumps, parse_raw

FIXTURES = [path.read_bytes() for path in sorted((Path(__file__).parent / "fixtures").iterdir())]
TOKENS = [
    b"<", b">", b"&", b'"', b"'", b"\x00", b"\xff", b"\x01", b"\x02", b"\x03", b"\x04", b"{", b"}", b"[", b"]", b",", b":",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE ", b"null", b"1e999", b"[]", b"{}", b"</item>", b"<item>", b"\r\n\r\n",
    b"=?utf-8?q?", b"charset=", b'xmlns="x"', b'xml:lang=""', b"9" * 30, b"-1", b"true", b"0001-01-01", b"99:99", b"\xed\xa0\x80",
    b"&#x110000;", b"&#0;", b"&nbsp;", b"\xc3", b"ZCZC", b"NNNN",
]  # fmt: skip

edit = st.tuples(
    st.sampled_from(["flip", "insert", "delete", "repeat", "graft"]),
    st.integers(0, 2**20),
    st.integers(0, 2**20),
    st.sampled_from(TOKENS),
)


def damaged(data: bytes, edits: list[tuple[str, int, int, bytes]]) -> bytes:
    """The data after the edits; places wrap around."""
    piece = bytearray(data)
    for kind, place, other, token in edits:
        at = place % (len(piece) + 1)
        if kind == "flip" and piece:
            piece[at % len(piece)] ^= 1 << other % 8
        elif kind == "insert":
            piece[at:at] = token
        elif kind == "delete":
            del piece[at : at + other % 300]
        elif kind == "repeat":
            piece[at:at] = piece[other % (len(piece) + 1) :][:400]
        elif kind == "graft":
            donor = FIXTURES[other % len(FIXTURES)]
            piece[at : at + 60] = donor[place % len(donor) :][:60]
    return bytes(piece)


def refusal_or_reading(data: bytes) -> str | wires.Reading:
    """What reading gives, or the reason why it is refused. Any other exception is a failure."""
    try:
        return wires.read(data, provider="given")
    except UnreadableWire as refusal:
        return str(refusal) or "no reason"


def check(data: bytes) -> None:
    """Read or refused in one line; every record is one that the contract accepts."""
    reading = refusal_or_reading(data)
    if isinstance(reading, str):
        assert "\n" not in reading
        assert reading != "no reason"
        return
    for loss in reading.losses:
        assert "\n" not in loss
    for item in reading.items:
        line = dumps(item)
        assert b"\n" not in line
        assert orjson.loads(line)["provider"] not in ("", "unknown")
        assert parse_raw(line).item.key == item.key


@settings(max_examples=500)
@given(st.sampled_from(FIXTURES), st.lists(edit, min_size=1, max_size=12))
def test_damaged_fixtures(data, edits):
    check(damaged(data, edits))


NAMES = [
    "uri", "guid", "item", "items", "data", "altids", "itemid", "urn", "article_html", "packageInfo", "id", "version", "headline",
    "headlines", "bodies", "value", "role", "pubstatus", "embargoed", "subject", "categories", "ednotes",
]  # fmt: skip
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
json_values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner), max_leaves=30)


@settings(max_examples=200)
@given(json_values)
def test_json_of_any_shape(value):
    check(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS) if _is_plain(value) else repr(value).encode("utf-8", "replace"))


def _is_plain(value: object) -> bool:
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


@pytest.mark.long
@settings(max_examples=50_000)
@given(st.sampled_from(FIXTURES), st.lists(edit, min_size=1, max_size=12))
def test_damaged_fixtures_at_length(data, edits):
    check(damaged(data, edits))
