"""What single agencies do with the formats: dpa's pairs, TT's replacements, topics, packages, feeds' and mails' own habits."""

from __future__ import annotations

import base64
import json

import pytest
from teletipo.errors import SettingsError, UnreadableWire
from teletipo.records.raw import Related, Subject
from teletipo.wires import read
from teletipo.wires.profiles import read_files
from teletipo.wires.trace import Trace

TEASER = "Im Hafen von Velmar ruht die Arbeit."
STORY = "Die Hafenarbeiter von Velmar haben die Arbeit niedergelegt."

DPA_G2 = f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:dpa.com:20310504:310504-99-7" version="2">
<itemMeta><itemClass qcode="ninat:text"/><provider qcode="dnlprov:dpa"/><versionCreated>2031-05-04T10:00:00+02:00</versionCreated>
<pubStatus qcode="stat:usable"/></itemMeta>
<contentMeta><urgency>3</urgency>
<subject qcode="dpasubject:114" type="dpatype:dpasubject"><name>Konflikte</name></subject>
<subject qcode="dpacountry:1" type="cpnat:geoArea"><name>Deutschland</name></subject>
<subject literal="poiID0" type="cpnat:poi"><name>Hafenamt</name></subject>
<subject literal="Hafen AG" type="cpnat:organisation"><name>Hafen AG</name></subject>
<language tag="de"/><headline rank="1">Streik im Hafen</headline><headline rank="3">Arbeitskampf</headline>
<description role="drol:teaser">{TEASER}</description></contentMeta>
<assert literal="poiID0"><POIDetails><address><line>Kai 1</line></address></POIDetails></assert>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>
<header><h1>Streik im Hafen</h1><h3>Arbeitskampf</h3></header>
<section class="main"><p class="teaser">{TEASER}</p><p>{STORY}</p></section>
</body></html></inlineXML></contentSet></newsItem>"""

DPA_JSON = {
    "format": "digitalwires@0.9.1", "urn": "urn:newsml:dpa.com:20310504:310504-99-7", "version": 2, "language": "de",
    "version_created": "2031-05-04T10:00:00+02:00", "urgency": 3, "headline": "Streik im Hafen", "kicker": "Arbeitskampf",
    "teaser": TEASER, "article_html": f'<section class="main"><p>{STORY}</p></section>',
    "categories": [{"type": "dnltype:dpasubject", "name": "Konflikte", "qcode": "dpasubject:114"}],
}  # fmt: skip


def test_trap_14_the_teaser_of_a_dpa_pair_is_the_summary_alone() -> None:
    (as_xml,) = read(DPA_G2.encode()).items
    (as_json,) = read(json.dumps(DPA_JSON).encode()).items
    same = ("provider", "item_id", "version", "headline", "subheadline", "summary", "body", "urgency", "language", "updated_at")
    assert {name: getattr(as_xml, name) for name in same} == {name: getattr(as_json, name) for name in same}
    assert (as_xml.summary, as_xml.body, as_xml.subheadline) == (TEASER, STORY, "Arbeitskampf")
    assert as_json.subjects == [Subject("dpasubject", "114", "Konflikte")]
    assert as_xml.subjects == [
        Subject("dpasubject", "114", "Konflikte"),
        Subject("dpacountry", "1", "Deutschland"),
        Subject(None, "Hafen AG", "Hafen AG"),
    ], "an address of the document itself is no subject"


def test_a_teaser_that_says_something_else_is_kept() -> None:
    other = DPA_G2.replace(f'class="teaser">{TEASER}', 'class="teaser">Ein anderer Anfang.')
    (item,) = read(other.encode()).items
    assert item.body == f"Ein anderer Anfang.\n{STORY}"


def test_trap_15_who_to_call_at_dpa_is_not_passed_on() -> None:
    html = (
        "<section class='main'><p>Ihre Ansprechpartnerin: Ada Muster, Tel. (030) 5555-31360<br/>E-Mail: audio@dpa.com</p>"
        f"<p>{STORY}</p><p>Sie sagte: Ihr Ansprechpartner ist der Hafen.</p><p>Telefon: 030 5555 31360</p></section>"
    )
    trace = Trace()
    (item,) = read(json.dumps({**DPA_JSON, "article_html": html}).encode(), trace=trace).items
    assert item.body == f"{STORY}\nSie sagte: Ihr Ansprechpartner ist der Hafen."
    (step,) = (step for step in trace.items[0] if step.why_left)
    assert (step.field, "profile dpa" in str(step), "5555" in str(step)) == ("body", True, False)


TT = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:tt.se:20310504:TT:700002:0" xml:lang="swe">
<itemMeta><provider literal="TT"/><versionCreated>2031-05-04T10:00:00+02:00</versionCreated><pubStatus qcode="stat:usable"/>
<signal qcode="tt_sig:replace"/></itemMeta>
<contentMeta><altId type="tt:number">700002</altId><altId type="tt:uno">20310504:TT:700002:0</altId>
<altId type="tt:refuno">20310504:TT:700001:0</altId><language tag="sv"/><headline>Hamnen stängd</headline></contentMeta>
<contentSet><inlineXML contenttype="application/ttnitf+xml"><BODY xmlns=""><TEXT><RUBRIK>Hamnen stängd</RUBRIK>
<DAT><ORT>Velmar</ORT></DAT><BRODTEXT><P>Hamnen i Velmar är stängd.</P></BRODTEXT>
<BYLINE EPOST="ada@tt.example">Ada Kvist/TT</BYLINE></TEXT></BODY></inlineXML></contentSet></newsItem>"""


def test_tt_names_the_item_that_it_replaces_and_the_writer() -> None:
    (item,) = read(TT.encode()).items
    assert (item.provider, item.item_id, item.language) == ("tt", "urn:newsml:tt.se:20310504:TT:700002:0", "sv")
    assert item.related == [Related("corrects", "urn:newsml:tt.se:20310504:TT:700001:0")]
    assert (item.byline, item.body) == ("Ada Kvist/TT", "Hamnen i Velmar är stängd.")


TOPICS = """<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>wire.example</ProviderId><DateId>20310504</DateId>
<NewsItemId>77</NewsItemId><RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>urn:newsml:wire.example:20310504:77:1</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20310504T100000+0300</FirstCreated>
<ThisRevisionCreated>20310504T100000+0300</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>
<NewsComponent><TopicSet><Topic><TopicType FormalName="SubjectMatter"/><FormalName>09003000</FormalName>
<Description xml:lang="en" Variant="Category">JOB</Description><Description xml:lang="el" Variant="Name">Ανεργία</Description>
<Description xml:lang="en" Variant="Name">Unemployment</Description></Topic></TopicSet>
<NewsLines><HeadLine>Fewer jobs in Velmar</HeadLine></NewsLines>
<DescriptiveMetadata><Language FormalName="{language}"/><SubjectCode><SubjectMatter FormalName="09003000"/></SubjectCode>
<SubjectCode><Subject FormalName="04000000"/></SubjectCode></DescriptiveMetadata>
<ContentItem><MediaType FormalName="Text"/><DataContent>Fewer people have work.</DataContent></ContentItem>
</NewsComponent></NewsItem></NewsML>"""


@pytest.mark.parametrize(("language", "name"), [("el", "Ανεργία"), ("en", "Unemployment"), ("fr", "Unemployment")])
def test_newsml_1_subjects_have_the_names_of_the_topic_set(language: str, name: str) -> None:
    (item,) = read(TOPICS.format(language=language).encode()).items
    assert item.subjects == [Subject("IptcSubjectCodes", "09003000", name), Subject("IptcSubjectCodes", "04000000")]


def test_items_of_a_message_know_the_package_that_names_them() -> None:
    message = (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><packageItem guid="urn:p:1"><groupSet><group>'
        '<itemRef residref="urn:newsml:dpa.com:20310504:310504-99-7"/></group></groupSet></packageItem>'
        f"{DPA_G2}</itemSet></newsMessage>"
    )
    (item,) = read(message.encode()).items
    assert item.related == [Related("part_of", "urn:p:1")]


def test_an_atom_feed_names_the_author_of_entries_that_name_none() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>http://velmar.example/</id>'
        "<author><name>Redacción</name></author>"
        "<entry><id>1</id><title>Uno</title></entry>"
        "<entry><id>2</id><title>Dos</title><author><name>Ada Farol</name></author></entry></feed>"
    )
    assert [item.byline for item in read(atom.encode()).items] == ["Redacción", "Ada Farol"]
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "t", "authors": [{"name": "Redacción"}],
        "items": [{"id": "1", "title": "Uno"}, {"id": "2", "title": "Dos", "authors": [{"name": "Ada Farol"}]}],
    }  # fmt: skip
    assert [item.byline for item in read(json.dumps(feed).encode()).items] == ["Redacción", "Ada Farol"]


def mail(note: str, *attached: tuple[str, bytes]) -> bytes:
    """A mail with a note and files."""
    head = (
        "From: Mesa <mesa@boletin.example>\nTo: w@x.example\nSubject: Boletín\nMessage-ID: <7@boletin.example>\n"
        "Date: Sun, 4 May 2031 10:00:00 +0200\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=zz\n\n"
        f"--zz\nContent-Type: text/plain; charset=utf-8\n\n{note}\n"
    )
    files = "".join(
        f'--zz\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}\n"
        for name, data in attached
    )
    return (head + files + "--zz--\n").encode()


def test_wires_attached_to_a_mail_are_read() -> None:
    page = b"<!DOCTYPE html><html><body><p>Anuncio.</p></body></html>"
    files = [
        ("a.dat", DPA_G2.encode()),
        ("foto.jpg", b"\xff\xd8\xff\xe0"),
        ("p.html", page),
        ("b", json.dumps(DPA_JSON).encode()),
    ]
    reading = read(mail("Van dos textos.", *files))
    assert [item.item_id for item in reading.items] == ["7@boletin.example", DPA_JSON["urn"], DPA_JSON["urn"]]
    assert [item.origin.format for item in reading.items if item.origin] == ["email", "newsml-g2", "dpa-json"]
    assert reading.items[0].body == "Van dos textos."
    assert reading.losses == []
    alone = read(mail("", files[0]))
    assert [item.provider for item in alone.items] == ["dpa"], "a mail without a text of its own is only an envelope"


def test_a_broken_wire_in_a_mail_is_lost_and_said() -> None:
    reading = read(mail("Va un texto.", ("roto.xml", DPA_G2[:-60].encode()), ("bien.xml", DPA_G2.encode())))
    assert len(reading.items) == 2
    (loss,) = reading.losses
    assert loss.startswith("attachment roto.xml: not XML")


def test_files_beyond_the_fiftieth_are_not_looked_at_and_that_is_said() -> None:
    reading = read(mail("Texto.", *[(f"{n}.json", json.dumps(DPA_JSON).encode()) for n in range(60)]))
    assert (len(reading.items), len(reading.losses)) == (51, 1)
    assert "more than 50 files" in reading.losses[0]


def test_nobody_becomes_an_agency_by_a_record_in_a_mail() -> None:
    record = b'{"provider": "efe", "item_id": "1", "status": "canceled"}'
    assert [item.provider for item in read(mail("Texto.", ("r.json", record))).items] == ["boletin.example"]


def test_renditions_are_named_and_not_fetched() -> None:
    ap = {
        "data": {
            "item": {
                "altids": {"itemid": "9"}, "type": "text", "headline": "H", "version": 1,
                "renditions": {"nitf": {"href": "https://api.ap.example/9/download?format=NITF"}, "odd": {"href": "ftp://x"}},
            }
        }
    }  # fmt: skip
    reading = read(json.dumps(ap).encode())
    assert reading.renditions == {"ap:9": {"nitf": "https://api.ap.example/9/download?format=NITF"}}
    assert reading.items[0].body == ""
    remote = DPA_G2.replace("<contentSet>", '<contentSet><remoteContent rendition="rnd:text" href="https://d.example/7"/>')
    assert read(remote.encode()).renditions == {"dpa:urn:newsml:dpa.com:20310504:310504-99-7": {"text": "https://d.example/7"}}


@pytest.mark.parametrize(
    ("entry", "complaint"), [("nonpublic_lines = ['(']", "nonpublic_lines"), ("replaced_ids = 'x'", "replaced_ids")]
)
def test_a_profile_with_a_wrong_entry_is_one_line(tmp_path, entry: str, complaint: str) -> None:
    (tmp_path / "x.toml").write_text(f'name = "x"\n{entry}\n', "utf-8")
    with pytest.raises(SettingsError, match=complaint) as error:
        read_files([tmp_path / "x.toml"])
    assert "\n" not in str(error.value)


def test_a_subject_that_is_given_as_a_uri_has_scheme_and_code() -> None:
    uri = '<subject uri="http://cv.iptc.org/newscodes/mediatopic/11000000"><name>politics</name></subject><language tag="de"/>'
    (item,) = read(DPA_G2.replace('<language tag="de"/>', uri).encode()).items
    assert item.subjects[-1] == Subject("http://cv.iptc.org/newscodes/mediatopic/", "11000000", "politics")


def test_links_say_what_another_item_is_to_this_one() -> None:
    links = "".join(f'<link rel="irel:{rel}" residref="urn:x:{rel}"/>' for rel in ("kills", "corrects", "partOf", "seeAlso"))
    (item,) = read(DPA_G2.replace("</itemMeta>", f"{links}</itemMeta>").encode()).items
    assert [(one.relation, one.ref) for one in item.related] == [
        ("kills", "urn:x:kills"), ("corrects", "urn:x:corrects"), ("part_of", "urn:x:partOf"), ("see", "urn:x:seeAlso"),
    ]  # fmt: skip


def test_a_headline_counts_as_text() -> None:
    rss = "<rss><channel><item><guid>1</guid><title>{}</title></item></channel></rss>"
    with pytest.raises(UnreadableWire, match="at most 1000000"):
        read(rss.format("word " * 250_000).encode())
