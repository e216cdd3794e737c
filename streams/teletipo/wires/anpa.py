"""ANPA 1312 (AP, Kyodo): `SYN SYN SOH` service and number, header line, `STX` keyword and lines, `ETX` service and time.

Lines of the head stand between `^` and `<` (left) or `=` (centred): keyword, headline, notes, byline. Lines of the text begin
with a tab. Tables come with a tab line indicator (0x08), columns divided by `;`, space bands (0x10) and `{` for one half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from teletipo.records.raw import RawItem, Subject
from teletipo.wires.context import Context
from teletipo.wires.json_fields import digest
from teletipo.wires.source import Source
from teletipo.wires.teleprinter import (
    ETX,
    STX,
    begins_transmission,
    change_of,
    last_line,
    messages,
    moment,
    paragraphs,
    printable,
)
from teletipo.wires.times import zone_of

FORMAT = "anpa"

_ADDRESS = re.compile(r"\s*(?P<service>[A-Za-z]?)(?P<number>\d{2,5})(?P<agency>[A-Za-z]*)\x1f(?P<selector>[^\r\n]*)")
_HEADER = re.compile(
    r"(?P<priority>[A-Za-z0-9]) (?P<category>\S{1,3}?)[\x10-\x1f]{1,2} ?(?P<keyword>[^\r\n]{0,80}?)\s{1,80}"
    r"(?P<month>\d\d)-(?P<day>\d\d)(?:\s+(?P<words>\d+))?\s*$",
    re.M,
)
_AP_END = re.compile(
    r"(?P<agency>[A-Z]{2,4})-[A-Z]{1,3}-(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d) "
    r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<zone>[A-Z]{3})?"
)
_KYODO_END = re.compile(r"(?P<agency>[A-Z]{2,4})-(?P<hour>\d\d):(?P<minute>\d\d)-(?P<day>\d\d)-(?P<month>\d\d)-(?P<year>\d\d)")
_END_LINE = re.compile(
    r"^[^A-Za-z0-9]*[A-Z]{2,4}-(?:[A-Z]{1,3}-\d\d-\d\d-\d\d \d{4}[A-Z]{0,3}|\d\d:\d\d-\d\d-\d\d-\d\d)[^A-Za-z0-9]*$"
)
_WORD_COUNT = re.compile(r"\s*,\s*0*\d+\s*$")
_NOTE = re.compile(r"(?:Eds?(?:itors)?\b\.?\s*:|EDITOR'?S'? NOTE\b)", re.I)
_MEDIA = re.compile(r"[A-Z]{2,4} (?:Photos?|Video|Audio|Graphics?|Interactive)s?\b", re.I)
_BYLINE = re.compile(r"By\s+\S", re.I)
_KILL = re.compile(r",\s*(?:\d+\w\w Ld-)?KILL\b|\bMANDATORY KILL\b")
_QUOTES = (("``", '"'), ("''", '"'), ("`", "'"))


@dataclass(slots=True)
class Dispatch:
    """One ANPA message, its parts as they stand on the wire."""

    service: str
    number: str
    agency: str
    priority: str
    category: str
    keyword: str | None = None
    header_keyword: str | None = None
    slug: str | None = None
    headline: str | None = None
    summary: str | None = None
    byline: str | None = None
    note: str | None = None
    body: str = ""
    end: str = ""


def parse(text: str) -> Dispatch | None:
    """Take one message (without SOH and EOT) apart; None if it has no ANPA header."""
    head, mark, rest = text.partition(STX)
    address = _ADDRESS.match(head)
    header = _HEADER.search(head, address.end()) if address else None
    if not address or not mark:
        return None
    content, mark, end = rest.rpartition(ETX)
    if not mark:
        content, end = last_line(rest, _END_LINE)
    dispatch = Dispatch(
        service=address["service"],
        number=address["number"],
        agency=address["agency"],
        priority=header["priority"] if header else "",
        category=header["category"] if header else "",
        header_keyword=" ".join(header["keyword"].split()) or None if header else None,
        end=printable(end).strip().rstrip("<").strip(),
    )
    match = _end_of(dispatch)
    if match:
        dispatch.agency = dispatch.agency or match["agency"]
    _read_content(dispatch, content)
    return dispatch


def _end_of(dispatch: Dispatch) -> re.Match[str] | None:
    return _AP_END.search(dispatch.end) or _KYODO_END.search(dispatch.end)


def sent_at(dispatch: Dispatch, zone: tzinfo) -> datetime | None:
    """`AP-WF-11-13-13 0745GMT` is month-day-year, Kyodo's `KWS-21:37-09-12-18` time and day-month-year of its own clock."""
    match = _end_of(dispatch)
    if not match:
        return None
    year, month, day, hour, minute = (int(match[part]) for part in ("year", "month", "day", "hour", "minute"))
    named = match.groupdict().get("zone")
    where = zone_of(named) if named else zone
    return moment(year, month, day, hour, minute, where) if where else None


def _read_content(dispatch: Dispatch, content: str) -> None:
    lines = re.sub(r"\r\n|\n\r|\r", "\n", content).split("\n")
    lines[0] = re.sub(r"^\^?\*\d+<\s*", "", lines[0].lstrip())
    marked = any(line.startswith("^") for line in lines)
    first = 0
    while first < len(lines) and (
        lines[first].startswith("^") if marked else first < 2 and not lines[first].startswith((" ", "\t"))
    ):
        first += 1
    body = [*_read_head(dispatch, lines[:first], has_text=any(line.startswith("\t") for line in lines)), *lines[first:]]
    dispatch.body = "\n".join(_join_rows(body))


def _read_head(dispatch: Dispatch, lines: list[str], has_text: bool) -> list[str]:
    """Keyword, headline, notes, byline and summary out of the head; what is none of these belongs to the text."""
    left: list[str] = []
    after_byline = False
    for number, line in enumerate(lines):
        plain = _plain(line)
        credit = after_byline and line.rstrip().endswith("=")
        after_byline = False
        if number == 0:
            dispatch.keyword = _WORD_COUNT.sub("", plain) or dispatch.header_keyword
            dispatch.slug = re.split(r",\s", dispatch.keyword or "")[0] or None
        elif _NOTE.match(plain):
            dispatch.note = plain
        elif _MEDIA.match(plain):
            continue
        elif _BYLINE.match(plain) and not dispatch.byline:
            dispatch.byline, after_byline = plain, True
        elif credit and re.search(r"\b(?:AP|Associated Press|Kyodo|Writer|Editor|Correspondent|Staff)\b", plain):
            continue
        elif dispatch.headline is None:
            dispatch.headline = plain.rstrip("+") or None
        elif has_text and not dispatch.summary and line.rstrip().endswith("<") and len(plain) > 60:
            dispatch.summary = plain
        else:
            left.append(line)
    return left


def _join_rows(lines: list[str]) -> list[str]:
    """The lines of the text: paragraphs unwrapped, table rows readable, marks gone."""
    found: list[str] = []
    prose: list[str] = []

    def flush() -> None:
        found.extend(_typographic(line) for line in paragraphs("\n".join(prose)).split("\n"))
        prose.clear()

    for line in lines:
        if line.startswith("\b"):
            flush()
            found.append(_row(line))
        elif line.startswith("^"):
            flush()
            found.append(_plain(line))
        else:
            prose.append(line.rstrip().removesuffix("<").removesuffix("="))
    flush()
    return [line for line in found if line.strip("_ ")]


def _row(line: str) -> str:
    cells = printable(line.replace("\x10", "")).lstrip("^").strip().removesuffix("<").split(";")
    return " | ".join("-" if cell.strip() == "_" else cell.strip().replace("{", "½") for cell in cells).strip()


def _plain(line: str) -> str:
    """A head line without its marks."""
    return _typographic(" ".join(printable(line).strip().strip("^").strip().rstrip("<=").split()))


def _typographic(text: str) -> str:
    """The wire's stand-ins: two grave accents and two apostrophes are quotation marks, a lone `_` is a dash."""
    for mark, character in _QUOTES:
        text = text.replace(mark, character)
    return re.sub(r"(?<!\S)_(?!\S)", "—", text)


def recognises(source: Source) -> bool:
    """Whether one of the first transmissions has an ANPA header."""
    return begins_transmission(source.text) and any(parse(message.text) for message in islice(messages(source.text), 3))


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """One record for each transmission."""
    for message in messages(source.text):
        dispatch = parse(message.text)
        if dispatch is None or not (dispatch.headline or dispatch.body):
            context.lost(f"line {message.line}: a transmission without an ANPA header or text")
        elif not (message.is_closed or dispatch.end or ETX in message.text):
            context.lost(f"line {message.line}: a transmission that is cut off: it has no end line, ETX or EOT")
        else:
            yield _item(dispatch, context)


def _item(dispatch: Dispatch, context: Context) -> RawItem:
    is_kill = bool(_KILL.search(dispatch.keyword or ""))
    provider = context.provider(dispatch.agency.lower() or None)
    sent = sent_at(dispatch, context.zone)
    day = f"{sent:%Y%m%d}" if sent else digest(dispatch.headline, dispatch.body)
    item = RawItem(
        provider=provider,
        item_id=f"{dispatch.service}{dispatch.number}:{day}",
        version=None if is_kill else 0,
        change=change_of(dispatch.keyword, dispatch.header_keyword, dispatch.note),
        published_at=sent,
        headline=dispatch.headline,
        slug=dispatch.slug,
        byline=dispatch.byline,
        summary=dispatch.summary,
        body=dispatch.body,
        subjects=[Subject(FORMAT, dispatch.category)] if dispatch.category else [],
        urgency=context.urgency(dispatch.priority),
        ed_note=dispatch.note,
    )
    context.set_status(item, "canceled" if is_kill else None, None)
    return item
