"""JSON and times, the one way both are written and read on the wire."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import orjson

from teletipo.errors import NotJSON

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d\d:?\d\d|[+-]\d\d)?)?$"
)


def dumps(record: Any) -> bytes:
    """One JSON text in UTF-8 of a record (dataclass, dict, list); datetimes as RFC 3339 in UTC with `Z`."""
    return orjson.dumps(record, option=_OPTIONS)


def loads(value: bytes | str) -> Any:
    """Parse one JSON text. Raises NotJSON with the place of the fault."""
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise NotJSON(f"not JSON: {error}") from None
    except RecursionError:
        raise NotJSON("not JSON: nested too deep") from None


def parse_time(text: str) -> datetime | None:
    """An RFC 3339 time (a bare date is its first moment; without a zone UTC) as an aware datetime in UTC, None if it is none."""
    match = _RFC3339.match(text.strip())
    if not match:
        return None
    zone = (match.group(8) or "Z").upper()
    iso = "{}-{}-{}T{}:{}:{}.{}".format(
        *match.group(1, 2, 3), *(part or "00" for part in match.group(4, 5, 6)), (match.group(7) or "0")[:6].ljust(6, "0")
    )
    try:
        return datetime.fromisoformat(iso + ("+00:00" if zone == "Z" else zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def format_time(moment: datetime) -> str:
    """RFC 3339 in UTC with `Z`, without a fraction when it is zero."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
