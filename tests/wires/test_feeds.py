"""RSS, Atom, RDF and article pages. Numbers name the traps of the wire specification."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from teletipo.errors import UnreadableWire
from teletipo.records import Subject
from teletipo.wires import feed_salvage


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_rss(read):
    """1 foreign names are not RSS's own, 11 times, 14 the description is the summary, 18 language, 19 escapes, 20 ids."""
    reading = read("rss.xml")
    first, second, a, b, bare = reading.items
    assert reading.format == "rss"
    assert (first.provider, first.item_id, first.version) == ("rss:elfaro.example", "https://www.elfaro.example/a1", 0)
    assert (first.headline, first.byline) == ("El puerto & la lonja reabren", "Ana Costa, Luis Mar")
    assert first.body == "Primer párrafo.\nSegundo & último.\nLunes | 12"
    assert (first.summary, first.language, first.usage_terms) == ("Entradilla corta", "es-ES", "(c) El Faro")
    assert (first.published_at, first.updated_at) == (utc(2021, 7, 26, 14, 31, 38), utc(2021, 7, 26, 14))
    assert (first.subjects, first.url) == ([Subject("temas", "Puertos", "Puertos")], "https://www.elfaro.example/a1?at=rss")
    assert (second.item_id, second.published_at, second.body) == (
        "https://www.elfaro.example/relativo/2",
        None,
        "Línea uno.\nLínea dos.",
    )
    assert [a.item_id, b.item_id] == ["https://www.elfaro.example/ra", "https://www.elfaro.example/rb"]
    assert len(bare.item_id) == 32
    assert bare.item_id == read("rss.xml").items[-1].item_id


def test_efe_rss_without_a_channel(read):
    """4 the root is closed at once, its declarations are text, a prefix is unbound: all 20 items come out by number."""
    items = read("rss_efe.xml").items
    assert [item.item_id for item in items] == [str(8000 + number) for number in range(20)]
    assert {item.provider for item in items} == {"efe"}
    assert items[0].updated_at == utc(2021, 7, 26, 14, 31, 38)
    assert items[3].body == "Ciudad Faro, 26 jul (EFE).- Texto 3."


def test_efe_rss_whose_root_is_an_empty_element(read, fixture):
    data = fixture("rss_efe.xml").replace(b'<rss version="2.0">', b'<rss version="2.0"/>').replace(b"</rss>", b"")
    assert len(read(data).items) == 20


def test_repairs(read):
    """2 a DOCTYPE with an entity nobody has, 19 a second declaration, bare &, HTML entities, 0x07, `<rss:item>`."""
    (item,) = read("rss_repair.xml").items
    assert (item.headline, item.provider) == ("R&D en el puerto", "rss:elfaro.example")
    assert item.body == 'óptimo "faro" ’ok’'


def test_a_broken_feed_gives_what_is_whole(read):
    reading = read("rss_broken.xml")
    assert [item.item_id for item in reading.items] == ["1", "3"]
    assert [loss.split(":")[0] for loss in reading.losses] == ["line 3", "line 5"]


def test_a_feed_of_nothing_but_ruins_is_unreadable(read):
    with pytest.raises(UnreadableWire):
        read(b"<rss><channel><item><title>a")
    with pytest.raises(UnreadableWire):
        read(b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</ti')


@pytest.mark.parametrize(
    "empty", [b'<rss version="2.0"><channel><title>x</title></channel></rss>', b"<rss>\n</rss", b"<CHANNEL>\n</CHANNEL>"]
)
def test_a_feed_without_entries_is_no_error(read, empty):
    reading = read(empty)
    assert (reading.items, reading.losses) == ([], [])


@pytest.mark.parametrize(
    "attack",
    [
        b'<!DOCTYPE rss [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>',
    ],
)
def test_entities_are_not_expanded(read, attack):
    """2 bombs and XXE look almost like genuine files."""
    with pytest.raises(UnreadableWire, match="never expanded"):
        read(attack)


@pytest.mark.parametrize(
    ("declared", "encoding", "body"),
    [
        ("iso-8859-15", "iso-8859-15", "5 € mañana"),
        ("iso-8859-1", "utf-8", "5 € mañana"),
        ("utf-16", "utf-8", "5 € mañana"),
        ("utf-16", "utf-16", "5 € mañana"),
        ("utf-16", "utf-16-be", "5 mañana"),
        ("utf-32", "utf-32-le", "5 mañana"),
        ("windows-1252", "cp1252", "“5 €” mañana"),
        ("no-such-charset", "cp1252", "“5 €” mañana"),
        ("gb2312", "gb2312", "港口重新开放"),
        ("shift_jis", "shift_jis", "港が再開した"),
        ("euc-kr", "euc-kr", "항구가 다시"),
        ("big5", "big5", "港口重新開放"),
        ("utf-8", "utf-8-sig", "5 € mañana"),
    ],
)
def test_encodings(read, declared, encoding, body):
    """3 marks and zero bytes, then UTF-8 whatever is declared, then the declaration, then windows-1252."""
    item = f"<item><guid>1</guid><description>{body}</description></item>"
    text = f'<?xml version="1.0" encoding="{declared}"?><rss><channel>{item}</channel></rss>'
    assert [found.body for found in read(text.encode(encoding)).items] == [body]


def test_atom(read):
    first, second = read("atom.xml").items
    assert (first.item_id, first.provider, first.language) == ("tag:lantern.example,2026:1", "rss:lantern.example", "en-GB")
    assert (first.headline, first.byline, first.summary) == ("Fish & ships", "Ina Quill", "Short one.")
    assert (first.body, first.url) == ("First.\nSecond.", "https://lantern.example/2026/fish")
    assert (first.published_at, first.updated_at) == (utc(2026, 2, 17, 10), utc(2026, 2, 17, 12))
    assert first.subjects == [Subject("https://lantern.example/t", "sea", "The sea")]
    assert (second.headline, second.body, second.published_at, second.updated_at) == ("5 < 6", "Two", None, utc(2026, 2, 18))


def test_rdf(read):
    reading = read("rdf.xml")
    (item,) = reading.items
    assert (reading.format, item.item_id, item.byline, item.language) == ("rdf", "https://pier.example/1", "Ada Pier", "en-US")
    assert (item.body, item.summary, item.published_at) == ("Long text.", "Short.", utc(2026, 3, 28, 11, 8, 34))


def test_an_article_page(read):
    """3 the page is UTF-8 whatever its meta says, 19 JSON-LD is escaped twice; only what JSON-LD vouches for is the story."""
    reading = read("page.html")
    (item,) = reading.items
    assert reading.format == "html"
    assert item.item_id == item.url == "https://www.elfaro.example/puerto-reabre.html"
    assert (item.headline, item.subheadline, item.summary) == ('El puerto "reabre"', "Tras la tormenta", "Resumen.")
    assert (item.byline, item.source, item.language) == ("Inés Farola, Tomás Rueda", "El Faro", "es")
    assert (item.published_at, item.updated_at) == (utc(2026, 3, 1, 9), utc(2026, 3, 1, 11, 30))
    assert len(item.body.split("\n")) == 3
    assert "Suscríbase" not in item.body
    assert "Portada" not in item.body


@pytest.mark.parametrize(
    "page", ["login.html", b"<!DOCTYPE html><html><head><title>404</title></head><body><h1>Not found</h1></body></html>"]
)
def test_pages_without_an_article_are_unreadable(read, page):
    with pytest.raises(UnreadableWire, match="without an article"):
        read(page)


@pytest.mark.parametrize(
    "junk",
    [
        "soap_fault.xml",
        b'<svg xmlns="http://www.w3.org/2000/svg"><circle/></svg>',
        b"\x89PNG\r\n\x1a\n\0\0",
        b"%PDF-1.4\n<<",
        b"",
        b"\0" * 99,
    ],
)
def test_what_is_no_wire_is_unreadable(read, junk):
    with pytest.raises(UnreadableWire) as refusal:
        read(junk)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("piece", ["<![CDATA[", "<![CDATA[]]>", "<item>", "<!--", "<item ", "<!--x--><item></item>", "&", "<"])
def test_salvage_takes_linear_time(piece):
    """Quadratic work on 100,000 repetitions would take minutes."""
    assert sum(1 for _ in feed_salvage.pieces(piece * 100_000)) <= 100_000


def test_a_paragraph_that_the_page_lacks_is_not_lost(read, fixture):
    """JSON-LD has the whole story; a teaser of another one inside it goes."""
    data = fixture("page.html").decode()
    gone = "<p>Los barcos de pesca salieron al alba y los estibadores volvieron al trabajo sin incidentes en los muelles.</p>"
    assert gone in data
    teaser = data.replace(
        "Los barcos de pesca salieron", "Noticia relacionada El faro cumple cien años. Los barcos de pesca salieron", 1
    )
    assert len(read(data.replace(gone, "").encode()).items[0].body.split("\n")) == 3
    body = read(teaser.encode()).items[0].body
    assert "cumple cien" not in body
    assert len(body.split("\n")) == 3
