"""`news.raw`: one wire item as a feeder writes it, and the strict-where-it-decides, lenient-elsewhere way it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from teletipo.errors import InputError, InvalidRecord, TooLong
from teletipo.records.codec import loads, parse_time

Status = Literal["usable", "withheld", "canceled"]
Change = Literal["new", "update", "correction", "refile"]
MAX_TEXT = 1_000_000
"""Characters of body that one item may have (contract.md, news.raw)."""
MAX_VERSION = 2**63 - 1


@dataclass(slots=True)
class Subject:
    """A subject code, IPTC Media Topics where given."""

    scheme: str | None
    code: str | None
    name: str | None = None


@dataclass(slots=True)
class Related:
    """Another item that this one names. `ref` is an item_id of the same provider or an item key; only `kills` acts."""

    relation: Literal["kills", "corrects", "part_of", "see"]
    ref: str


@dataclass(slots=True)
class Origin:
    """Which reader made the item, under which profile, and why its status is not the wire's own."""

    format: str
    profile: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class RawItem:
    """One version of one wire item. `version` is None only in a kill or withholding that names none."""

    provider: Annotated[str, Field(min_length=1)]
    item_id: Annotated[str, Field(min_length=1)]
    version: Annotated[int, Field(ge=0, le=MAX_VERSION)] | None = None
    status: Status = "usable"
    change: Change | None = None
    embargoed_until: datetime | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    language: str | None = None
    headline: str | None = None
    subheadline: str | None = None
    slug: str | None = None
    byline: str | None = None
    dateline: str | None = None
    located: str | None = None
    summary: str | None = None
    body: str | None = None
    body_format: Literal["text", "html"] = "text"
    subjects: list[Subject] = field(default_factory=list)
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    credit: str | None = None
    usage_terms: str | None = None
    ed_note: str | None = None
    url: str | None = None
    source: str | None = None
    related: list[Related] = field(default_factory=list)
    origin: Origin | None = None

    @property
    def key(self) -> str:
        """The item key, `provider:item_id`."""
        return item_key(self.provider, self.item_id)


@dataclass(slots=True)
class ParsedItem:
    """A raw record as understood: the item, fields left out or set to null, the fault of a kill that is obeyed anyway."""

    item: RawItem
    unknown: list[str] = field(default_factory=list)
    nulled: list[str] = field(default_factory=list)
    fault: InputError | None = None


def item_key(provider: str, item_id: str) -> str:
    """The key of all records of an item. Never split it: both parts may contain a colon."""
    return f"{provider}:{item_id}"


def parse_raw(value: bytes | str | None) -> ParsedItem:
    """Read one `news.raw` record.

    Unknown fields are left out, optional fields of the wrong type become null; both are named in the result. A kill or
    withholding whose `provider` and `item_id` can be read is returned whatever else is wrong with it, `fault` saying what.

    Raises NotJSON, InvalidRecord or TooLong for a record from which nothing may be published.
    """
    if value is None:
        raise InvalidRecord("the whole value is null: send a record with status canceled to kill an item")
    fields = loads(value)
    if not isinstance(fields, dict):
        raise InvalidRecord(f"a JSON {_json_type(fields)} instead of an object")
    parsed = _identify(fields)
    item = parsed.item
    try:
        _read_deciding_fields(item, fields)
    except InputError as fault:
        if item.status == "usable":
            raise
        parsed.fault = fault
    if item.status == "usable" and item.version is None:
        item.version = 0
    _read_optional_fields(parsed, fields)
    return parsed


def _identify(fields: dict[str, Any]) -> ParsedItem:
    for name in ("provider", "item_id"):
        text = fields.get(name)
        if not isinstance(text, str) or not text:
            raise InvalidRecord(f"{name}: {_complaint(text, 'a text that is not empty')}")
    status = fields.get("status")
    if status is None:
        status = "usable"
    if status not in ("usable", "withheld", "canceled"):
        raise InvalidRecord(f"status: {_complaint(status, 'usable, withheld or canceled')}")
    return ParsedItem(RawItem(fields["provider"], fields["item_id"], status=cast(Status, status)))


def _read_deciding_fields(item: RawItem, fields: dict[str, Any]) -> None:
    faults: list[InputError] = []
    version = fields.get("version")
    if version is None or (type(version) is int and 0 <= version <= MAX_VERSION):
        item.version = version
    else:
        faults.append(InvalidRecord(f"version: {_complaint(version, 'an integer from 0 to 2^63-1')}"))
    embargo = fields.get("embargoed_until")
    if embargo is not None:
        item.embargoed_until = parse_time(embargo) if isinstance(embargo, str) else None
        if item.embargoed_until is None:
            faults.append(InvalidRecord(f"embargoed_until: {_complaint(embargo, 'an RFC 3339 time')}"))
    body = fields.get("body")
    if body is None or isinstance(body, str):
        item.body = body
        if body is None and item.status == "usable":
            faults.append(InvalidRecord("body: missing; only a canceled or withheld item may have none"))
        elif body is not None and len(body) > MAX_TEXT:
            item.body = None
            faults.append(TooLong(f"body: {len(body)} characters; at most {MAX_TEXT}"))
    else:
        faults.append(InvalidRecord(f"body: {_complaint(body, 'a text')}"))
    if faults:
        raise faults[0]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _time(value: Any) -> datetime | None:
    return parse_time(value) if isinstance(value, str) else None


def _urgency(value: Any) -> int | None:
    return value if type(value) is int and 1 <= value <= 9 else None


def _change(value: Any) -> Any:
    return value if value in ("new", "update", "correction", "refile") else None


def _body_format(value: Any) -> Any:
    return value if value in ("text", "html") else None


def _subjects(value: Any) -> list[Subject] | None:
    if not isinstance(value, list):
        return None
    rows = [row for row in value if isinstance(row, dict)]
    return [Subject(_text(row.get("scheme")), _text(row.get("code")), _text(row.get("name"))) for row in rows]


def _related(value: Any) -> list[Related] | None:
    if not isinstance(value, list):
        return None
    return [
        Related(row["relation"], row["ref"])
        for row in value
        if isinstance(row, dict)
        and row.get("relation") in ("kills", "corrects", "part_of", "see")
        and isinstance(row.get("ref"), str)
        and row["ref"]
    ]


def _origin(value: Any) -> Origin | None:
    if not isinstance(value, dict) or not isinstance(value.get("format"), str):
        return None
    return Origin(value["format"], _text(value.get("profile")), _text(value.get("reason")))


_OPTIONAL: dict[str, Callable[[Any], Any]] = {
    "change": _change,
    "published_at": _time,
    "updated_at": _time,
    "body_format": _body_format,
    "subjects": _subjects,
    "urgency": _urgency,
    "related": _related,
    "origin": _origin,
    **dict.fromkeys(
        (
            "language", "headline", "subheadline", "slug", "byline", "dateline", "located", "summary",
            "credit", "usage_terms", "ed_note", "url", "source",
        ),
        _text,
    ),
}  # fmt: skip
_DECIDING = {"provider", "item_id", "version", "status", "embargoed_until", "body"}


def _read_optional_fields(parsed: ParsedItem, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if name in _DECIDING:
            continue
        read = _OPTIONAL.get(name)
        if read is None:
            parsed.unknown.append(name)
        elif value is not None:
            understood = read(value)
            if understood is None:
                parsed.nulled.append(name)
            else:
                setattr(parsed.item, name, understood)


def _json_type(value: Any) -> str:
    names = {dict: "object", list: "array", str: "text", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")


def _complaint(value: Any, expected: str) -> str:
    if value is None:
        return f"missing; expected {expected}"
    shown = repr(value)
    return f"{shown if len(shown) <= 60 else shown[:57] + '...'} is not {expected}"
