"""Reading JSON wires leniently: a value of the wrong type is None, text is clean Unicode, numbers may be written as text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from teletipo.errors import UnreadableWire
from teletipo.records.raw import MAX_VERSION
from teletipo.wires.markup import one_line

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LARGEST_ID = 10**30
LONGEST = 8_000_000
"""Characters of one text with its mark-up; more is no story, and costs memory a multiple of itself."""


def text(value: Any) -> str | None:
    """A text without outer white space; None if it is empty or no text. A lone surrogate becomes U+FFFD.

    Raises UnreadableWire if it is longer than any story.
    """
    return _SURROGATE.sub("\ufffd", bounded(value).strip()) or None if isinstance(value, str) else None


def bounded(value: str) -> str:
    """The text itself. Raises UnreadableWire if it is longer than any story."""
    if len(value) > LONGEST:
        raise UnreadableWire(f"a text of {len(value)} characters; at most {LONGEST}, mark-up included")
    return value


def line(value: Any) -> str | None:
    """A text on one line, without mark-up and escapes (a headline that was taken out of HTML)."""
    if not isinstance(value, str):
        return None
    return text(one_line(bounded(value)) if "&" in value or "<" in value else " ".join(bounded(value).split()))


def identifier(value: Any) -> str | None:
    """An id: a text, or an integer where a text should stand."""
    if type(value) is int and abs(value) < _LARGEST_ID:
        return str(value)
    return text(value)


def version(value: Any) -> int | None:
    """An integer from 0 to 2^63-1, also where it is written as text (ninjs)."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value.strip()) <= 19:
        value = int(value)
    return value if type(value) is int and 0 <= value <= MAX_VERSION else None


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list; one object counts as a list of one."""
    for member in value if isinstance(value, list) else [value]:
        if isinstance(member, dict):
            yield member


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def joined(values: Iterator[str | None] | list[str | None], separator: str = "\n") -> str | None:
    """The texts that are there, one after the other; None if there is none."""
    return separator.join(value for value in values if value) or None


def paragraphs(value: str) -> str:
    """A plain text with one line feed between its paragraphs."""
    return "\n".join(part for part in (" ".join(part.split()) for part in value.splitlines()) if part)


def digest(*values: str | None) -> str:
    """An id for an item that has none: the same content gives the same id."""
    return hashlib.sha256("\n".join(value or "" for value in values).encode("utf-8", "replace")).hexdigest()[:32]


def without_headline(body: str, headline: str | None) -> str:
    """A body that opens with the headline, without it."""
    first, _, rest = body.partition("\n")
    return rest if rest and headline and " ".join(first.split()) == headline else body
