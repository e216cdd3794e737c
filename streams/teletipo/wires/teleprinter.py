"""What the teleprinter formats (7901, ANPA, typewriter text) have in common: control characters, wrapped lines, change words.

Sources: IPTC 7901 "The Text Transmission Format" (1995), ANPA 84-2 "Wire Service Transmission Guidelines" (the 1312 revision).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from statistics import median

from teletipo.records.raw import Change
from teletipo.wires import times

SOH, STX, ETX, EOT = "\x01", "\x02", "\x03", "\x04"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]+")
_PADDING = "\x00\x16\x7f \t\r\n"
_MIN_WRAP = 45
"""Lines of a text that was broken by a machine are about 60 to 80 characters wide; narrower ones are a list."""

_CHANGE_WORDS: tuple[tuple[Change, re.Pattern[str]], ...] = (
    ("refile", re.compile(r"\bREFIL(?:E|ED|ING)\b|\bRETRANSMI(?:T|SSION)", re.I)),
    (
        "correction",
        re.compile(r"\bCORRECT(?:ION|IONS|IVE|ED|S)\b|\bBERICHTIGUNG\b|\bCORRECCI[OÓ]N\b|\bRECTIFICATI(?:F|ON)\b", re.I),
    ),
    (
        "update",
        re.compile(r"\d+(?:st|nd|rd|th)[ -]?(?:LEAD|LD|ADD|UPDATE)\b|\bLd-Writethru\b|\bWRITETHRU\b|\bUPDATE[SD]?\b", re.I),
    ),
)


@dataclass(slots=True)
class Message:
    """One transmission: the text between SOH and EOT, the number (from 1) of the line it begins on, whether an EOT ends it."""

    text: str
    line: int
    is_closed: bool = True


def messages(text: str) -> Iterator[Message]:
    """The transmissions of a file, each without its SOH and EOT; padding between them is no message."""
    start = text.find(SOH)
    while start >= 0:
        following = text.find(SOH, start + 1)
        end = len(text) if following < 0 else following
        stop = text.find(EOT, start, end)
        yield Message(text[start + 1 : stop if stop >= 0 else end], text.count("\n", 0, start) + 1, stop >= 0)
        start = following


def last_line(text: str, form: re.Pattern[str]) -> tuple[str, str]:
    """Content and end line of a message whose ETX was lost on the way: the last line counts if it has the form of one."""
    lines = text.rstrip(_PADDING + "\f").split("\n")
    return ("\n".join(lines[:-1]), lines[-1]) if len(lines) > 1 and form.search(lines[-1]) else (text, "")


def begins_transmission(text: str) -> bool:
    """Whether nothing but padding and SYN stands before the first SOH."""
    return text.lstrip(_PADDING)[:1] == SOH


def printable(text: str) -> str:
    """The text without control characters; CR LF, LF CR and CR alone become a line feed."""
    return _CONTROLS.sub("", re.sub(r"\r\n|\n\r|\r", "\n", text))


def paragraphs(text: str) -> str:
    """Undo a typewriter's line breaks: one line a paragraph.

    A break is taken for a machine's if the next word would not have fitted on the line, or if the sentence plainly goes on.
    An indented line or an empty one begins a paragraph; lists and tables keep their lines.
    """
    lines = [line.rstrip() for line in printable(text).expandtabs(8).split("\n")]
    width = _wrap_width(lines)
    found: list[str] = []
    for block in _blocks(lines):
        is_prose = width and len(block) > 1 and median(len(line) for line in block[:-1]) > 0.6 * width
        previous = ""
        for line in block:
            words = " ".join(line.split())
            if previous and is_prose and _was_wrapped(previous, line, width):
                found[-1] += " " + words
            else:
                found.append(words)
            previous = line
    return "\n".join(found)


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """What stands between empty lines."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def _wrap_width(lines: list[str]) -> int:
    """The longest line of prose; 0 where lines are not broken at a width."""
    prose = [len(line) for line in lines if len(line.split()) >= 6 and "  " not in line.strip() and not line.startswith("   ")]
    widest = max(prose, default=0)
    return widest if _MIN_WRAP <= widest <= 100 else 0


def _was_wrapped(line: str, following: str, width: int) -> bool:
    if following.startswith(("   ", "- ", "* ", "• ")):
        return False
    goes_on = len(line) >= _MIN_WRAP and line[-1] not in '.!?:;”"' and following[0].islower()
    return goes_on or len(line) + 1 + len(following.split()[0]) > width


def change_of(*texts: str | None) -> Change | None:
    """What the flags, keyword or note of a message say the version is: `1ST LEAD`, `2nd Ld-Writethru`, `REFILE` …"""
    for change, words in _CHANGE_WORDS:
        if any(text and words.search(text) for text in texts):
            return change
    return None


END_LINE = re.compile(r"^[\x00-\x20\x7f]*\d{6}\s*(?:[A-Z]{1,4}\s+)?[^\W\d_]{3,10}\.?\s+(?:\d{4}|\d\d)[\x00-\x20\x7f]*$")
_DAY_TIME_MONTH = re.compile(r"\b(\d\d)(\d\d)(\d\d)\s*([A-Z]{1,4})?\s+([^\W\d_]{3,10})\.?\s+(\d{4}|\d\d)\b")


def teleprinter_time(text: str) -> datetime | None:
    """`071341 GMT Okt 15`: day, hour, minute, zone, month (in English, German, French, Spanish, Italian …), year."""
    match = _DAY_TIME_MONTH.search(text)
    if not match:
        return None
    day, hour, minute = (int(part) for part in match.group(1, 2, 3))
    month, zone = times.month_of(match[5]), times.zone_of(match[4] or "GMT")
    return moment(int(match[6]), month, day, hour, minute, zone) if month and zone else None


def moment(year: int, month: int, day: int, hour: int, minute: int, zone: tzinfo) -> datetime | None:
    """A time in UTC, None if there is no such day or hour. Two-digit years are 1970 to 2069."""
    if year < 100:
        year += 1900 if year >= 70 else 2000
    try:
        return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
