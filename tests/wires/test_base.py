"""What all readers share: times, languages, urgency, status, mark-up to text, profiles, trace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from teletipo.errors import SettingsError
from teletipo.wires import language_codes, profiles, read, status, times, urgency
from teletipo.wires.markup import html_to_text, one_line, plain_or_marked_up, reflow
from teletipo.wires.trace import Trace

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20310121T103600+0000", (2031, 1, 21, 10, 36, 0)),
        ("20310121T103600+01", (2031, 1, 21, 9, 36, 0)),
        ("20310121T103600+0130", (2031, 1, 21, 9, 6, 0)),
        ("20310128T133356", (2031, 1, 28, 13, 33, 56)),
        ("2031-04-15T13:49:15", (2031, 4, 15, 13, 49, 15)),
        ("2031-04-15T13:49", (2031, 4, 15, 13, 49, 0)),
        ("2031-01-12 12:35:40", (2031, 1, 12, 12, 35, 40)),
        ("2031-01-12T12:35:40.123Z", (2031, 1, 12, 12, 35, 40)),
        ("2031-01-12T23:59:60Z", (2031, 1, 12, 23, 59, 59)),
        ("2031-01-12", (2031, 1, 12, 0, 0, 0)),
        ("20310112", (2031, 1, 12, 0, 0, 0)),
        ("Mon, 26 Jul 2031 14:31:38 Z", (2031, 7, 26, 14, 31, 38)),
        ("26 Jul 31 14:31 EST", (2031, 7, 26, 19, 31, 0)),
        ("06 June 2031 14:00:00", (2031, 6, 6, 14, 0, 0)),
        ("28.09.2031 11:45", (2031, 9, 28, 11, 45, 0)),
    ],
)
def test_trap_11_times(text: str, expected: tuple[int, int, int, int, int, int]) -> None:
    moment = times.parse(text)
    assert moment is not None
    assert moment.replace(microsecond=0) == datetime(*expected, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "YYYYMMDD000000-HHMM",
        "31 Feb",
        "2031-02-31T10:00:00Z",
        "0001-01-01T00:00:00",
        "Next Monday",
        "",
        "12",
        "2031",
        "2031-13-01",
        "2031-01-01T25:00:00Z",
        "20310101T100000+9900",
        None,
        7,
        "9" * 10_000,
    ],
)
def test_trap_11_what_is_no_date_is_none(text: object) -> None:
    assert times.parse(text) is None


def test_trap_11_a_time_without_a_zone_is_in_the_profiles() -> None:
    assert times.parse("2031-07-01T12:00:00", ZoneInfo("Europe/Madrid")) == datetime(2031, 7, 1, 10, tzinfo=UTC)
    assert times.parse("2031-07-01T12:00:00+00:00", ZoneInfo("Europe/Madrid")) == datetime(2031, 7, 1, 12, tzinfo=UTC)
    moment = times.parse("2031-07-01")
    assert moment is not None
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("swe", "sv"),
        ("NL", "nl"),
        ("EN", "en"),
        ("nb-NO", "nb-NO"),
        ("no", "no"),
        ("es-ES", "es-ES"),
        ("en_us", "en-US"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("x-default", None),
        ("und", None),
        ("zxx", None),
        ("", None),
        (None, None),
        ("English please", None),
    ],
)
def test_trap_18_languages(text: str | None, tag: str | None) -> None:
    assert language_codes.parse(text) == tag


@pytest.mark.parametrize(
    ("value", "expected"), [(3, 3), ("3", 3), (" 3 ", 3), (0, None), (10, None), (True, None), ("r", None), (0.1, None)]
)
def test_trap_12_urgency(value: object, expected: int | None) -> None:
    assert urgency.parse(value) == expected


def test_trap_9_an_unknown_state_is_withheld_with_its_reason() -> None:
    state, reason = status.state_of("stat:asleep")
    assert state == "withheld"
    assert reason is not None
    assert "asleep" in reason


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One\nparagraph.</p><p>Two</p>", "One paragraph.\nTwo"),
        ("<p>a<br/>b</p>", "a\nb"),
        ("<div>a<script>x()</script><style>p{}</style>b</div>", "ab"),
        ("<p>AT&amp;T &eacute; &#8364;</p>", "AT&T é €"),
        ("<p>&amp;lt;b&amp;gt; shows bold</p>", "&lt;b&gt; shows bold"),
        ("<p>5 &lt; 6</p>", "5 < 6"),
        ("&lt;p&gt;d&amp;oslash;d&lt;/p&gt;&lt;p&gt;z&lt;/p&gt;", "død\nz"),
        ("<p>&amp;amp;apos;s</p>", "'s"),
        ("<table><tr><th>Team</th><th>W</th></tr><tr><td>Velmar</td><td>3</td></tr></table>", "Team | W\nVelmar | 3"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<pre>a  1\nb  2</pre>", "a 1\nb 2"),
        ('<section class="main">a<section class="np-nonpublic">secret</section>b</section>', "a\nb"),
        ("<p>x<!-- note -->y</p>", "xy"),
        ("plain text &amp; more", "plain text & more"),
        ("a < b and c > d", "a < b and c > d"),
        ("<p>\u0007bell\u00a0space\ufeff</p>", "bell space"),
        ("", ""),
    ],
)
def test_traps_14_15_19_22_markup_to_text(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_markup_nested_thousands_deep_does_not_fail() -> None:
    assert html_to_text("<div>" * 1000 + "x" + "</div>" * 1000) == "x"
    html_to_text("<div>" * 100_000 + "x")


def test_reflow_joins_lines_that_were_broken_by_hand() -> None:
    assert reflow("one\ntwo\n\nthree\nfour") == "one two\nthree four"
    assert reflow("one line\nand more\n   New paragraph\nand more") == "one line and more\nNew paragraph and more"
    assert reflow("\n      first\n      second\n   ") == "first second"


def test_plain_or_marked_up() -> None:
    assert plain_or_marked_up("One <b>bold</b> line\nsecond line") == "One bold line\nsecond line"
    assert plain_or_marked_up("a\nb") == "a\nb"
    assert plain_or_marked_up("<p>a\nb</p>") == "a b"


def test_one_line() -> None:
    assert one_line("  Fish &amp;amp; ships \n of <b>Velmar</b> ") == "Fish & ships of Velmar"
    assert one_line(" \u0007 ") is None
    assert one_line(None) is None


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'name = "bureau"\nids = ["bureau.example"]\ntime_zone = "Europe/Brussels"\npublish_text = false\n'
        'newsml_1_id = "NewsItemId"\ncut_from_id = "-r\\\\d+$"\nkill_signals = ["b:stop"]\n',
    )
    shelf = profiles.load((path,))
    data = (FIXTURES / "newsml1_roles.xml").read_text("utf-8").replace("-v2<", "-r9<").encode("iso-8859-15")
    (item,) = read(data, profiles=shelf).items
    assert (item.provider, item.item_id) == ("bureau", "ANP040531001")
    assert item.updated_at == datetime(2031, 5, 4, 11, 34, tzinfo=UTC)
    assert item.origin is not None
    assert item.origin.profile == "bureau"
    assert profiles.profile_for("bureau", (path,)).publish_text is False
    assert profiles.profile_for("somebody else", (path,)).publish_text is True


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name = ", "not TOML"),
        ('title = "x"', "name must be"),
        ('name = "X Y"', "name must be"),
        ('name = "x"\nzone = "UTC"', "unknown field zone"),
        ('name = "x"\ntime_zone = "Mars/North"', "time_zone 'Mars/North'"),
        ('name = "x"\nids = "x"', "ids must be a list"),
        ('name = "x"\npublish_text = "no"', "publish_text must be"),
        ('name = "x"\ncut_from_id = "("', "cut_from_id is no regular expression"),
        ('name = "x"\nnewsml_1_id = "Guid"', "newsml_1_id must be one of"),
    ],
)
def test_a_wrong_profile_is_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError, match=complaint) as fault:
        profiles.load((path,))
    assert str(path) in str(fault.value)
    assert "\n" not in str(fault.value)


def test_trace_says_where_a_value_stood_and_what_was_left() -> None:
    trace = Trace()
    read((FIXTURES / "g2_main_section.xml").read_bytes(), trace=trace)
    (steps,) = trace.items
    taken = {step.field: step.where for step in steps if step.why_left is None}
    assert taken["headline"] == "/newsItem/contentMeta/headline[2]"
    assert taken["language"] == "/newsItem/contentMeta/language/@tag"
    left = {step.where: step.why_left for step in steps if step.why_left is not None}
    assert left["/newsItem/contentMeta/headline[3]"] == "a headline stood before it"
    assert "nonpublic" in str(left["/newsItem/itemMeta/edNote[3]"])
    assert all("beispiel@" not in str(step) for step in steps)


def test_trace_belongs_to_the_records_not_to_the_pictures_between() -> None:
    trace = Trace()
    found = read((FIXTURES / "g2_prefixed_story_and_kill.xml").read_bytes(), trace=trace)
    assert len(trace.items) == len(found.items) == 2


@pytest.mark.parametrize(("name", "where"), [("ninjs1.json", "/"), ("iptc7901.txt", "line ")])
def test_trace_finds_places_in_json_and_text(name: str, where: str) -> None:
    trace = Trace()
    read((FIXTURES / name).read_bytes(), trace=trace)
    headline = next(step for step in trace.items[0] if step.field == "headline")
    assert headline.where.startswith(where)
