"""IPTC 7901: `SOH` header, `STX` headline and text, `ETX` day, time and month, `EOT`. With dpa's flags and its Notebook.

The header is service and number, priority, category, word count and what the agency adds; under it stands the keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from teletipo.records.raw import RawItem, Subject
from teletipo.wires.context import Context
from teletipo.wires.json_fields import digest
from teletipo.wires.source import Source
from teletipo.wires.teleprinter import (
    END_LINE,
    ETX,
    STX,
    begins_transmission,
    change_of,
    last_line,
    messages,
    paragraphs,
    printable,
    teleprinter_time,
)

FORMAT = "iptc7901"

_HEADER = re.compile(
    r"\s*(?P<service>[A-Za-z]*) ?(?P<number>\d{1,5})\s+(?P<priority>\S)\s+(?P<category>[A-Za-z]{1,3})"
    r"\s+(?P<words>\d*)(?P<more>[^\r\n]*)"
)
_FLAG = re.compile(
    r"\(?(?:(?:\d+(?:ST|ND|RD|TH)\s+)?LEAD|EXTRA|REFILE|URGENT|FLASH|ALERT|BULLETIN|CORRECTION|REPEAT(?:ING)?|UPDATE|ADVISORY"
    r"|(?:MANDATORY )?KILL|ACHTUNG|EIL(?:MELDUNG)?|BERICHTIGUNG|WIEDERHOLUNG|KORREKTUR|ZUSAMMENFASSUNG|ROUNDUP|FEATURE"
    r"|PREVIEW|ANALYSIS|BACKGROUND|NEWS ?FEATURE)(?:\s+\d+)?:?\)?$",
    re.I,
)
_AGENCY = re.compile(r"(?:\S+\s+)?(?P<name>[A-Za-z]{2,8})\s+\d+$")
_MORE_HEAD = re.compile(r"\s*(?P<line>[^\n]{3,120}?)[ \t]+=[ \t]*(?:\n|$)")
_BYLINE = re.compile(r"(?:By|Von|Por|Par|Di|Av|Door)\s+\S", re.I)
_KILL = re.compile(r"\bKILL\b", re.I)
_NOTEBOOK = re.compile(
    r"^[ \t]*(?:#+[ \t]*(?:\w+[ \t-]+)?(?:Notebook|Notizblock)\b|(?:dpa[ \t-]+)?(?:Notebook|Notizblock)[ \t]*:?[ \t]*$)",
    re.I | re.M,
)
_NONPUBLIC = re.compile(
    r"^[^\n]*(?:information is not (?:intended )?for publication|Informationen sind nicht zur Ver(?:ö|oe)ffentlichung)",
    re.I | re.M,
)


@dataclass(slots=True)
class Telegram:
    """One IPTC 7901 message, its parts as they stand in the envelope."""

    service: str
    number: str
    priority: str
    category: str
    agency: str
    keyword: str | None = None
    flags: list[str] = field(default_factory=list)
    headline: str | None = None
    subheadline: str | None = None
    byline: str | None = None
    body: str = ""
    end: str = ""
    sent_at: datetime | None = None


def parse(text: str) -> Telegram | None:
    """Take one message (without SOH and EOT) apart; None if its first line is no IPTC 7901 header."""
    head, mark, rest = text.partition(STX)
    header = _HEADER.match(head)
    if not header or not mark:
        return None
    content, mark, end = rest.partition(ETX)
    if not mark:
        content, end = last_line(rest, END_LINE)
    telegram = Telegram(
        service=header["service"],
        number=header["number"],
        priority=header["priority"],
        category=header["category"],
        agency=header["more"].strip(),
        keyword=" ".join(printable(head[header.end() :]).split()).rstrip("/ ") or None,
        end=printable(end).strip(),
    )
    telegram.sent_at = teleprinter_time(telegram.end)
    _divide(telegram, content)
    return telegram


def _divide(telegram: Telegram, content: str) -> None:
    """Flags, headline and public body."""
    top, body = _split_headline(printable(content))
    lines = [" ".join(line.split()) for line in top.split("\n") if line.strip()]
    while len(lines) > 1 and _FLAG.match(lines[0]):
        telegram.flags.append(lines.pop(0).strip("():"))
    telegram.headline = " ".join(lines) or None
    body = _take_lines_of_head(telegram, body)
    telegram.body = paragraphs(_before(_NONPUBLIC, _before(_NOTEBOOK, body)))


def _before(mark: re.Pattern[str], text: str) -> str:
    found = mark.search(text)
    return text[: found.start()] if found else text


def _take_lines_of_head(telegram: Telegram, body: str) -> str:
    """Further lines that end in ` =` under the headline: the byline, or a second headline."""
    while match := _MORE_HEAD.match(body):
        line = " ".join(match["line"].split())
        if _BYLINE.match(line):
            telegram.byline = telegram.byline or line
        else:
            telegram.subheadline = telegram.subheadline or line
        body = body[match.end() :]
    return body


def _split_headline(content: str) -> tuple[str, str]:
    """The lines up to the one that ends in ` =`; without such a line the first block before an empty line."""
    lines = content.split("\n")
    for number, line in enumerate(lines[:8]):
        if line.rstrip().endswith("="):
            return "\n".join([*lines[:number], line.rstrip().rstrip("=")]), "\n".join(lines[number + 1 :])
    top, _, body = content.lstrip("\n").partition("\n\n")
    return (top, body) if body.strip() and top.count("\n") < 4 else ("", content)


def recognises(source: Source) -> bool:
    """Whether the first transmission has a 7901 header."""
    return begins_transmission(source.text) and any(parse(message.text) for message in islice(messages(source.text), 3))


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """One record for each transmission."""
    for message in messages(source.text):
        telegram = parse(message.text)
        if telegram is None or not (telegram.headline or telegram.body):
            context.lost(f"line {message.line}: a transmission without an IPTC 7901 header or text")
        elif not (message.is_closed or telegram.end or ETX in message.text):
            context.lost(f"line {message.line}: a transmission that is cut off: it has no end line, ETX or EOT")
        else:
            yield _item(telegram, context)


def _item(telegram: Telegram, context: Context) -> RawItem:
    agency = _AGENCY.match(telegram.agency)
    is_kill = any(_KILL.search(flag) for flag in telegram.flags)
    item = RawItem(
        provider=context.provider(agency["name"].lower() if agency else None),
        item_id=f"{telegram.service}{telegram.number}:{_day(telegram)}",
        version=None if is_kill else 0,
        change=change_of(*telegram.flags),
        published_at=telegram.sent_at,
        headline=telegram.headline,
        subheadline=telegram.subheadline,
        byline=telegram.byline,
        slug=telegram.keyword,
        body=telegram.body,
        subjects=[Subject(FORMAT, telegram.category)],
        urgency=context.urgency(telegram.priority),
    )
    context.set_status(item, "canceled" if is_kill else None, None)
    return item


def _day(telegram: Telegram) -> str:
    """The date of the end line; without one a digest, so that the same bytes give the same id."""
    return f"{telegram.sent_at:%Y%m%d}" if telegram.sent_at else digest(telegram.headline, telegram.body)
