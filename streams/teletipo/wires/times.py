"""Times as wires write them: ISO 8601 in all its shapes, RFC 822 with its mistakes, `06 June 2016 14:00:00`.

A time without a zone is in the zone given (UTC unless a profile says otherwise). What is no date is None, never now.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:(?:[Tt ]\s*)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$"
)
_RFC822 = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,?\s+)?(\d{1,2})[\s-]+([^\W\d_]{3,10})\.?,?[\s-]+(\d{4}|\d\d)"
    r"(?:,?\s+(?:at\s+)?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(?:([+-]\d\d:?\d\d)|([A-Za-z]{1,5}))?\s*(?:\([^)]*\))?$"
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,?\s+)?([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?)?"
    r"\s*(?:([+-]\d\d:?\d\d)|([A-Z]{1,5}))?\s*(\d{4})?$"
)
_DAY_FIRST = re.compile(
    r"(\d\d?)\.(\d\d?)\.(\d{4})"
    r"(?:,?\s+(?:kl\.?\s*)?(\d\d?)[:.](\d\d)(?:[:.](\d\d))?\s*([A-Z]{1,5}|[+-]\d\d:?\d\d)?)?$"
)
"""With full stops the day comes first everywhere; with slashes nobody can tell."""
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9,
    "aest": 10, "aedt": 11,
}  # fmt: skip
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "ene": 1, "abr": 4, "mai": 5, "ago": 8, "set": 9, "okt": 10, "dic": 12, "dez": 12, "mrz": 3, "mär": 3, "fév": 2, "avr": 4,
    "aoû": 8, "déc": 12,
}  # fmt: skip


def parse(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """An aware datetime in UTC, or None if the value is no time. The year 1 is .NET's way to say none."""
    if not isinstance(value, str):
        return None
    text = " ".join(value.split())
    if not text or len(text) > 80:
        return None
    for pattern, build in (
        (_ISO, _from_iso),
        (_RFC822, _from_rfc822),
        (_MONTH_FIRST, _from_month_first),
        (_DAY_FIRST, _from_day_first),
    ):
        match = pattern.match(text)
        if match:
            return build(match, zone)
    return None


def is_none(value: Any) -> bool:
    """Whether the value is .NET's `0001-01-01T00:00:00`, which means that there is no time."""
    return isinstance(value, str) and value.strip().startswith(("0001-01-01", "00010101"))


def _make(parts: tuple[int, int, int, int, int, int, int], zone: tzinfo) -> datetime | None:
    try:
        moment = datetime(*parts, tzinfo=zone)
        return moment.astimezone(UTC) if moment.year > 1 else None
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None, zone: tzinfo) -> tzinfo | None:
    """The zone that `Z`, `+01`, `+0100`, `+01:00` name; without any the one given; None if there is no such zone."""
    if not text:
        return zone
    if text[0] not in "+-":
        hours = _ZONES.get(text.lower())
        return None if hours is None else timezone(timedelta(hours=hours))
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes < 24 * 60 else None


def _from_iso(match: re.Match[str], zone: tzinfo) -> datetime | None:
    where = _offset(match[8], zone)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3, 4, 5, 6))
    second = min(second, 59)  # a leap second
    micro = int((match[7] or "0")[:6].ljust(6, "0"))
    return _make((year, month, day, hour, minute, second, micro), where) if where else None


def _from_day_first(match: re.Match[str], zone: tzinfo) -> datetime | None:
    where = _offset(match[7], zone)
    day, month, year, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    return _make((year, month, day, hour, minute, second, 0), where) if where else None


def _from_rfc822(match: re.Match[str], zone: tzinfo) -> datetime | None:
    where = _offset(match[7] or match[8], zone)
    month = _MONTHS.get(match[2][:3].lower())
    year = int(match[3]) + ((1900 if int(match[3]) >= 70 else 2000) if len(match[3]) == 2 else 0)
    hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
    return _make((year, month, int(match[1]), hour, minute, min(second, 59), 0), where) if where and month else None


def _from_month_first(match: re.Match[str], zone: tzinfo) -> datetime | None:
    where = _offset(match[7] or match[8], zone)
    month, year = _MONTHS.get(match[1][:3].lower()), match[3] or match[9]
    hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
    return _make((int(year), month, int(match[2]), hour, minute, second, 0), where) if where and month and year else None
