"""More documents made to harm or to mislead: polyglots, mails in mails, floods of small things, codecs that are no charset."""

from __future__ import annotations

import gzip
import io
import json
import time
import zipfile

import pytest
from teletipo.errors import UnreadableWire
from teletipo.records import dumps
from teletipo.wires import read

RSS = "<rss version='2.0'><channel><title>t</title>{}</channel></rss>"
ENTRY = "<item><guid>{0}</guid><title>T {0}</title><link>http://x.example/{0}</link><description>{1}</description></item>"
ONE = RSS.format(ENTRY.format(1, "Text."))
MAIL = (
    "From: a@b.example\nTo: c@d.example\nSubject: x\nMessage-ID: <1@b.example>\nDate: Mon, 1 Jan 2029 00:00:00 +0000\n"
    "MIME-Version: 1.0\n"
)


def within(seconds: float, document: bytes) -> list[str]:
    """The texts of the items, or the refusal (one line); fails if it takes longer than so much CPU time."""
    started = time.process_time()
    try:
        found = [f"{item.headline}: {item.body}" for item in read(document).items]
    except UnreadableWire as refusal:
        found = [f"refused: {refusal}"]
    assert not any("\n" in text for text in found if text.startswith("refused"))
    assert time.process_time() - started < seconds
    return found


def zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("wire.xml", data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"%PDF-1.7\n" + ONE.encode(), "a PDF document"),
        (b"GIF89a" + ONE.encode(), "a GIF image"),
        (b"<html><!-- " + ONE.encode() + b" --><body><h1>404 Not Found</h1></body></html>", "HTML page"),
        (b"<!DOCTYPE html><html><body><pre>" + ONE.encode(), "HTML page"),
        (b"#!/usr/bin/env python\nfeed = '" + ONE.replace("</item>", "").encode() + b"' % (a < b)\n", ""),
        (gzip.compress(ONE.encode() * 1000), "gzip data"),
        (zipped(b"0" * 20_000_000), "a ZIP archive"),
        (b"BZh91AY&SY" + bytes(range(256)), "bzip2 data"),
        (b"\xfd7zXZ\x00" + bytes(range(256)), "xz data"),
        (b"{\\rtf1\\ansi {\\b News} of the day}", "an RTF document"),
    ],
)
def test_a_wire_inside_something_else_is_no_wire(document: bytes, reason: str) -> None:
    (found,) = within(5, document)
    assert found.startswith("refused: ")
    assert reason in found


def nested(depth: int) -> bytes:
    """Multiparts in multiparts, a text in the innermost."""
    opening = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    closing = "".join(f"\n--b{n}--\n" for n in reversed(range(depth)))
    return f"{MAIL}{opening}Content-Type: text/plain\n\nThe text.\n{closing}".encode()


def test_mails_in_mails() -> None:
    assert within(5, nested(50)) == ["x: The text."]
    assert within(5, nested(1_000))[0].startswith(("refused: ", "x: "))
    assert within(5, nested(50_000))[0].startswith("refused: ")


@pytest.mark.parametrize(
    "tail",
    [
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 100_000 + "--b--\n",
        "X: " + "=?utf-8?B?QUFB?= " * 100_000 + "\n\nx\n",
        "Content-Type: text/plain" + "".join(f"; a*{n}=x" for n in range(20_000)) + "\n\nx\n",
        "Content-Type: multipart/mixed;\n" + " \n" * 200_000 + " boundary=b\n\nx\n",
        "X-A: b\n" * 200_000 + "\nx\n",
        "Content-Type: multipart/mixed; boundary=b\n\n"
        + '--b\nContent-Disposition: attachment; filename="a.xml"\n\n<newsItem/>\n' * 20_000
        + "--b--\n",
    ],
)
def test_floods_in_a_mail(tail: str) -> None:
    within(10, (MAIL + tail).encode())


@pytest.mark.parametrize(
    "inner",
    [
        "<?a b?>" * 300_000,
        "<!--a-->" * 300_000 + ENTRY.format(1, "Text."),
        ENTRY.format(1, "<![CDATA[a]]>" * 50_000),
        ENTRY.format(1, "&zz;<" + "<![CDATA[a]]>" * 50_000),
        ENTRY.format(1, "<![CDATA[" + "<div>" * 100_000 + "]]>"),
        ENTRY.format(1, "<![CDATA[" + "a<br>" * 100_000 + "]]>"),
        ENTRY.format(1, "<a " + " ".join(f"a{n}='1'" for n in range(50_000)) + "/>"),
        "".join(f"<p{n}:x>a</p{n}:x>" for n in range(20_000)),
        "".join(ENTRY.format(1, "x") for n in range(12_000)),
        "".join(ENTRY.format(n, "x <b>") for n in range(6_000)),
    ],
)
def test_floods_in_a_feed(inner: str) -> None:
    within(20, RSS.format(inner).encode())


def test_a_feed_of_many_entries_comes_out_whole() -> None:
    assert len(within(20, RSS.format("".join(ENTRY.format(n, f"Text {n}.") for n in range(12_000))).encode())) == 12_000


def page(linked: object, paragraphs: str) -> bytes:
    return (
        f"<!DOCTYPE html><html><head><script type='application/ld+json'>{json.dumps(linked)}</script></head>"
        f"<body><article>{paragraphs}</article></body></html>"
    ).encode()


def test_floods_in_a_page() -> None:
    assert within(2, page({}, "<p>a</p>" * 60_000)) == ["refused: an HTML page with more than 100000 tags"]
    said = " ".join(f"what was shown under number {n}" for n in range(20_000))
    other = "".join(f"<p>The minister of ports said on day {n} that the harbour opens.</p>" for n in range(2_000))
    within(20, page({"@type": "NewsArticle", "headline": "H", "articleBody": said}, other))


def test_scripts_and_pictures_are_no_text() -> None:
    html = '<p onload="x()">Text.</p><script>alert(1)</script><img src="data:image/png;base64,' + "A" * 500_000 + '"/><p>End.</p>'
    assert within(5, RSS.format(ENTRY.format(1, f"<![CDATA[{html}]]>")).encode()) == ["T 1: Text.\nEnd."]


@pytest.mark.parametrize("name", ["unicode_escape", "raw_unicode_escape", "punycode", "idna", "zlib", "rot13", "undefined", "x"])
def test_codecs_that_are_no_charset(name: str) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?>'.encode() + RSS.format(ENTRY.format(1, "t\\x41 xn--\xe9")).encode("latin-1")
    assert within(5, data) == ["T 1: t\\x41 xn--é"]


def test_utf_7_is_text_and_no_way_around_anything() -> None:
    assert within(5, b"<?xml version='1.0' encoding='UTF-7'?>" + ONE.encode("utf-7")) == ["T 1: Text."]
    hidden = RSS.format(ENTRY.format(1, "+ADw-script+AD4-x+ADw-/script+AD4- Text."))
    assert within(5, hidden.encode())[0].endswith("Text.")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("declared", ["utf-16", "utf-8", "iso-8859-1"])
def test_wide_charsets_with_and_without_mark_whatever_is_declared(charset: str, declared: str) -> None:
    text = f"<?xml version='1.0' encoding='{declared}'?>" + RSS.format(ENTRY.format(1, "Añil €."))
    assert within(5, text.encode(charset)) == ["T 1: Añil €."]


def test_nuls_and_mixed_line_ends() -> None:
    assert within(5, RSS.format(ENTRY.format(1, "a\r\n\r\nb\rc\0d\n\ne")).encode())[0].replace("\n", "") == "T 1: abcde"


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (b'{"uri":"urn:a","uri":"urn:b","headline":"H1","headline":"H2","body_text":"x"}', "H2: x"),
        (b'{"uri":"urn:a","version":NaN,"urgency":Infinity,"headline":"H","body_text":"x"}', "H: x"),
        (b'{"uri":"urn:a","version":' + b"9" * 1_000_000 + b',"headline":"H","body_text":"x"}', "H: x"),
        (b'{"uri":"urn:a\\ud800","headline":"\\udc00H","body_text":"x \\ud83d"}', "\ufffdH: x \ufffd"),
        (b'{"uri":"urn:a","headline":"H","body_text":"x",}', "H: x"),
        (b'{"a":"' + b'\\"' * 1_000_000, "refused: not JSON"),
        (b'["' + b'",' * 300_000, "refused: not JSON"),
        (b'{"uri":"urn:a","headline":"H"}\n' + b"{bad\n" * 200_000, "refused: not JSON"),
    ],
)
def test_trap_23_json_that_is_not_plain(document: bytes, found: str) -> None:
    (text,) = within(20, document)
    assert text.startswith(found)
    if not text.startswith("refused"):
        json.loads(dumps(read(document).items[0]).decode("utf-8"))


@pytest.mark.parametrize(
    "document",
    [
        b"\x01" * 500_000,
        b"\x01eca001 3 pl  10 dpa 1\r\nk\r\n\x02" + b"\n =" * 300_000,
        b"\x16\x16\x01V4644\x1fabc\r\nr e\x13\x10 " + b" " * 500_000 + b"\x02x",
        b"ZCZC AAP\n" + b" " * 1_000_000 + b"\nNNNN",
        b"Source: x\nMEDIA RELEASE PR123\n" + b"a" * 1_000_000,
        b"A" + b", a" * 200_000,
        b"A " * 500_000,
    ],
)
def test_runs_in_a_typewriter_text(document: bytes) -> None:
    within(20, document)


@pytest.mark.parametrize(
    "document",
    [
        json.dumps({"uri": "urn:a", "headline": "H", "body_text": "ab " * 3_000_000}).encode(),
        json.dumps({"uri": "urn:a", "headline": "ab " * 3_000_000, "body_text": "x"}).encode(),
        (MAIL + "\n" + "ab " * 3_000_000).encode(),
    ],
)
def test_a_text_longer_than_any_story_is_refused_before_it_takes_memory(document: bytes) -> None:
    assert "characters" in within(5, document)[0]
