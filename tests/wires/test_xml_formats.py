"""NewsML-G2, NewsML 1, NITF and agencies' own XML, field by field, over invented documents. Numbers are the README's traps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from teletipo.errors import UnreadableWire
from teletipo.records.raw import RawItem, Related, Subject
from teletipo.wires import Reading, read

FIXTURES = Path(__file__).parent / "fixtures"


def reading(name: str) -> Reading:
    return read((FIXTURES / name).read_bytes(), name=name)


def only(name: str) -> RawItem:
    (item,) = reading(name).items
    return item


def g2(
    meta: str = "", content: str = "", attributes: str = 'guid="urn:newsml:x.example:1" version="3"', body: str = "Text."
) -> bytes:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" {attributes}><itemMeta>'
        f'<itemClass qcode="ninat:text"/>{meta}</itemMeta>'
        f"<contentMeta>{content}</contentMeta><contentSet><inlineXML>"
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{body}</p></body></html></inlineXML></contentSet></newsItem>'
    ).encode()


def test_trap_1_and_13_prefixes_story_and_kill_in_one_message() -> None:
    found = reading("g2_prefixed_story_and_kill.xml")
    story, kill = found.items
    assert found.format == "newsml-g2"
    assert found.losses == []
    assert (story.provider, story.item_id, story.version) == ("wire.example", "tag:wire.example,2031:L4", 978556838)
    assert (story.status, story.change) == ("usable", "correction")
    assert story.published_at == datetime(2031, 5, 4, 8, tzinfo=UTC)
    assert story.updated_at == datetime(2031, 5, 4, 9, 15, tzinfo=UTC)
    assert (story.language, story.urgency, story.source) == ("en", 3, "Example Wire")
    assert story.headline == "CORRECTED-Dockers of Velmar end strike"
    assert story.slug == "PORT-STRIKE/ (UPDATE 2)"
    assert (story.credit, story.usage_terms, story.summary) == ("Example Wire", "Not for broadcast", None)
    assert story.subjects == [Subject("medtop", "11000000", "politics")]
    assert story.related == [Related("see", "tag:wire.example,2031:L1")]
    assert story.body == (
        "(Corrects the number of ships)\n"
        "VELMAR, May 4 (Example Wire) - Dockers in the port of Velmar went back to work on Sunday after a strike of nine days.\n"
        "Forty ships are waiting. (Reporting by Ada Quill)"
    )
    assert story.origin is not None
    assert story.origin.format == "newsml-g2"
    # Trap 8: same guid and headline as the story that it kills, no body, still a record.
    assert (kill.item_id, kill.status, kill.version, kill.body) == (story.item_id, "canceled", 1542761538, "")
    assert kill.headline == story.headline


def test_traps_10_15_16_17_18_main_section_alone_is_the_story() -> None:
    item = only("g2_main_section.xml")
    assert item.body == "Oberstett (ag) - Die Brücke ist offen.\nLange Sperre\nJahr | Fahrzeuge\n2029 | 0"
    assert (item.headline, item.subheadline) == ("Brücke von Oberstett wieder offen", "Stadtgeschichte")
    assert item.ed_note == "Wiederholung: Schreibweise im 2. Absatz geändert"
    assert (item.byline, item.dateline, item.located) == ("Von Ilse Beispiel, Karl Muster", "Oberstett (ag) -", "Marburg")
    assert item.summary == "Zwei Jahre war sie gesperrt."
    assert (item.provider, item.language, item.status) == ("agentur", "de", "usable")
    assert item.embargoed_until == datetime(2031, 5, 5, 4, tzinfo=UTC)


def test_trap_14_nitf_inside_g2_fills_what_the_metadata_leave_open() -> None:
    item = only("g2_inner_nitf.xml")
    assert (item.headline, item.subheadline, item.byline) == ("Bro öppnad", "Efter två år", "By Ada Quill, Reporter")
    assert (item.dateline, item.located, item.summary) == ("VELMAR", "VELMAR", "Short.")
    assert item.body == "First Ada.\nSecond."
    assert item.language == "sv"
    assert item.published_at == datetime(2031, 5, 4, 12, tzinfo=UTC)


def test_own_vocabulary_headline_from_the_text_version_1_without_one() -> None:
    item = only("g2_own_vocabulary.xml")
    assert item.body == "Hamnen öppnar igen.\nDet är bra, säger hon.\nNio dagar\nStrejken är över."
    assert (item.headline, item.provider, item.version) == ("Hamnen öppnar", "tt", 1)
    assert item.item_id == "urn:newsml:tt.example:20310504:TT:585167:0"  # Trap 21: the number at the end counts no versions.


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ('<pubStatus qcode="stat:canceled"/>', "canceled"),
        ('<pubStatus qcode="stat:Cancelled"/>', "canceled"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled"),
        ('<pubStatus qcode="stat:withheld"/>', "withheld"),
        ('<pubStatus qcode="stat:USABLE"/>', "usable"),
        ('<pubStatus qcode="stat:sleeping"/>', "withheld"),
        ("", "usable"),
    ],
)
def test_trap_9_spellings_of_the_status(state: str, status: str) -> None:
    (item,) = read(g2(state)).items
    assert item.status == status


def test_trap_9_a_signal_removes_while_the_status_stays_usable() -> None:
    (item,) = read(g2('<provider literal="STT"/><pubStatus qcode="stat:usable"/><signal qcode="sttinstruct:remove"/>')).items
    assert (item.provider, item.status) == ("stt", "canceled")


@pytest.mark.parametrize(
    ("embargo", "status", "until"),
    [
        ("<embargoed/>", "usable", None),
        ("<embargoed>0001-01-01T00:00:00</embargoed>", "usable", None),
        ("<embargoed>2031-05-05</embargoed>", "usable", datetime(2031, 5, 5, tzinfo=UTC)),
        ("<embargoed>Next Monday</embargoed>", "withheld", None),
    ],
)
def test_trap_10_embargoes(embargo: str, status: str, until: datetime | None) -> None:
    (item,) = read(g2('<pubStatus qcode="stat:usable"/>' + embargo)).items
    assert (item.status, item.embargoed_until) == (status, until)
    assert item.origin is not None
    assert (item.origin.reason is None) == (status == "usable")


def test_trap_10_a_bare_date_is_midnight_in_the_profiles_zone() -> None:
    (item,) = read(g2('<provider literal="dpa"/><embargoed>2031-05-05</embargoed>')).items
    assert item.embargoed_until == datetime(2031, 5, 4, 22, tzinfo=UTC)


@pytest.mark.parametrize(("urgency", "read_as"), [("1", 1), ("9", 9), ("DEFAULT", None), ("0.1", None), ("42", None), ("", None)])
def test_trap_12_urgency(urgency: str, read_as: int | None) -> None:
    (item,) = read(g2(content=f"<urgency>{urgency}</urgency>")).items
    assert item.urgency == read_as


def test_version_that_is_absent_or_unreadable_is_1() -> None:
    for attributes in ('guid="urn:newsml:x.example:1"', 'guid="urn:newsml:x.example:1" version="two"'):
        (item,) = read(g2(attributes=attributes)).items
        assert item.version == 1


def test_kill_without_version_has_none() -> None:
    (item,) = read(g2('<pubStatus qcode="stat:canceled"/>', attributes='guid="urn:newsml:x.example:1"')).items
    assert item.version is None


def test_documents_without_text_items_give_no_record() -> None:
    for name in ("packageItem", "conceptItem", "planningItem", "knowledgeItem", "catalogItem", "newsMessage"):
        assert read(f'<{name} xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x"/>'.encode()).items == []
    assert read((FIXTURES / "event.xml").read_bytes()).items == []


def test_neither_guid_nor_text_is_an_error_a_text_alone_is_none() -> None:
    with pytest.raises(UnreadableWire, match="neither a guid nor a text"):
        read(b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"/>')
    (item,) = read(g2(attributes="")).items
    (again,) = read(g2(attributes="")).items
    (other,) = read(g2(attributes="", body="Another text.")).items
    assert item.item_id == again.item_id != other.item_id


def test_traps_2_5_13_newsml_1_with_doctype_two_items_a_kill() -> None:
    found = reading("newsml1_two_items.xml")
    story, kill = found.items
    assert found.format == "newsml-1"
    assert (story.provider, story.item_id, story.version, story.change) == ("efe", "900000001", 3, "update")
    assert story.published_at == datetime(2031, 5, 4, 14, 37, 3, tzinfo=UTC)
    assert story.updated_at == datetime(2031, 5, 4, 14, 31, 38, tzinfo=UTC)  # Trap 5: earlier, and kept so.
    assert (story.headline, story.subheadline) == ("El puerto de Velmar reabre", "VELMAR PUERTO")
    assert (story.summary, story.body) == ("El puerto reabre.", "El puerto reabre.\nHay cuarenta barcos.")
    assert (story.dateline, story.located, story.language, story.urgency) == ("Velmar", "Velmar", "es", None)
    assert story.subjects == [Subject("IptcSubjectCodes", "11006000")]
    assert (kill.item_id, kill.status, kill.version) == ("900000002", "canceled", 1)


def test_traps_3_19_21_newsml_1_roles_and_a_revision_in_the_id() -> None:
    data = (FIXTURES / "newsml1_roles.xml").read_text("utf-8").encode("iso-8859-15")
    data = data.replace(b'<RevisionId PreviousRevision="0" Update="N">4', b'<RevisionId PreviousRevision="0" Update="N">2')
    (item,) = read(data).items
    assert item.item_id == "urn:newsml:bureau.example:20310504T133400:ANP040531001"
    assert item.body == "De brug kostte 5 € per inwoner van Delft.\nHet werk duurde twee jaar & een dag."
    assert (item.summary, item.language, item.located) == ("Na twee jaar.", "nl", "DELFT")
    assert (item.credit, item.source, item.ed_note) == ("BUREAU", "BUREAU", "Met foto")
    assert item.related == [Related("see", "urn:newsml:bureau.example:1:2")]


def newsml_1(item_id: str, headline: str, status: str = '<Status FormalName="Usable"/>', public: str = "") -> str:
    return (
        f"<NewsItem><Identification><NewsIdentifier><ProviderId>b.example</ProviderId><DateId>20310504</DateId>{item_id}"
        f"<RevisionId>1</RevisionId>{public}</NewsIdentifier></Identification><NewsManagement>{status}</NewsManagement>"
        f"<NewsComponent Duid='NC0001'><NewsLines><HeadLine>{headline}</HeadLine></NewsLines><ContentItem>"
        "<DataContent>Text.</DataContent></ContentItem></NewsComponent></NewsItem>"
    )


@pytest.mark.parametrize("item_id", ["", "<NewsItemId/>", "<NewsItemId>0</NewsItemId>"])
def test_missing_ids_of_newsml_1_different_stories_differ(item_id: str) -> None:
    both = newsml_1(item_id, "One") + newsml_1(item_id, "Two")
    one, two = read(f"<NewsML>{both}</NewsML>".encode()).items
    (again,) = read(f"<NewsML>{newsml_1(item_id, 'One')}</NewsML>".encode()).items
    assert one.item_id == again.item_id != two.item_id


def test_an_id_that_two_stories_share_is_none() -> None:
    both = newsml_1("<NewsItemId>5</NewsItemId>", "One") + newsml_1("<NewsItemId>5</NewsItemId>", "Two")
    one, two = read(f"<NewsML>{both}</NewsML>".encode()).items
    assert one.item_id != two.item_id


@pytest.mark.parametrize(
    ("public", "expected"),
    [
        ("urn:newsml:b.example:20310504:doc-7:1", "urn:newsml:b.example:20310504:doc-7"),
        ("urn:newsml:b.example:20310504:doc-7:1N", "urn:newsml:b.example:20310504:doc-7"),
        ("urn:newsml:b.example:20310504:doc-7", "urn:newsml:b.example:20310504:doc-7"),
        ("urn:newsml:b.example", "urn:newsml:b.example:20310504:doc-7"),
    ],
)
def test_public_identifier_without_its_revision(public: str, expected: str) -> None:
    text = newsml_1("<NewsItemId>doc-7</NewsItemId>", "One", public=f"<PublicIdentifier>{public}</PublicIdentifier>")
    (item,) = read(text.encode()).items
    assert item.item_id == expected


@pytest.mark.parametrize(
    ("management", "status", "until"),
    [
        (
            '<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Usable"/>'
            "<DateAndTime>20310505T060000+0200</DateAndTime></StatusWillChange>",
            "usable",
            datetime(2031, 5, 5, 4, tzinfo=UTC),
        ),
        ('<Status FormalName="Embargoed"/>', "withheld", None),
        ('<Status FormalName="Usable"/><Instruction FormalName="Kill"/>', "canceled", None),
    ],
)
def test_newsml_1_embargo_and_instructions(management: str, status: str, until: datetime | None) -> None:
    (item,) = read(newsml_1("<NewsItemId>7</NewsItemId>", "One", management).encode()).items
    assert (item.status, item.embargoed_until) == (status, until)


def test_traps_1_12_14_21_22_nitf() -> None:
    found = reading("nitf_story.xml")
    (item,) = found.items
    assert found.format == "nitf"  # although its namespace is NewsML-G2's
    assert (item.provider, item.item_id, item.version) == ("byrå", "bridge-d9cde75b_47", 48)
    assert (item.headline, item.subheadline, item.slug) == ("BRIDGE OPENS", "After two years", "1 POLITICS Bridge")
    assert (item.byline, item.dateline, item.located) == ("By Ada Quill", "Velmar, Fjordland", "Velmar")
    assert (item.summary, item.credit, item.ed_note) == ("It opens.", "Byrå", "For all")
    assert (item.usage_terms, item.language, item.urgency) == ("Print No archive", "nb-NO", 8)
    assert item.subjects == [Subject("subj", "11006000", "government")]
    assert item.published_at == item.updated_at == datetime(2031, 5, 4, 14, 45, 26, tzinfo=UTC)
    assert (item.status, item.embargoed_until) == ("usable", None)
    assert item.body == (
        "The bridge over the strait of Velmar was opened on Sunday by the mayor of the town, who said that the wait "
        "had been long.\nA 1\nB 2\nends"
    )


@pytest.mark.parametrize(
    ("release", "status", "until"),
    [
        ('<date.release norm="20310506T080000+0200"/>', "usable", datetime(2031, 5, 6, 6, tzinfo=UTC)),
        ('<date.release norm="YYYYMMDD000000-HHMM"/>', "withheld", None),
        ("", "withheld", None),
    ],
)
def test_trap_10_nitf_embargo_stands_in_date_release(release: str, status: str, until: datetime | None) -> None:
    data = (
        f'<nitf><head><docdata management-status="embargoed"><doc-id id-string="1"/>{release}</docdata></head>'
        "<body><body.content><p>Text.</p></body.content></body></nitf>"
    )
    (item,) = read(data.encode()).items
    assert (item.status, item.embargoed_until) == (status, until)


def test_trap_19_ritzau_double_escaping() -> None:
    item = only("ritzau.xml")
    assert item.body == "Havnen i Velmar er 'åben' igen.\nDet siger havnen & byen."
    assert (item.provider, item.version, item.change, item.language) == ("ritzau", 2, "update", "da")
    assert (item.headline, item.byline, item.located, item.source) == (None, "Bo Eksempel", "Velmar", "byrå")
    assert "example.dk" not in str(item)


def test_ritzau_kill_names_the_item_that_it_replaces() -> None:
    data = (FIXTURES / "ritzau.xml").read_text("utf-8").replace("<Annuleret>false", "<Annuleret>true")
    (item,) = read(data.replace("<IPTCList/>", "<IPTCList/><replacedID>99</replacedID>").encode()).items
    assert (item.status, item.related) == ("canceled", [Related("kills", "99")])


def test_canadian_press_held_story_and_net_null_date() -> None:
    item = only("cp.xml")
    assert (item.item_id, item.version, item.status, item.embargoed_until) == ("41148a", 7, "withheld", None)
    assert (item.body, item.summary) == ("The harbour of Velmar reopens.", "The harbour reopens.")
    assert item.updated_at == datetime(2031, 5, 4, 22, 10, 48, 893000, tzinfo=UTC)
    assert item.language == "fr"


def test_press_release_day_first_times() -> None:
    item = only("release.xml")
    assert item.embargoed_until == datetime(2031, 5, 5, 6, tzinfo=UTC)
    assert item.published_at == datetime(2031, 5, 4, 11, 45, tzinfo=UTC)
    assert (item.headline, item.body, item.url) == ("Havnen & byen", "Havnen åpner.", "https://press.example/123")


def test_a_truncated_document_is_an_error_never_half_a_story() -> None:
    for name in ("g2_main_section.xml", "newsml1_two_items.xml", "nitf_story.xml", "cp.xml"):
        data = (FIXTURES / name).read_bytes()
        for share in (0.4, 0.7, 0.95):
            with pytest.raises(UnreadableWire):
                read(data[: int(len(data) * share)])
