"""Whatever happens to a document on its way, a reader gives records that the contract accepts or one line why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from teletipo.errors import UnreadableWire
from teletipo.records import dumps, parse_raw
from teletipo.wires import read

FIXTURES = sorted(path for path in (Path(__file__).parent / "fixtures").iterdir() if path.is_file())
PIECES = [
    b"<",
    b">",
    b"&",
    b"&x;",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"\x00",
    b"\xff",
    b"\xc3",
    b'"',
    b"{",
    b"[",
    b"\x01",
    b"\x03",
    b"\n",
    b"9" * 40,
]


def check(data: bytes) -> None:
    """Records are valid input of the pipeline; a refusal is one line."""
    refusal = None
    try:
        found = read(data)
    except UnreadableWire as fault:
        refusal = str(fault)
    if refusal is not None:
        assert refusal.strip()
        assert "\n" not in refusal
        return
    for item in found.items:
        parsed = parse_raw(dumps(item))
        assert parsed.fault is None
        assert parsed.nulled == []
        assert parsed.unknown == []
        assert item.body_format == "text"
        assert item.status == "usable" or item.version is None or item.version >= 0


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A fixture that was cut, spliced with another, with bytes changed, taken out or put in."""
    data = bytearray(draw(st.sampled_from(FIXTURES)).read_bytes())
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        action = draw(st.sampled_from(["flip", "cut", "insert", "repeat", "truncate", "splice"]))
        length = draw(st.integers(1, 60))
        if action == "flip" and data:
            data[place] = draw(st.integers(0, 255))
        elif action == "cut":
            del data[place : place + length]
        elif action == "insert":
            data[place:place] = draw(st.sampled_from(PIECES))
        elif action == "repeat":
            data[place:place] = data[place : place + length] * draw(st.integers(1, 20))
        elif action == "truncate" and draw(st.booleans()):
            del data[place:]
        elif action == "splice":
            other = draw(st.sampled_from(FIXTURES)).read_bytes()
            data[place:] = other[len(other) // 2 :]
    return bytes(data)


@settings(max_examples=500)
@given(damaged())
def test_damaged_documents(data: bytes) -> None:
    check(data)


@settings(max_examples=100)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes(data: bytes) -> None:
    check(data)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=50_000)
@given(damaged())
def test_damaged_documents_long(data: bytes) -> None:
    check(data)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_the_fixtures_themselves(path: Path) -> None:
    check(path.read_bytes())
