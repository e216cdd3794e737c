"""Times as wires write them: ISO 8601 in all its shapes, RFC 822 with its mistakes, `06 June 2016 14:00:00`.

A time without a zone is in the zone given (UTC unless a profile says otherwise). What is no date is None, never now.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?(?:,\s*|\s+))?"
_CLOCK = r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\b\.?)?"
_ISO = re.compile(
    r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)"
    r"(?:(?:[Tt ]\s*)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$"
)
_RFC822 = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})[\s-]+(?:de\s+)?([^\W\d_]{{3,10}})\.?,?[\s-]+(?:del?\s+)?(\d{{4}}|\d\d)"
    rf"(?:,?\s+(?:at\s+|-\s+)?{_CLOCK})?\s*(?:([+-]\d\d:?\d\d)|([A-Za-z]{{1,5}}))?\s*(?:\([^)]*\))?$"
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}([^\W\d_]{{3,10}})\.?\s+(\d{{1,2}})(?:,?\s+(\d{{4}}))?(?:,?\s+(?:at\s+|-\s+)?{_CLOCK})?"
    r"\s*(?:([+-]\d\d:?\d\d)|([A-Z]{1,5}))?\s*(\d{4})?$"
)
_DAY_FIRST = re.compile(
    r"(\d\d?)\.(\d\d?)\.(\d{4})"
    r"(?:,?\s+(?:kl\.?\s*)?(\d\d?)[:.](\d\d)(?:[:.](\d\d))?\s*([A-Z]{1,5}|[+-]\d\d:?\d\d)?)?$"
)
"""With full stops the day comes first everywhere; with slashes nobody can tell, unless the year stands first."""
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9,
    "aest": 10, "aedt": 11,
}  # fmt: skip
_MONTHS = {
    spelling: number
    for number, spellings in enumerate(
        (
            "jan gen ene", "feb fev fév", "mar mrz mär maa mär", "apr abr avr", "may mai maj mei mag", "jun juin giu",
            "jul juil lug", "aug ago aou aoû", "sep set", "oct okt ott out", "nov", "dec dez dic déc des",
        ),
        start=1,
    )
    for spelling in spellings.split()
}  # fmt: skip


def month_of(name: str) -> int | None:
    """1 to 12 for a month's name or its beginning, in English, German, French, Spanish, Italian, Portuguese, Dutch."""
    word = name.lower()
    return _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])


def zone_of(name: str) -> tzinfo | None:
    """The zone of an abbreviation (`GMT`, `MESZ`, `EST`), None if it is not known."""
    hours = _ZONES.get(name.lower())
    return None if hours is None else timezone(timedelta(hours=hours))


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
        ends_day = parts[3] == 24 and not any(parts[4:])  # ISO 8601 writes midnight so, at the end of a day
        moment = datetime(*parts[:3], 0 if ends_day else parts[3], *parts[4:], tzinfo=zone) + timedelta(days=ends_day)
        return moment.astimezone(UTC) if moment.year > 1 else None
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None, zone: tzinfo) -> tzinfo | None:
    """The zone that `Z`, `+01`, `+0100`, `+01:00` name; without any the one given; None if there is no such zone."""
    if not text:
        return zone
    if text[0] not in "+-":
        return zone_of(text)
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


def _hour(text: str | None, half: str | None) -> int:
    """The hour of a clock of 24 hours, or of 12 with `am` or `pm` (then 99 for one that no such clock shows)."""
    hour = int(text or 0)
    if half is None:
        return hour
    return hour % 12 + (12 if half in "Pp" else 0) if 1 <= hour <= 12 else 99


def _from_rfc822(match: re.Match[str], zone: tzinfo) -> datetime | None:
    where = _offset(match[8] or match[9], zone)
    month = month_of(match[2])
    year = int(match[3]) + ((1900 if int(match[3]) >= 70 else 2000) if len(match[3]) == 2 else 0)
    minute, second = (int(part or 0) for part in match.group(5, 6))
    hour = _hour(match[4], match[7])
    return _make((year, month, int(match[1]), hour, minute, min(second, 59), 0), where) if where and month else None


def _from_month_first(match: re.Match[str], zone: tzinfo) -> datetime | None:
    where = _offset(match[8] or match[9], zone)
    month, year = month_of(match[1]), match[3] or match[10]
    minute, second = (int(part or 0) for part in match.group(5, 6))
    hour = _hour(match[4], match[7])
    return _make((int(year), month, int(match[2]), hour, minute, min(second, 59), 0), where) if where and month and year else None
