"""Urgency: 1 is highest. Only an integer from 1 to 9 goes into a record; letters, `DEFAULT`, 0.1 and 42 do not."""

from __future__ import annotations

from typing import Any


def parse(value: Any) -> int | None:
    """The urgency that a number or a text of one digit gives, else None."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value.strip()) == 1:
        value = int(value)
    return value if type(value) is int and 1 <= value <= 9 else None
