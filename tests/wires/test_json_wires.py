"""ninjs in its three versions and wrappings, AP, EFE, dpa and JSON Feed. Numbers name the traps of the wire specification."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import orjson
import pytest
from teletipo.errors import UnreadableWire
from teletipo.records import Subject, dumps


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def ninjs(**fields: object) -> bytes:
    return json.dumps({"uri": "urn:x", "type": "text", "headline": "H", "body_text": "Text.", **fields}).encode()


def test_ninjs_1_of_superdesk(read):
    """7 the version is a text, 14 text, HTML and h1 say the same, 22 the title is the slug, tables are lines."""
    reading = read("ninjs1.json")
    (item,) = reading.items
    assert reading.format == "ninjs"
    assert (item.item_id, item.version, item.status) == ("urn:newsml:lanterna.example:20260301:4711", 11, "usable")
    assert (item.published_at, item.updated_at) == (utc(2026, 3, 1, 10), utc(2026, 3, 1, 11, 20))
    assert item.headline == "El puerto de Villamar reabre tras la tormenta"
    assert item.slug == "puerto-villamar"
    assert item.body == "El puerto de Villamar reabrió el domingo.\nLos barcos salieron al alba.\nLunes | 12\nMartes | 9"
    assert item.summary == "La autoridad portuaria levanta el cierre."
    assert item.subjects == [Subject("http://cv.iptc.org/newscodes/mediatopic/", "20000001", "puertos")]
    assert (item.language, item.urgency, item.byline, item.located) == ("es-ES", 3, "Por Inés Farola", "Villamar")
    assert (item.credit, item.usage_terms, item.ed_note, item.source) == (
        "Agencia Lanterna", "Solo para abonados", "Actualiza con la hora", "Lanterna",
    )  # fmt: skip


def test_ninjs_2_lists(read):
    """17 the headline is the one that is no subtitle; 11 a bare date."""
    (item,) = read("ninjs2.json").items
    assert (item.headline, item.subheadline, item.byline) == ("La huelga sigue", "Subtítulo", "Tomás Rueda")
    assert (item.status, item.version, item.updated_at) == ("withheld", 2, utc(2026, 3, 1))
    assert item.body == "Primero.\nSegundo."
    assert item.subjects == [Subject("http://cv.example.org/", "lab", "trabajo")]


def test_ninjs_3_in_camel_case(read):
    """10 an embargo beside usable, 12 urgency 42 is none, 18 `swe` is sv."""
    (item,) = read("ninjs3.json").items
    assert (item.status, item.embargoed_until) == ("usable", utc(2026, 3, 3, 5))
    assert (item.urgency, item.language, item.body) == (None, "sv", "Ministern avgick & log.")
    assert (item.published_at, item.updated_at, item.credit) == (utc(2026, 3, 2, 7), utc(2026, 3, 2, 8, 30), "Lanterna")


def test_wrappers_lists_and_lines(read):
    """13 several items in a file, a kill among them; a kill without a version has none."""
    first, kill = read("ninjs_bbc.json").items
    assert (first.version, first.body, first.updated_at) == (0, "First.", utc(2026, 1, 5, 10))
    assert (kill.status, kill.version) == ("canceled", None)
    one, two = ninjs(uri="urn:1"), ninjs(uri="urn:2")
    assert [item.item_id for item in read(b"[" + one + b"," + two + b"]").items] == ["urn:1", "urn:2"]
    assert [item.item_id for item in read(one + b"\n" + two + b"\n").items] == ["urn:1", "urn:2"]


@pytest.mark.parametrize(
    ("spelling", "status"),
    [
        ("usable", "usable"),
        ("Usable", "usable"),
        ("stat:canceled", "canceled"),
        ("Cancelled", "canceled"),
        ("withheld", "withheld"),
        ("http://cv.iptc.org/newscodes/pubstatusg2/canceled", "canceled"),
        (None, "usable"),
        ("commissioned", "withheld"),
        (7, "withheld"),
    ],
)
def test_states(read, spelling, status):
    """9 spellings of the same state; an unknown one is withheld and says why."""
    (item,) = read(ninjs(pubstatus=spelling)).items
    assert item.status == status
    assert bool(item.origin.reason) == (spelling in ("commissioned", 7))


@pytest.mark.parametrize(
    ("embargo", "status", "until"),
    [("2026-03-03", "usable", utc(2026, 3, 3)), ("Next Monday", "withheld", None), ("", "usable", None),
     ("0001-01-01T00:00:00", "usable", None), (None, "usable", None)],
)  # fmt: skip
def test_embargoes(read, embargo, status, until):
    """10 an embargo must not become usable."""
    (item,) = read(ninjs(embargoed=embargo)).items
    assert (item.status, item.embargoed_until) == (status, until)


def test_fields_of_the_wrong_type_are_null(read):
    given = ninjs(
        title=42, ednote={"text": "x"}, genre="Fact Check", urgency="high", version="1.2", firstcreated="soon", person="P"
    )
    (item,) = read(given).items
    assert (item.ed_note, item.urgency, item.version, item.published_at, item.slug) == (None, None, 0, None, None)


def test_pictures_have_captions_and_events_are_no_news(read):
    (picture,) = read(ninjs(type="picture", body_text=None, description_text="A boat.")).items
    assert (picture.body, picture.summary) == ("A boat.", None)
    assert read(ninjs(type="event")).items == []
    assert read(ninjs(type="video", body_text=None)).items == []


def test_json_that_is_not_plain(read):
    """23 trailing commas, NaN, endless integers, lone surrogates: read, and what is printed is valid JSON in UTF-8."""
    text = '{"uri": "urn:x", "urgency": NaN, "version": %s, "headline": "a\\ud800b", "body_text": "t",}' % ("9" * 5000)
    (item,) = read(text.encode()).items
    assert (item.urgency, item.version, item.headline) == (None, 0, "a\ufffdb")
    assert orjson.loads(dumps(item))["headline"] == "a\ufffdb"


@pytest.mark.parametrize(
    "junk",
    [b"{}", b"[]", b'{"error": {"code": 401}}', b'{"type": "FeatureCollection", "features": []}', b'{"uri": "x"', b"[" * 200_000,
     b'{"name": "p", "version": "1.0.0", "dependencies": {}}', b'{"uri": "x" "headline": "missing comma"}'],
)  # fmt: skip
def test_json_of_something_else_is_unreadable(read, junk):
    with pytest.raises(UnreadableWire) as refusal:
        read(junk)
    assert "\n" not in str(refusal.value)


def test_ap(read):
    """6 version 0 is a version; change from slugline and note; the text is fetched later."""
    (item,) = read("ap.json").items
    assert (item.provider, item.item_id, item.version, item.change, item.body) == ("ap", "aa11bb22", 0, "update", "")
    assert (item.byline, item.located, item.url) == ("By ANA QUILL", "Port Example", "https://www.example/ferry")
    assert (item.credit, item.usage_terms, item.summary) == ("EXAMPLE PRESS", "Editorial use only.", "Short.")


def test_ap_feed_with_a_broken_entry(read):
    reading = read("ap_feed.json")
    assert [(item.item_id, item.status, item.body) for item in reading.items] == [
        ("p1", "usable", "A boat at sea."),
        ("t1", "canceled", ""),
    ]
    assert len(reading.losses) == 1


def test_efe(read):
    """5 the last change lies before the first creation: both stay."""
    (item,) = read("efe.json").items
    assert (item.provider, item.item_id, item.version, item.language) == ("efe", "8812345", 3, "es")
    assert (item.published_at, item.updated_at) == (utc(2026, 4, 1, 10, 0, 5), utc(2026, 4, 1, 9, 58))
    assert (item.headline, item.slug) == ("El Gobierno de Islandina aprueba la ley", "ISLANDINA LEY")
    assert item.body.split("\n") == ["Ciudad Faro, 1 abr (EFE).- El Gobierno aprobó la ley.", "La norma entra en vigor en mayo."]
    assert [subject.code for subject in item.subjects] == ["11000000", "11006000"]


def test_dpa(read):
    """10 embargo, 15 what is not for publication reaches neither body nor note."""
    (item,) = read("dpa.json").items
    assert (item.provider, item.version, item.status, item.change) == ("dpa", 2, "usable", "correction")
    assert item.embargoed_until == utc(2026, 1, 5, 18)
    assert item.body == "Musterstadt (dpa) - Das Museum öffnet.\nMehr\nEs kostet nichts."
    assert (item.ed_note, item.subheadline, item.summary) == ("Mit Bild", "Nach langem Umbau", "Kurz gesagt.")
    assert item.subjects == [Subject("dpasubject", "1", "Museum"), Subject("medtop", "20000003", "Kunst")]
    assert b"Geheim" not in dumps(item)


def test_json_feed(read):
    reading = read("jsonfeed.json")
    second, first, third = reading.items
    assert (second.provider, second.item_id, second.body) == ("rss:faro.example", "2", "Texto plano.\nOtra línea.")
    assert (second.published_at, second.updated_at) == (utc(2026, 5, 2, 8), utc(2026, 5, 2, 9))
    assert (first.item_id, first.byline, first.body) == ("1", "Ana Costa", "Hola & adiós")
    assert (third.body, third.summary) == ("Solo resumen", None)
    assert len(reading.losses) == 1


def test_a_record_is_read_too(read):
    reading = read(
        b'{"provider": "x", "item_id": "1", "body": "<p>a</p>", "body_format": "html"}\n{"provider": "x", "item_id": "2"}\n'
    )
    assert reading.format == "news.raw"
    assert [(item.item_id, item.body, item.body_format) for item in reading.items] == [("1", "a", "text")]
    assert len(reading.losses) == 1


def test_a_broken_line_among_json_lines_costs_itself(read):
    reading = read(ninjs(uri="urn:1") + b"\n{broken\n" + ninjs(uri="urn:2") + b"\n")
    assert [item.item_id for item in reading.items] == ["urn:1", "urn:2"]
    assert reading.losses == ["item 2: no ninjs item"]


def test_an_endless_string_takes_linear_time(read):
    """A repair that starts again at every escaped quotation mark would take minutes."""
    with pytest.raises(UnreadableWire, match="not JSON"):
        read(b'["' + b'\\"' * 200_000)


def test_who_delivers_ninjs(read):
    """A host or a copyright holder names the provider only where a profile knows it."""
    assert read(ninjs(uri="http://api.ap.org/media/v/content/1")).items[0].provider == "ap"
    assert read(ninjs(uri="http://lantern.example/1"), provider="lantern").items[0].provider == "lantern"
    assert read(ninjs(uri="urn:newsml:dpa.com:20260101:1")).items[0].provider == "dpa"


def test_a_line_that_is_no_json_is_lost_and_said_so(read) -> None:
    lines = [b'{"provider": "austral", "item_id": "%d", "body": "Un texto."}' % number for number in (1, 2, 3)]
    found = read(b"\n".join([lines[0], b"{bad", *lines[1:]]))
    assert [item.item_id for item in found.items] == ["1", "2", "3"]
    assert found.losses == ["record 2: its line is no JSON, or null"]
