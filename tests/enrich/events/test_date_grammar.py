"""Date expressions: tables written from the language (spanish_dates.txt, english_dates.txt), and what tables do not show."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from teletipo.enrich.events.date_grammar import DateGrammar
from teletipo.enrich.events.date_patterns import Compiler, fold
from teletipo.errors import LexiconError

WEDNESDAY = date(2025, 3, 12)
TENSE = {"+": True, "-": False, "?": None}
ES, EN = DateGrammar("es"), DateGrammar("en")


def _rows(name: str) -> list[tuple[str, bool | None, str, str, date]]:
    rows = []
    for line in (Path(__file__).parent / f"{name}_dates.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            text, tense, days, resolution, *anchor = (cell.strip() for cell in line.split(";"))
            rows.append((text, TENSE[tense], days, resolution, date.fromisoformat(anchor[0]) if anchor else WEDNESDAY))
    return rows


def _check(grammar: DateGrammar, text: str, past: bool | None, days: str, resolution: str, anchor: date) -> None:
    found = grammar.find(text, anchor, past=past)
    if days == "-":
        assert found == []
        return
    first, _, last = days.partition("..")
    assert [(str(m.first), str(m.last), m.resolution) for m in found] == [(first, last or first, resolution)]
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(("text", "past", "days", "resolution", "anchor"), _rows("spanish"))
def test_spanish(text: str, past: bool | None, days: str, resolution: str, anchor: date) -> None:
    _check(ES, text, past, days, resolution, anchor)


@pytest.mark.parametrize(("text", "past", "days", "resolution", "anchor"), _rows("english"))
def test_english(text: str, past: bool | None, days: str, resolution: str, anchor: date) -> None:
    _check(EN, text, past, days, resolution, anchor)


def test_a_text_with_several_dates_keeps_their_order_and_offsets() -> None:
    text = "El canciller, que viajó ayer a Quito, firmará el próximo lunes el tratado que se negocia desde febrero de 2024."
    found = ES.find(text, WEDNESDAY)
    assert [m.text for m in found] == ["ayer", "el próximo lunes", "febrero de 2024"]
    assert all(text[m.start : m.end] == m.text for m in found)


def test_a_day_after_another_counts_from_it() -> None:
    found = ES.find("El 3 de marzo huyó y al día siguiente fue detenido", WEDNESDAY, past=True)
    assert [str(m.first) for m in found] == ["2025-03-03", "2025-03-04"]
    found = EN.find("He fled on March 3 and was arrested the day after", WEDNESDAY, past=True)
    assert [str(m.first) for m in found] == ["2025-03-03", "2025-03-04"]


def test_southern_seasons_are_half_a_year_away() -> None:
    (match,) = DateGrammar("es", southern=True).find("en verano de 2023", WEDNESDAY, past=True)
    assert (match.first, match.last) == (date(2023, 12, 1), date(2024, 2, 29))


@pytest.mark.parametrize("text", ["Ayer ☂ İstanbul, el 3 de mayo", "İİİ el 3 de mayo"])
def test_letters_that_grow_in_lower_case_do_not_move_offsets(text: str) -> None:
    found = ES.find(text, WEDNESDAY)
    assert found[-1].text == "el 3 de mayo"
    assert len(fold(text)) == len(text)


_WORDS = (
    "el,la,los,de,del,al,y,a,en,3,31,12,2025,1899,9999,-,.,entre,desde,hasta,hace,tres,lunes,marzo,próximo,día,semana,que viene,"
    "ayer,mañana,febrero,meses,2025-02-30,31/12/2024,March,last,Monday,ago,of,weeks,the,next,first,quarter,summer"
)


@given(
    st.lists(st.sampled_from([*_WORDS.split(","), ","]), max_size=14).map(" ".join),
    st.dates(date(1901, 1, 1), date(9990, 1, 1)),
    st.sampled_from([True, False, None]),
)
def test_any_row_of_date_words_gives_ordered_days_at_right_offsets(text: str, anchor: date, past: bool | None) -> None:
    for grammar in (ES, EN):
        reached = 0
        for match in grammar.find(text, anchor, past=past):
            assert match.start >= reached
            assert text[match.start : match.end] == match.text == match.text.strip()
            assert match.first <= match.last
            assert (match.resolution == "day") == (match.first == match.last)
            reached = match.end


def test_time_grows_with_the_text_and_not_faster() -> None:
    def seconds(text: str) -> float:
        begun = perf_counter()
        ES.find(text, WEDNESDAY)
        return perf_counter() - begun

    hostile = "el pasado el próximo entre el 3 de del 4 y a los días de la semana de marzo "
    once = min(seconds(hostile * 50) for _ in range(3))
    assert min(seconds(hostile * 400) for _ in range(3)) < once * 8 * 4


def test_a_wrong_pattern_is_one_clear_line() -> None:
    table = {"pattern": {"weekday": [{"is": "el {weekdya}"}]}}
    with pytest.raises(LexiconError, match=r"languages/xx/dates.toml: 'el \{weekdya\}': there is no table \[weekdya\]"):
        Compiler(table, "languages/xx/dates.toml").patterns()
    table = {"pattern": {"weekday": [{"is": "[ el lunes"}]}}
    with pytest.raises(LexiconError, match="'\\[' without '\\]'"):
        Compiler(table, "languages/xx/dates.toml").patterns()
