"""E-mail (RFC 5322, MIME): Message-ID, Subject, Date, and the `text/plain` part, else the `text/html` one.

A newsroom form sent as JSON in the body (AAP) is read as what it is: its own headline, abstract and text. Wires that are
attached as files follow the mail's own record, which is left out where the mail itself has no text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from itertools import islice

from teletipo.errors import UnreadableWire
from teletipo.records.raw import RawItem
from teletipo.wires import detect
from teletipo.wires.context import Context
from teletipo.wires.json_fields import bounded, digest
from teletipo.wires.markup import html_to_text
from teletipo.wires.source import Source, decode_bytes
from teletipo.wires.teleprinter import paragraphs
from teletipo.wires.xml_fields import MOST_ITEMS

FORMAT = "email"

_HEADER = re.compile(rb"(?P<name>[!-9;-~]{1,60}):[ \t]?")
_TELLING = {b"from", b"date", b"subject", b"message-id", b"received", b"mime-version", b"return-path", b"delivered-to", b"to"}
_NEEDED = ({b"from", b"received", b"return-path"}, {b"subject", b"message-id", b"date"})
_SIGNATURE = re.compile(r"^--[ \t]?$.*", re.M | re.S)
_MBOX = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\n]{1,200}\d{4}[^\n]{0,20}\n")
_MAX_PARTS = 500
_MOST_ATTACHED = 50
_OPENINGS = (b"<", b"{", b"[", b"\x01", b"\x16", b"\xef", b"\xff", b"\xfe")
"""What a wire's mark-up, an envelope or a byte-order mark begins with."""
_NO_ATTACHED_WIRE = {"email", "html", "text", "news.raw"}
"""Formats that are no agency's own mark-up: a page or a note beside a mail is none of its wires."""
_MAX_HEADER = 4000


def is_mail(data: bytes) -> bool:
    """Whether the data opens with a header block: a sender, and a subject, date or id, nothing that is no header field."""
    seen: set[bytes] = set()
    for line in data[:65536].lstrip().split(b"\n")[:200]:
        if not line.strip():
            break
        field = _HEADER.match(line)
        if field:
            seen.add(field["name"].lower())
        elif not line.startswith((b" ", b"\t", b"From ", b">From ")):
            return False
    return len(seen & _TELLING) >= 3 and all(seen & needed for needed in _NEEDED)


def open_mail(data: bytes) -> Message:
    """The parsed message; white space before the first header is not part of it."""
    return message_from_bytes(data.lstrip(), policy=policy.compat32)


def header(message: Message, name: str) -> str | None:
    """A header decoded (RFC 2047) on one line; None if it is absent or empty. Unknown charsets are read as windows-1252."""
    value = next((value for key, value in message.raw_items() if key.lower() == name.lower()), None)
    if value is None:
        return None
    # What is not ASCII stands there unencoded, against the rule: the parser keeps such bytes as surrogates.
    raw = decode_bytes(str(value)[:_MAX_HEADER].encode("ascii", "surrogateescape"), None)
    parts = []
    try:
        chunks = decode_header(raw)
    except ValueError:
        return " ".join(raw.split()) or None
    for chunk, charset in chunks:
        parts.append(chunk if isinstance(chunk, str) else decode_bytes(chunk, charset))
    return " ".join("".join(parts).split()) or None


def recognises(source: Source) -> bool:
    """Whether the data opens with a mail's header block."""
    return is_mail(_octets(source))


def _octets(source: Source) -> bytes:
    """The mail as it went over the net: a byte-order mark, and UTF-16, are an editor's."""
    wide = source.data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in source.data[:64]
    return source.text.encode("utf-8", "replace") if wide else source.data.removeprefix(b"\xef\xbb\xbf")


def _messages(data: bytes) -> list[bytes]:
    """The messages of an mbox (each begins with a line `From …`), or the one that there is."""
    return [message for message in _MBOX.split(data) if message.strip()] if data.startswith(b"From ") else [data]


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The records of a message, or of each in an mbox."""
    messages = _messages(_octets(source))
    for number, data in enumerate(islice(messages, MOST_ITEMS), start=1):
        try:
            yield from _read_one(data, context)
        except UnreadableWire as fault:
            if len(messages) == 1:
                raise
            context.lost(f"message {number}: {fault}")


def _read_one(data: bytes, context: Context) -> Iterator[RawItem]:
    message = open_mail(data)
    if message.get_content_type() == "multipart/report":
        raise UnreadableWire("a mail server's report, no wire")
    text, is_html = _story(message)
    form = _form(text) if not is_html else {}
    body = html_to_text(text) if is_html else form.get("body", paragraphs(_SIGNATURE.sub("", text)))
    sender = parseaddr(header(message, "From") or "")[1]
    item = RawItem(
        provider=context.provider(sender.rpartition("@")[2].lower() or None),
        item_id=(header(message, "Message-ID") or "").strip("<> ")
        or digest(header(message, "Subject"), header(message, "Date"), body),
        version=0,
        published_at=context.time(header(message, "Date")),
        language=context.language((header(message, "Content-Language") or "").split(",")[0] or None),
        headline=form.get("headline") or header(message, "Subject"),
        slug=form.get("slugline"),
        summary=form.get("abstract"),
        body=body,
        urgency=context.urgency(form.get("urgency") or form.get("priority")),
    )
    context.set_status(item, None, None)
    attached = list(_attached(message, context, item.provider))
    if not (item.headline or item.body or attached):
        raise UnreadableWire("an e-mail without subject and text")
    if item.body or not attached:
        yield item
    yield from attached


def _attached(message: Message, context: Context, sender: str) -> Iterator[RawItem]:
    """The items of the wires that are attached as files; one that is broken is lost, what is no wire is passed over.

    One that names no provider comes from who sent the mail.
    """
    files = (part for part in islice(message.walk(), _MAX_PARTS) if part.get_filename() and not part.is_multipart())
    for number, part in enumerate(files):
        if number == _MOST_ATTACHED:
            context.lost(f"more than {_MOST_ATTACHED} files are attached; the others were not looked at")
            return
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or payload.lstrip()[:1] not in _OPENINGS:
            continue
        name = " ".join(str(part.get_filename()).split())[:100]
        try:
            source = Source(payload, name)
            reader = detect.find(source)
        except UnreadableWire as fault:
            if str(fault).startswith("not "):
                context.lost(f"attachment {name}: {fault}")
            continue
        if reader.FORMAT in _NO_ATTACHED_WIRE:
            continue
        inner = Context(reader.FORMAT, context.profiles, context.given_provider or sender)
        try:
            yield from islice(reader.read(source, inner), MOST_ITEMS)
        except UnreadableWire as fault:
            context.lost(f"attachment {name}: {fault}")
        for loss in inner.losses:
            context.lost(f"attachment {name}: {loss}")


def _story(message: Message) -> tuple[str, bool]:
    """The first `text/plain` part with text in it, else the first `text/html` one (then True). Attachments do not count."""
    found: dict[str, str] = {}
    for number, part in enumerate(message.walk()):
        kind = part.get_content_type()
        if number >= _MAX_PARTS or len(found) == 2:
            break
        if kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and kind not in found:
            text = _text_of(part)
            if text.strip():
                found[kind] = text
    return (found["text/plain"], False) if "text/plain" in found else (found.get("text/html", ""), True)


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    charset = part.get_param("charset")
    text = bounded(decode_bytes(payload, charset if isinstance(charset, str) else None)) if isinstance(payload, bytes) else ""
    text = text.replace("\r\n", "\n")
    if part.get_param("format") == "flowed":
        text = re.sub(r" \n(?!-- \n)", "" if part.get_param("delsp") == "yes" else " ", text)
    return text


def _form(text: str) -> dict[str, str]:
    """The fields of a form that stands as JSON in the body; {} if there is none. Who filled it in is not taken."""
    if not text.lstrip().startswith("{"):
        return {}
    try:
        given = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return {}
    found: dict[str, str] = {}
    for name, value in given.items():
        values = [line for line in (value if isinstance(value, list) else [value]) if isinstance(line, str) and line.strip()]
        if values:
            found[name.lower()] = "\n".join(line.strip() for line in values)
    return found if "body" in found or "headline" in found else {}
