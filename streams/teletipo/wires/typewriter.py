"""Typewriter-style text: `ZCZC` … `NNNN`, tag letters (AAP), `TI#` fields (News Bites), press releases, bulletins, tickers.

What none of the marks below vouches for is no wire: a plain text file is read only if it opens like a story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from teletipo.records.raw import RawItem, Subject
from teletipo.wires.context import Context
from teletipo.wires.json_fields import digest
from teletipo.wires.source import Source
from teletipo.wires.teleprinter import SOH, STX, paragraphs, printable

FORMAT = "text"

_START = re.compile(r"ZCZC\b[ \t]*(?P<rest>[^\n]*)", re.I)
_STOP = re.compile(r"^\s*NNNN\s*$", re.M | re.I)
_FIELD = re.compile(r"(?P<name>[A-Z]{2})#(?P<value>[^\n]*)")
_TAG = re.compile(r"(?P<tag>[%#$:=^&*+@~])(?P<value>[^\n]*)")
_MOST_TAGS = 40
_LARGEST = 3_000_000
_ROUTING = re.compile(r"[A-Z]{2} [A-Z]{2,4}$")
_RELEASE = re.compile(
    r"\s*Source:\s*(?P<source>[^\n]+)\n\s*MEDIA RELEASE (?P<number>PR\d+)[ \t]*\n(?P<headline>(?:[^\n]*\S[^\n]*\n)+)"
)
_BULLETIN = re.compile(r"\s*(?P<number>ID[A-Z]\d{5})\s*\n")
_DATELINE = re.compile(
    r"^\s*(?:[A-ZÀ-Ý][\w.' -]+(?:, [\w.' ]+){0,3})(?:, \d{1,2} \w+|, [A-Z]\w+\.? \d{1,2}(?:, \d{4})?)?\s*"
    r"(?:\((?:AAP|AP|Reuters|AFP|dpa|EFE|ANSA|PA|Xinhua|Kyodo|TASS)\)\s*[-–—]|(?:AAP|Reuters|AFP|EFE|Kyodo)\s*[-–—]|/PRNewswire[^/\n]*/)",
    re.M,
)
_DATED = re.compile(
    r"\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? \d{1,2}(?:st|nd|rd|th)? "
    r"[A-Z][a-z]{2,8},? (?:19|20)\d\d\b"
)
_SIGNATURE = re.compile(r"^(?:\S.*, [A-Z][a-z]{2,8} \d{1,2} )?(AAP)(?: - .*| [A-Z]{2,12})?$", re.M)
_TICKER = " ** "
_TYPESETTING = ((re.compile(r"#(?:me\d+:|fu\d+\??\.?|bb|nf|sfr)"), ""), (re.compile(r"#q[clr]"), "\n"))
_CODE = re.compile(r"[{}<>\\=;|]|::|\(\)|^\s*(?:#|//|import |def |class |\$ )", re.M)


@dataclass(slots=True)
class Typescript:
    """One plain text wire, its parts as far as its marks tell them."""

    number: str | None = None
    agency: str | None = None
    slug: str | None = None
    headline: str | None = None
    summary: str | None = None
    byline: str | None = None
    located: str | None = None
    source: str | None = None
    date: str | None = None
    subjects: list[str] = field(default_factory=list)
    body: str = ""


def is_wire(text: str) -> bool:
    """Whether the text bears a mark of a wire, or opens like a story."""
    if len(text) > _LARGEST:
        return False
    if text.lstrip("\x16 \r\n").startswith(SOH):
        return STX not in text and "\x1f" in text.split("\n", 1)[0]
    plain = printable(text).strip()
    head = plain[:1500]
    return bool(
        _START.match(plain)
        or _RELEASE.match(plain + "\n")
        or _BULLETIN.match(plain)
        or len(_FIELD.findall(head)) >= 3
        or _DATELINE.search(head)
        or _DATED.search(plain.split("\n", 1)[0])
        or plain.count(_TICKER) >= 2
        or _reads_like_a_story(plain)
    )


def _reads_like_a_story(plain: str) -> bool:
    """A headline line of its own, then at least three sentences of prose in two paragraphs, and no traces of code."""
    blocks = [block for block in re.split(r"\n\s*\n", plain) if block.strip()]
    prose = [block for block in blocks[1:] if len(block.split()) >= 12 and block.rstrip()[-1:] in '.?!”"»']
    headline = blocks[0].split() if blocks else []
    opens = 3 <= len(headline) <= 30 and blocks[0].rstrip()[-1:] not in ".:;,"
    sentences = len(re.findall(r"[.?!][”\"»]?\s", plain + " "))
    return opens and len(prose) >= 2 and sentences >= 3 and len(_CODE.findall(plain)) <= len(plain) / 500


def parse(text: str) -> list[Typescript]:
    """The messages of a file: one for each `ZCZC`, else one."""
    plain = printable(text.replace("\x1f", " ").replace("\x0f", "\n").replace("\x19", "\n")).strip("\n ")
    starts = [match.start() for match in re.finditer(r"^\s*ZCZC\b", plain, re.M | re.I)] or [0]
    if starts[0] > 0:
        starts[0] = 0
    return [_parse_one(plain[start:end]) for start, end in zip(starts, [*starts[1:], len(plain)], strict=True)]


def _parse_one(message: str) -> Typescript:
    script = Typescript()
    message = message.strip("\n ")
    start = _START.match(message)
    if start:
        _read_start(script, start["rest"].strip())
        message = _STOP.split(message[start.end() :], maxsplit=1)[0].lstrip("\n")
    release = _RELEASE.match(message + "\n")
    if release:
        script.source, script.number = release["source"].strip(), release["number"]
        script.headline = " ".join(release["headline"].split())
        script.body = paragraphs(message[release.end() :])
    elif len(_FIELD.findall(message[:1500])) >= 3:
        _read_fields(script, message)
    else:
        _read_tagged(script, message)
    return script


def _read_start(script: Typescript, rest: str) -> None:
    """`ZCZC AAP` names the agency, `ZCZC FMG123` service and number; number 000 is none."""
    match = re.match(r"([A-Z]{2,5})(\d{2,5})?\b", rest)
    if match and match[2] and int(match[2]):
        script.number = match[0]
    elif match and not match[2]:
        script.agency = match[1]


def _read_fields(script: Typescript, message: str) -> None:
    """News Bites: `AN#` number, `TI#` title, `AB#` abstract, `TX#` the text up to the end."""
    head, _, text = message.partition("\nTX#")
    fields = {match["name"]: match["value"].strip() or None for match in _FIELD.finditer(head)}
    script.number, script.headline, script.summary = fields.get("AN"), fields.get("TI"), fields.get("AB")
    script.byline, script.source, script.date = fields.get("BY"), fields.get("SO"), fields.get("PD")
    script.agency = fields.get("KN") or script.agency
    script.slug = fields.get("KY")
    script.body = paragraphs(text)


def _read_tagged(script: Typescript, message: str) -> None:
    """AAP: lines that begin with a tag letter stand before the text."""
    lines = message.split("\n")
    first = 1 if _ROUTING.match(lines[0]) else 0
    tags: dict[str, list[str]] = {}
    while first < min(len(lines), _MOST_TAGS) and (tag := _TAG.match(lines[first].strip())):
        if lines[first].startswith(("* ", "   ")):
            break
        tags.setdefault(tag["tag"], []).append(tag["value"].strip())
        first += 1
    lines = lines[first:]
    _read_tags(script, tags)
    bulletin = _BULLETIN.match("\n".join(lines) + "\n")
    if bulletin:
        script.number = bulletin["number"]
        _read_bulletin(script, lines[1:])
        return
    text = "\n".join(lines)
    for code, replacement in _TYPESETTING:
        text = code.sub(replacement, text)
    if "#" in message and text.count("^") > 10:
        text = text.replace("^", " ")
    text = re.sub(r"[<=]!?[ \t]*$", "", text, flags=re.M)
    if text.count(_TICKER) >= 2:
        text = text.replace(_TICKER, "\n").replace("**", "")
    elif script.headline is None:
        script.headline, text = _first_line(text)
    script.body = paragraphs(text)


def _read_tags(script: Typescript, tags: dict[str, list[str]]) -> None:
    """`^` headline, or `$` where it is no category letter; `#` or `:` keyword; `*` and `+` subject codes; `@` place.

    `&` is the editor's sign and goes nowhere.
    """
    headlines = [value for tag in "^$" for value in tags.get(tag, ()) if len(value) > 2]
    script.headline = headlines[0] if headlines else None
    keywords = [value for tag in "#:" for value in tags.get(tag, ()) if value]
    places = [value[1:-1] for value in tags.get(":", ()) if re.fullmatch(r"\([^()]+\)", value)]
    script.slug = next((value for value in keywords if value.strip("()") not in places), None)
    script.located = next(iter([*places, *tags.get("@", ())]), None) or None
    script.subjects = [value for tag in "*+" for value in tags.get(tag, ()) if re.fullmatch(r"\d{8}", value)]


def _read_bulletin(script: Typescript, lines: list[str]) -> None:
    """A bureau's bulletin: who and where in the first block, the title in the second, the text after it."""
    blocks = re.split(r"\n\s*\n", "\n".join(lines).strip("\n"))
    script.source = blocks[0].split("\n")[0].strip() or None
    if len(blocks) > 1:
        script.headline = " ".join(blocks[1].split())
    script.body = paragraphs("\n\n".join(blocks[2:]))


def _first_line(text: str) -> tuple[str | None, str]:
    """The first line as headline if it stands like one: short, no full stop, no dateline, something after it."""
    first, _, rest = text.lstrip("\n").partition("\n")
    words = first.split()
    if (
        rest.strip()
        and 1 < len(words) <= 20
        and first.rstrip()[-1:] not in ".-,:;…"
        and not _DATELINE.match(first)
        and not first[0].isspace()
    ):
        return " ".join(words), rest
    return None, text


def recognises(source: Source) -> bool:
    """Whether the text bears a mark of a wire, or opens like a story."""
    return is_wire(source.text)


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """One record for each message."""
    for number, script in enumerate(parse(source.text), start=1):
        if script.headline or script.body:
            yield _item(script, context)
        else:
            context.lost(f"message {number}: no text")


def _item(script: Typescript, context: Context) -> RawItem:
    signed = _SIGNATURE.search(script.body)
    agency = script.agency or (signed[1] if signed else None)
    item = RawItem(
        provider=context.provider(agency.lower() if agency else None),
        item_id=script.number or script.slug or digest(script.headline, script.body),
        version=0,
        published_at=context.time(script.date),
        headline=script.headline,
        slug=script.slug,
        byline=script.byline,
        located=script.located,
        summary=script.summary,
        body=script.body,
        subjects=[Subject("iptc", code) for code in script.subjects],
        source=script.source,
    )
    context.set_status(item, None, None)
    return item
