"""Documents that came damaged or oddly made, judged field by field."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from teletipo import wires
from teletipo.errors import UnreadableWire

Read = Callable[..., wires.Reading]

SEVENTY_NINE_OH_ONE = (
    b"\x01bsd077 4 pl 99 axx 0012\r\n\nHafen/Streik/\r\n\x022ND LEAD\r\nHafen von Velmar wieder offen =\r\n\n"
    b"   Velmar (axx) - Der Hafen ist wieder offen.\r\n\r\naxx ab cd\r\n\r\n"
)
ANPA = (
    b"\x16\x16\x01a1234\x1fxx-\r\nr i\x13\x11 BC-Velmar-Port 1stLd-Writethru   05-04 0120\r\n"
    b"\x02^BC-Velmar-Port, 1st Ld-Writethru,120<\r\n^Velmar port reopens<\r\n^Eds: UPDATES with quotes.<\r\n^By ANA SOL=\r\n"
    b"\t   VELMAR (AE) _ The port \x0freopened\x0e Tuesday,\x00 officials\x1b said.\r\n"
)


@pytest.mark.parametrize("end", [b"041137 GMT Mai 31\r\n\x7f\n\x04", b"041137 GMT Mai 31\r\n", b"\x03041137 GMT Mai 31\r\n\x04"])
def test_a_7901_message_that_lost_its_etx_keeps_its_end_line(read: Read, end: bytes) -> None:
    (item,) = read(SEVENTY_NINE_OH_ONE + end).items
    assert (item.item_id, str(item.published_at)) == ("bsd077:20310504", "2031-05-04 11:37:00+00:00")
    assert (item.slug, item.change) == ("Hafen/Streik", "update")
    assert item.body == "Velmar (axx) - Der Hafen ist wieder offen.\naxx ab cd"


@pytest.mark.parametrize("end", [b"AE-WF-05-04-31 1137GMT<\r\n\x0c\r\n\x04", b"\x03AE-WF-05-04-31 1137GMT<\r\n\x0c\r\n\x04"])
def test_an_anpa_message_that_lost_its_etx_keeps_its_end_line(read: Read, end: bytes) -> None:
    (item,) = read(ANPA + b"\t   " + end).items
    assert (item.item_id, str(item.published_at)) == ("a1234:20310504", "2031-05-04 11:37:00+00:00")
    assert item.body == "VELMAR (AE) — The port reopened Tuesday, officials said."
    assert (item.headline, item.byline) == ("Velmar port reopens", "By ANA SOL")


@pytest.mark.parametrize("document", [SEVENTY_NINE_OH_ONE[:-30], ANPA[:-30]])
def test_a_transmission_that_is_cut_off_is_never_half_a_story(read: Read, document: bytes) -> None:
    with pytest.raises(UnreadableWire, match="cut off"):
        read(document)
    whole = SEVENTY_NINE_OH_ONE.replace(b"077", b"078") + b"\x03041137 GMT Mai 31\r\n\x04"
    if document in SEVENTY_NINE_OH_ONE:
        reading = read(whole + document)
        assert [item.item_id for item in reading.items] == ["bsd078:20310504"]
        assert len(reading.losses) == 1


def ninjs(**fields: object) -> bytes:
    return json.dumps({"uri": "urn:n:1", "type": "text", "versioncreated": "2031-05-04T10:00:00Z", **fields}).encode()


def test_of_several_bodies_the_main_one_is_the_story(read: Read) -> None:
    bodies = [
        {"role": "summary", "contenttype": "text/plain", "value": "corto"},
        {"role": "main", "contenttype": "text/html", "value": "<p>Uno.</p><p>Dos.</p>"},
        {"role": "text", "contenttype": "text/plain", "value": "Uno.\nDos."},
    ]
    (item,) = read(ninjs(bodies=bodies, by=[{"role": "writer", "value": "Ana Sol"}, {"value": "Luis Mar"}])).items
    assert (item.body, item.byline) == ("Uno.\nDos.", "Ana Sol, Luis Mar")
    (flat,) = read(ninjs(body_caption="corto", body_xhtml="<p>Uno.</p>")).items
    assert flat.body == "Uno."
    (only,) = read(ninjs(bodies=bodies[:1])).items
    assert only.body == "corto"


def test_an_efe_item_with_its_text_beside_packageinfo(read: Read) -> None:
    document = {
        "packageInfo": {"id": "55009000007", "version": 3, "firstCreated": "20310504T113703+0000"},
        "title": "El puerto reabre", "text": "<p>Velmar, 4 may (EFE).- Uno &amp; dos.</p><p>Tres. EFE</p>", "guide": "VELMAR PUERTO",
        "metaData": {"langCode": "es", "iptcList": [{"code": "04000000"}]},
    }  # fmt: skip
    (item,) = read(json.dumps(document).encode()).items
    assert (item.headline, item.slug, item.version) == ("El puerto reabre", "VELMAR PUERTO", 3)
    assert item.body == "Velmar, 4 may (EFE).- Uno & dos.\nTres. EFE"


def test_relative_addresses_of_atom_count_from_every_base_around_them(read: Read) -> None:
    feed = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example/feed/"><title>t</title><id>f</id>
<entry xml:base="2031/"><id>tag:blog.example,2031:1</id><title>Uno</title><link href="post-1"/><summary>Dos.</summary></entry>
<entry xml:base="/otro/"><id>tag:blog.example,2031:2</id><title>Tres</title><link href="post-2"/></entry></feed>"""
    assert [item.url for item in read(feed).items] == [
        "https://blog.example/feed/2031/post-1",
        "https://blog.example/otro/post-2",
    ]
    assert read(feed).items[0].provider == "rss:blog.example"


ARTICLE = {"@type": "NewsArticle", "headline": "Sube el pan", "datePublished": "2031-05-04T08:00:00Z", "author": "Redacción"}


def test_paragraphs_that_only_json_ld_has_are_kept(read: Read) -> None:
    story = ARTICLE | {"articleBody": "El pan sube un 3 % en mayo.\n\nLo dijo el instituto de estadística.\n\nSeguirá subiendo."}
    page = f'<html><head><script type="application/ld+json">{json.dumps([{"@type": "WebSite"}, story])}</script></head><body><p>x</p></body></html>'
    (item,) = read(page.encode()).items
    assert item.body.split("\n") == ["El pan sube un 3 % en mayo.", "Lo dijo el instituto de estadística.", "Seguirá subiendo."]


@pytest.mark.parametrize(("before", "after"), [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("", ";")])
def test_json_ld_in_wrapping_of_old_pages_and_with_a_comma_too_many(read: Read, before: str, after: str) -> None:
    linked = json.dumps(ARTICLE)[:-1] + ', "image": ["x",],}'
    text = "".join(f"<p>Frase {n} de la nota sobre el precio del pan en los mercados de la ciudad.</p>" for n in range(6))
    page = f'<html><head><script type="application/ld+json">{before}\n{linked}\n{after}</script></head><body><article>{text}</article></body></html>'
    (item,) = read(page.encode()).items
    assert (item.headline, item.byline) == ("Sube el pan", "Redacción")
    assert item.body.startswith("Frase 0 de la nota")


def test_a_newsml_kill_without_a_revision_has_the_id_of_what_it_kills(read: Read) -> None:
    identification = """<Identification><NewsIdentifier><ProviderId>anp.example</ProviderId><DateId>20310504</DateId>
<NewsItemId>ANP-040531-12-v{0}</NewsItemId>{1}
<PublicIdentifier>urn:newsml:anp.example:20310504:ANP-040531-12-v{0}:{0}N</PublicIdentifier></NewsIdentifier></Identification>"""
    item = """<NewsML><NewsItem>{0}<NewsManagement><Status FormalName="{1}"/></NewsManagement>
<NewsComponent><NewsLines><HeadLine>Puerto</HeadLine></NewsLines></NewsComponent></NewsItem></NewsML>"""
    (story,) = read(item.format(identification.format(1, "<RevisionId>1</RevisionId>"), "Usable").encode()).items
    (kill,) = read(item.format(identification.format(2, ""), "Canceled").encode()).items
    assert (kill.item_id, kill.status, kill.version) == (story.item_id, "canceled", None)
    assert story.item_id.endswith(":ANP-040531-12")


def test_a_wire_in_a_mail_that_names_no_provider_comes_from_the_sender(read: Read) -> None:
    nitf = """<nitf baselang="es"><head><docdata><doc-id id-string="VEL-77"/></docdata></head><body><body.head><hedline>
<hl1>El puerto reabre</hl1></hedline></body.head><body.content><p>Uno.</p></body.content></body></nitf>"""
    mail = f"""From: Mesa <mesa@austral.example>
Subject: =?utf-8?q?Env=C3=ADo?=
Message-ID: <m1@austral.example>
Date: Sun, 4 May 2031 12:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: application/xml; name=vel.xml
Content-Disposition: attachment; filename=vel.xml
Content-Transfer-Encoding: base64

{base64.b64encode(nitf.encode()).decode()}
--B--
"""
    (item,) = read(mail.encode()).items
    assert (item.provider, item.item_id, item.body) == ("austral.example", "VEL-77", "Uno.")
    (named,) = read(mail.encode(), provider="velmar").items
    assert named.provider == "velmar"
