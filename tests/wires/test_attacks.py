"""Documents made to harm: nothing is fetched, nothing expanded, nothing hangs, and each is refused in one line."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from teletipo.errors import UnreadableWire
from teletipo.wires import read
from teletipo.wires.source import MAX_BYTES

ITEM = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1" version="1">'
    '<itemMeta><provider literal="x"/></itemMeta>'
    "<contentMeta><headline>H</headline></contentMeta><contentSet><inlineXML>"
    '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{}</p></body></html></inlineXML></contentSet></newsItem>'
)
RSS = "<rss><channel><title>t</title><item><guid>1</guid><title>x</title><description>{}</description></item></channel></rss>"
LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection fails the test."""

    def refuse(*_: object) -> None:
        raise AssertionError("a reader opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("document", [ITEM, RSS])
@pytest.mark.parametrize(
    ("subset", "reference"),
    [
        (LAUGHS, "&j;"),
        (f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 10_000),
        (f'<!ENTITY a "{"x" * 190}">', "&a;" * 100_000),
        ('<!ENTITY a SYSTEM "http://127.0.0.1:9/secret">', "&a;"),
        ('<!ENTITY % p "<!ENTITY a SYSTEM \'http://127.0.0.1:9/\'>"> %p;<!ENTITY a "&b;">', "&a;"),
    ],
)
def test_entities_are_refused_quickly(document: str, subset: str, reference: str) -> None:
    started = time.process_time()
    with pytest.raises(UnreadableWire, match="entit"):
        read(f"<!DOCTYPE x [{subset}]>{document.format(reference)}".encode())
    assert time.process_time() - started < 5


@pytest.mark.parametrize("document", [ITEM, RSS])
def test_a_local_file_is_never_read(tmp_path: Path, document: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    doctype = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(UnreadableWire) as refusal:
        read((doctype + document.format("&a;")).encode())
    assert "the secret" not in str(refusal.value)
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>'
    (item,) = read(document.format(include + "rest").encode()).items
    assert item.body == "rest"


@pytest.mark.parametrize("document", [ITEM, RSS])
def test_trap_2_a_dtd_that_nobody_has_is_no_obstacle(document: str) -> None:
    doctype = (
        '<!DOCTYPE x PUBLIC "-//X//DTD x//EN" "http://127.0.0.1:9/x.dtd" '
        '[<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p; <!ENTITY euro "&#8364;"> <!ENTITY q SYSTEM "file:///unused">]>'
    )
    (item,) = read((doctype + document.format("5 &euro; and &oacute; &amp; more")).encode()).items
    assert item.body == "5 € and ó & more"


@pytest.mark.parametrize(
    "document",
    [
        "<a>" * 200_000,
        ITEM.format("<b>" * 100_000 + "x" + "</b>" * 100_000),
        "<NewsML>" + "<NewsComponent>" * 100_000,
        "[" * 200_000,
        '{"a":' * 200_000 + "1" + "}" * 200_000,
        "<!DOCTYPE x [" + "<!--'-->" * 100_000,
        ITEM.format("<![CDATA[" * 100_000),
        "<" * 1_000_000,
        "<i/>" * 1_100_000,
        "[" + "[]," * 1_500_000 + "[]]",
    ],
)
def test_depth_breadth_and_endless_openings(document: str) -> None:
    started = time.process_time()
    with pytest.raises(UnreadableWire) as refusal:
        read(document.encode())
    assert "\n" not in str(refusal.value)
    assert time.process_time() - started < 20


def test_a_document_that_is_too_large() -> None:
    with pytest.raises(UnreadableWire, match="larger than 32 MiB"):
        read(b" " * (MAX_BYTES + 1))


def test_a_text_that_is_too_long_for_a_record() -> None:
    with pytest.raises(UnreadableWire, match="at most 1000000"):
        read(ITEM.format("word " * 250_000).encode())


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b" \r\n\t",
        b"\x00" * 10_000,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)),
        b"\x1f\x8b\x08" + bytes(1000),
        b"PK\x03\x04" + bytes(1000),
        b'<svg xmlns="http://www.w3.org/2000/svg"><title>News</title><text>Long text of a drawing</text></svg>',
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultstring>no</faultstring></s:Fault>'
        b"</s:Body></s:Envelope>",
        b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form><input><p>Sign in.</p></form></body></html>",
        b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
        b'{"name": "x", "version": "1.0.0", "dependencies": {"a": "^1"}}',
        b"[1, 2, 3]",
        b"{}",
        b'"text"',
        b"<?xml version='1.0'?>",
        b'<opml version="2.0"><head><title>t</title></head><body><outline text="x"/></body></opml>',
        b"root:x:0:0:root:/root:/bin/sh\n",
    ],
)
def test_what_is_no_wire_is_refused_in_one_line(document: bytes) -> None:
    with pytest.raises(UnreadableWire) as refusal:
        read(document)
    assert str(refusal.value).strip()
    assert "\n" not in str(refusal.value)
