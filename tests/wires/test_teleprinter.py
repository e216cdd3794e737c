"""IPTC 7901, ANPA, typewriter text and mail. Numbers name the traps of the wire specification."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from teletipo.errors import UnreadableWire
from teletipo.records import Subject, dumps
from teletipo.wires import teleprinter


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_iptc7901(read):
    """3 windows-1252, 13 two messages, 15 the Notebook stays out; flags are no headline."""
    reading = read("iptc7901.txt")
    first, second = reading.items
    assert reading.format == "iptc7901"
    assert (first.provider, first.item_id, first.version, first.urgency) == ("agn", "abc012:20261007", 0, 4)
    assert first.headline == "Port of Villamar closes after the storm, says the harbour master"
    assert (first.slug, first.change, first.published_at) == ("Puerto/cierre", "update", utc(2026, 10, 7, 13, 41))
    assert first.body.split("\n") == [
        "Villamar (agn) - The port of Villamar closed on Sunday because of a storm that came from the north and broke two "
        "cranes, the harbour master told reporters at the quay.",
        "Ships will wait “outside” until Monday.",
    ]
    assert b"Secret" not in dumps(first)
    assert b"desk@" not in dumps(first)
    assert (second.headline, second.change, second.subjects) == ("Election: A wins", "refile", [Subject("iptc7901", "p")])


@pytest.mark.parametrize(
    ("end", "moment"),
    [("071341 GMT Okt 15", utc(2015, 10, 7, 13, 41)), ("311200 GMT Déc 99", utc(1999, 12, 31, 12)),
     ("010005 GMT Ene 2026", utc(2026, 1, 1, 0, 5)),
     ("011200 MEZ Mai 26", utc(2026, 5, 1, 11)), ("311200 GMT Feb 26", None), ("soon", None)],
)  # fmt: skip
def test_end_lines(end, moment):
    """11 what is no date is none."""
    assert teleprinter.teleprinter_time(end) == moment


def test_anpa(read):
    """12 a letter is no urgency; head lines are headline, note, byline, not text."""
    reading = read("anpa_story.txt")
    (item,) = reading.items
    assert (reading.format, item.provider, item.item_id) == ("anpa", "ap", "W2870:20261113")
    assert (item.headline, item.byline, item.ed_note) == (
        "Storm closes port of Villamar",
        "By ANA QUILL",
        "Eds: Updates with quotes.",
    )
    assert (item.slug, item.change, item.urgency, item.published_at) == (
        "BC-EX--Port Closes",
        "update",
        None,
        utc(2026, 11, 13, 7, 45),
    )
    assert item.body == 'VILLAMAR (AP) — "We closed the port," the harbour master said Sunday.\nTwo cranes broke.'


def test_anpa_tables_are_lines(read):
    """22 tables full of control characters."""
    (item,) = read("anpa_table.txt").items
    assert item.body.split("\n") == [
        "EAST",
        "| W | L | GB",
        "North Bay | 17 | 19 | 3½",
        "Villamar | 9 | 2 | -",
        "Villamar 7, North Bay 5",
    ]


def test_anpa_of_kyodo_has_its_own_clock(read):
    """11 a time without a zone is in the profile's."""
    (item,) = read("anpa_clock.txt").items
    assert (item.provider, item.published_at) == ("kyodo", utc(2026, 12, 9, 12, 37))
    assert item.headline == "Judo: Home side wins cup in front of its fans"
    assert item.body.split("\n")[1] == "The crowd went home happily."


def test_the_same_bytes_give_the_same_id(read):
    for name in ("iptc7901.txt", "anpa_story.txt", "anpa_clock.txt", "text_aap.txt", "text_cr.txt", "email.eml"):
        assert [item.item_id for item in read(name).items] == [item.item_id for item in read(name).items]


def test_tag_letters(read):
    """3 windows-1252, 15 the editor's sign goes nowhere."""
    reading = read("text_aap.txt")
    (item,) = reading.items
    assert (reading.format, item.provider, item.item_id, item.slug) == ("text", "aap", "Ferry_BC1", "Ferry_BC1")
    assert (item.headline, item.located, item.subjects) == ("Ferry stops at noon", "VILLAMAR", [Subject("iptc", "07000000")])
    assert item.body == "The ferry of Villamar stopped at noon.\nIt will sail again on Monday – perhaps.\nAAP RTV"
    assert b"Secretp" not in dumps(item)


def test_fields(read):
    (item,) = read("text_fields.txt").items
    assert (item.provider, item.item_id, item.headline, item.summary) == (
        "bit-news",
        "26900001",
        "XYZ digs deeper",
        "XYZ’s hole is deeper.",
    )
    assert (item.body, item.source, item.published_at) == ("XYZ’s hole is now two metres deep.", "ASX", utc(2026, 6, 6, 14))


def test_lines_that_end_in_carriage_returns(read):
    (item,) = read("text_cr.txt").items
    assert item.body.split("\n")[1:4] == ["Race One", "2.90 Lantern", "4.20 Harbour"]


def test_a_press_release(read):
    (item,) = read("text_release.txt").items
    assert (item.item_id, item.source) == ("PR90001", "Lantern Works, Inc.")
    assert item.headline == "Lantern Works Partners With the Harbour of Villamar on a New Light for Ships"
    assert item.body.split("\n")[1].endswith("with the harbour of Villamar today, which pays for all of it.")


@pytest.mark.parametrize("junk", [b"This is not a wire\n", b"import os\n\ndef f(x):\n    return x\n" * 40,
                                  b"a,b,c\n1,2,3\n" * 100,
                                  b"2026-01-01 10:00:00 INFO started\n" * 60, b"\x01" * 5000])  # fmt: skip
def test_plain_text_without_a_mark_is_unreadable(read, junk):
    with pytest.raises(UnreadableWire):
        read(junk)


def test_mail(read):
    """3 charsets of subject and part; the signature is no text."""
    reading = read("email.eml")
    (item,) = reading.items
    assert (reading.format, item.provider, item.item_id) == ("email", "lanterna.example", "abc.1@mail.example")
    assert (item.headline, item.published_at) == ("Mañana cierra el puerto", utc(2026, 1, 5, 10, 27, 36))
    assert item.body == "El puerto cierra mañana, según “fuentes”.\nCuesta 5 €.\nVolverá a abrir."


def test_mail_with_a_form(read, fixture):
    (item,) = read(b" " * 255 + b"\r\nX-Received: by x\r\n" + fixture("email_form.eml")).items
    assert (item.headline, item.summary, item.slug, item.body, item.urgency) == (
        "Form headline",
        "Short form",
        "form-slug",
        "Form body.",
        4,
    )
    assert b"secret@" not in dumps(item)


def test_mail_of_html_alone(read):
    (item,) = read(
        b"From: a@b.example\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nSubject: =?x-unknown?q?caf=E9?=\n"
        b"Content-Type: text/html; charset=utf-8\n\n<p>Uno</p><p>Dos</p>"
    ).items
    assert (item.headline, item.body) == ("café", "Uno\nDos")


def test_wrapped_lines_become_paragraphs():
    first, second = (
        "The harbour master said that the port would stay closed until the",
        "storm was over and the cranes were mended.",
    )
    text = f"{first}\r\n{second}\r\n\r\n   Ships wait.\r\n"
    assert teleprinter.paragraphs(text).split("\n") == [f"{first} {second}", "Ships wait."]
    assert teleprinter.paragraphs("2.90 Lantern\n4.20 Harbour\n") == "2.90 Lantern\n4.20 Harbour"


def test_lines_of_the_head_under_the_headline(read, fixture):
    data = fixture("iptc7901.txt").replace(
        b"harbour master =\r\n", b"harbour master =\r\nThree days of wind =\r\nBy Ana Quill, agn =\r\n"
    )
    item = read(data).items[0]
    assert (item.subheadline, item.byline) == ("Three days of wind", "By Ana Quill, agn")
    assert item.body.startswith("Villamar (agn) - The port")


def test_the_notebook_is_cut_in_linear_time(read):
    (item,) = read(b"\x01abc012 4 i 57 agn 1\x02h =\n" + b"# a\n" * 200_000 + b"# Notebook\nSecret\n\x03\x04").items
    assert "Secret" not in item.body
