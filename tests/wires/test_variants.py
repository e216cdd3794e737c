"""Documents as they also occur: without an envelope, an id or an encoding, several in a row, stamps in other spellings."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from teletipo.wires import times


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2031-04-15T24:00:00Z", utc(2031, 4, 16)),
        ("2031/04/15 10:30", utc(2031, 4, 15, 10, 30)),
        ("15 de abril de 2031, 10:30", utc(2031, 4, 15, 10, 30)),
        ("Apr 15, 2031 - 10:30 pm", utc(2031, 4, 15, 22, 30)),
        ("April 15, 2031 12:05 a.m.", utc(2031, 4, 15, 0, 5)),
        ("15 août 2031 10:30 CEST", utc(2031, 4 + 4, 15, 8, 30)),
    ],
)
def test_trap_11_more_spellings_of_times(text: str, moment: datetime) -> None:
    assert times.parse(text) == moment


@pytest.mark.parametrize("text", ["2031-04-15T24:10:00Z", "Apr 15, 2031 13:30 pm", "15 nadie 2031"])
def test_trap_11_what_no_clock_shows_is_no_time(text: str) -> None:
    assert times.parse(text) is None


def test_objects_one_after_another_are_read_like_lines(read) -> None:
    one, two = ({"uri": f"urn:{n}", "type": "text", "headline": f"H{n}", "body_text": "Text."} for n in (1, 2))
    items = read((json.dumps(one, indent=1) + "\n" + json.dumps(two, indent=1) + "\n").encode()).items
    assert [item.item_id for item in items] == ["urn:1", "urn:2"]


def test_dpa_and_efe_without_an_id_get_the_same_one_each_time(read, fixture) -> None:
    for name, path in (("dpa.json", ("urn",)), ("efe.json", ("packageInfo", "id"))):
        whole = json.loads(fixture(name))
        inner = whole
        for key in path[:-1]:
            inner = inner[key]
        del inner[path[-1]]
        first, again = (read(json.dumps(whole).encode()).items for _ in range(2))
        assert len(first) == 1
        assert first[0].item_id == again[0].item_id
        assert first[0].item_id


def test_an_iptc_code_written_as_a_number_keeps_its_eight_digits(read, fixture) -> None:
    whole = json.loads(fixture("efe.json"))
    whole["metaData"]["iptcList"] = [{"code": 1000000}]
    (item,) = read(json.dumps(whole).encode()).items
    assert [subject.code for subject in item.subjects] == ["01000000"]


def test_trap_20_an_id_that_entries_of_a_json_feed_share_is_none(read) -> None:
    entries = [{"id": "1", "url": f"https://faro.example/{n}", "content_text": f"Texto {n}."} for n in (1, 2)]
    items = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": entries}).encode()).items
    assert [item.item_id for item in items] == ["https://faro.example/1", "https://faro.example/2"]


def test_an_atom_entry_alone(read) -> None:
    reading = read(
        b'<entry xmlns="http://www.w3.org/2005/Atom"><id>tag:faro.example,2031:1</id><title>Puerto</title>'
        b"<updated>2031-04-15T10:30:00Z</updated><summary>El puerto abre.</summary></entry>"
    )
    (item,) = reading.items
    assert (reading.format, item.item_id, item.headline) == ("atom", "tag:faro.example,2031:1", "Puerto")


def test_a_live_blog_is_its_contributions(read) -> None:
    updates = [{"@type": "BlogPosting", "headline": f"Hora {n}", "articleBody": f"Pasa algo {n}. " * 20} for n in (1, 2)]
    linked = {
        "@type": "LiveBlogPosting", "headline": "El puerto, en directo", "datePublished": "2031-04-15T10:30:00Z",
        "liveBlogUpdate": updates,
    }  # fmt: skip
    page = (
        f'<html><head><meta property="og:type" content="article"><script type="application/ld+json">{json.dumps(linked)}</script>'
        "</head><body><article><h1>El puerto, en directo</h1></article></body></html>"
    )
    (item,) = read(page.encode()).items
    assert item.body.split("\n")[0] == "Hora 1"
    assert "Pasa algo 2." in item.body


MAIL = b"From: a@faro.example\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\nMessage-ID: <%d@faro.example>\r\nSubject: %s\r\n\r\nTexto.\r\n"


def test_a_subject_of_bare_bytes_is_read(read) -> None:
    (item,) = read(MAIL % (1, "Mañana cierra".encode())).items
    assert item.headline == "Mañana cierra"


def test_an_mbox_is_its_messages(read) -> None:
    separator = b"From a@faro.example Mon Jan  5 10:00:00 2026\r\n"
    items = read(separator + MAIL % (1, b"Uno") + b"\r\n" + separator + MAIL % (2, b"Dos")).items
    assert [(item.item_id, item.headline) for item in items] == [("1@faro.example", "Uno"), ("2@faro.example", "Dos")]
