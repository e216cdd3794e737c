"""When: time expressions of languages/*/time.toml, resolved against the day of publication (coding.md, 15)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from teletipo import languages
from teletipo.records import EventDate

Resolution = Literal["day", "week", "month", "year", "range"]
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(slots=True, frozen=True)
class When:
    """A time expression found in the text; `resolve` turns it into days."""

    start: int
    end: int
    text: str
    kind: str
    groups: dict[str, str]
    shift: int
    language: str
    from_after: bool = False


@dataclass(slots=True, frozen=True)
class Days:
    """Inclusive days and how exact they are."""

    first: date
    last: date
    resolution: Resolution


@dataclass(slots=True, frozen=True)
class Calendar:
    """Words and rules of a language's time.toml."""

    weekdays: dict[str, int]
    months: dict[str, int]
    seasons: dict[str, tuple[int, int]]
    ordinals: dict[str, int]
    units: dict[str, str]
    numbers: dict[str, int]
    holidays: dict[str, tuple[int, int]]
    rules: tuple[tuple[re.Pattern[str], dict[str, Any]], ...]
    quick: re.Pattern[str]


def _words(names: Any) -> str:
    return "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))


@cache
def calendar_of(language: str) -> Calendar:
    """Read time.toml of a language."""
    table = languages.load(language, "time")
    weekdays = {w: n for n, w in enumerate(table["weekdays"], 1)} | table["weekday_names"]
    months = {m: n for n, m in enumerate(table["months"], 1)} | table["month_names"]
    slots = {
        "{weekday}": f"(?P<weekday>{_words(weekdays)})",
        "{weekday_words}": _words(weekdays),
        "{weekday_cap}": f"(?P<weekday>(?-i:{_words(w.capitalize() for w in weekdays)}))",
        "{month}": f"(?P<month>{_words(months)})",
        "{month_words}": _words(months),
        "{month_full}": f"(?P<month>{_words([*table['months'], *_long(table['month_names'])])})",
        "{month_full_words}": _words([*table["months"], *_long(table["month_names"])]),
        "{month_cap}": f"(?P<month>(?-i:{_words([m.capitalize() for m in months] + [m.upper() for m in months])}))",
        "{number}": rf"(?P<n>\d{{1,3}}|{_words(table['numbers'])})",
        "{unit}": f"(?P<unit>{_words(table['units'])})",
        "{season}": f"(?P<season>{_words(table['seasons'])})",
        "{season2}": f"(?P<season2>{_words(table['seasons'])})",
        "{season3}": f"(?P<season3>{_words(table['seasons'])})",
        "{ordinal}": f"(?P<ordinal>{_words(table['ordinals'])})",
    }
    rules, holidays = [], {}
    for row in table["rule"]:
        pattern = row["pattern"]
        for slot, words in slots.items():
            pattern = pattern.replace(slot, words)
        rules.append((re.compile(rf"(?<!\w)(?:{_unique_groups(pattern)})(?!\w)", re.IGNORECASE), row))
        holidays.update({k: tuple(v) for k, v in row.get("holidays", {}).items()})
    keys = {*weekdays, *months, *table["seasons"], *table["units"], *holidays}
    keys |= {
        "ayer",
        "hoy",
        "mañana",
        "anoche",
        "anteayer",
        "antier",
        "víspera",
        "today",
        "yesterday",
        "tomorrow",
        "tonight",
        "overnight",
        "weekend",
        "night",
        "noche",
        "tarde",
        "madrugada",
        "trimestre",
        "semestre",
        "quarter",
        "morning",
    }
    quick = re.compile(rf"(?<!\w)(?:{_words(keys)})(?!\w)|\d{{1,2}}[/.-]\d|(?:19|20)\d\d|(?:día|the) \d", re.IGNORECASE)
    return Calendar(
        weekdays, months, {k: (v[0], v[1]) for k, v in table["seasons"].items()}, table["ordinals"], table["units"],
        table["numbers"], holidays, tuple(rules), quick,
    )  # fmt: skip


def _long(names: dict[str, int]) -> list[str]:
    """Month names that stand without a day: "mar" alone is the sea."""
    return [n for n in names if len(n) > 4]


def _unique_groups(pattern: str) -> str:
    """Number repeated group names: alternatives of a rule may name the same group."""
    seen: dict[str, int] = {}

    def rename(match: re.Match[str]) -> str:
        name = match.group(1)
        seen[name] = seen.get(name, 0) + 1
        return f"(?P<{name}__{seen[name]}>" if seen[name] > 1 else f"(?P<{name}>"

    return re.sub(r"\(\?P<(\w+)>", rename, pattern)


def find(text: str, language: str, offset: int = 0) -> list[When]:
    """All time expressions of a text, the longest first where they overlap, in order of the text."""
    table = calendar_of(language)
    if table.quick.search(text) is None:
        return []
    found: list[When] = []
    for regex, row in table.rules:
        for m in regex.finditer(text):
            groups: dict[str, str] = {}
            for name, value in m.groupdict().items():
                if value is not None:
                    groups.setdefault(name.partition("__")[0], value)
            found.append(
                When(
                    m.start() + offset, m.end() + offset, m.group(), row["kind"], groups, row.get("shift", 0), language,
                    row.get("past_of") == "after",
                )
            )  # fmt: skip
    found.sort(key=lambda w: (w.start - w.end, w.start))
    taken: list[When] = []
    for when in found:
        if all(when.end <= other.start or other.end <= when.start for other in taken):
            taken.append(when)
    return sorted(taken, key=lambda w: w.start)


def resolve(when: When, anchor: date, future: bool) -> Days | None:
    """The days that an expression means, seen from `anchor`; None for nonsense ("31 de febrero"), vagueness and far years.

    `future`: the act is still to come, so "el lunes" is the coming Monday and "en marzo" the coming March.
    """
    try:
        days = _resolve(when, calendar_of(when.language), anchor, future)
    except (ValueError, OverflowError, KeyError):
        return None
    if days is None or not FIRST_YEAR <= days.first.year <= LAST_YEAR or not FIRST_YEAR <= days.last.year <= LAST_YEAR:
        return None
    return days if days.first <= days.last else None


def record(when: When, days: Days) -> EventDate:
    """The record of a resolved expression."""
    return {
        "from": days.first.isoformat(),
        "to": days.last.isoformat(),
        "text": when.text,
        "start": when.start,
        "end": when.end,
        "resolution": days.resolution,
    }


def _day(value: date) -> Days:
    return Days(value, value, "day")


def _month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")


def _add_months(value: date, months: int) -> tuple[int, int]:
    total = value.year * 12 + value.month - 1 + months
    return total // 12, total % 12 + 1


def _week(value: date, weeks: int) -> Days:
    monday = value - timedelta(days=value.weekday()) + timedelta(weeks=weeks)
    return Days(monday, monday + timedelta(days=6), "week")


def _unit(unit: str, shift: int, anchor: date) -> Days | None:
    if unit == "day":
        return _day(anchor + timedelta(days=shift))
    if unit == "week":
        return _week(anchor, shift)
    if unit == "month":
        return _month(*_add_months(anchor, shift))
    if unit == "year":
        return Days(date(anchor.year + shift, 1, 1), date(anchor.year + shift, 12, 31), "year")
    if unit == "hour":
        return None
    return None


def _resolve(w: When, c: Calendar, anchor: date, future: bool) -> Days | None:
    g = w.groups
    past = bool(g.get("past") or g.get("past2"))
    ahead = bool(g.get("next") or g.get("next2"))
    kind = w.kind
    if kind == "day":
        return _day(anchor + timedelta(days=w.shift))
    if kind == "weekday":
        return _weekday(c.weekdays[g["weekday"].lower()], anchor, ahead or (future and not past), past)
    if kind == "iso":
        return _day(date(int(g["year"]), int(g["monthno"]), int(g["day"])))
    if kind == "date":
        return _date(g, c, anchor, ahead or (future and not past))
    if kind == "days":
        return _days(g, c, anchor, future)
    if kind == "months":
        return _months(g, c, anchor, future)
    if kind == "month":
        return _named_month(g, c, anchor, ahead or (future and not past), past)
    if kind in ("ago", "ahead", "ahead_if_planned", "last"):
        return _counted(w, c, anchor, future)
    if kind in ("unit", "unit_part"):
        return _unit(c.units[g["unit"].lower()], w.shift, anchor)
    if kind == "weekend":
        monday = anchor - timedelta(days=anchor.weekday())
        weeks = -1 if past else 1 if ahead else 0
        if not past and not ahead and not future and anchor.weekday() < 5:
            weeks = -1
        first = monday + timedelta(days=5, weeks=weeks)
        return Days(first, first + timedelta(days=1), "range")
    if kind == "year":
        year = int(g["year"])
        return Days(date(year, 1, 1), date(year, 12, 31), "year")
    if kind == "season":
        return _season(g, c, anchor, ahead or (future and not past), past)
    if kind == "quarter":
        return _quarter(g, c, anchor)
    if kind == "holiday":
        month, day = c.holidays[g["holiday"].lower()]
        value = date(anchor.year, month, day)
        if not future and value > anchor:
            value = date(anchor.year - 1, month, day)
        elif future and value < anchor:
            value = date(anchor.year + 1, month, day)
        return _day(value)
    return None


def _weekday(number: int, anchor: date, ahead: bool, past: bool) -> Days:
    delta = number - anchor.isoweekday()
    if ahead:
        return _day(anchor + timedelta(days=delta if delta > 0 else delta + 7))
    if delta > 0 or (past and delta == 0):
        delta -= 7
    return _day(anchor + timedelta(days=delta))


def _number(text: str, c: Calendar) -> int:
    return int(text) if text.isdigit() else c.numbers[text.lower()]


def _month_number(g: dict[str, str], c: Calendar, name: str = "month") -> int | None:
    if "monthno" in g:
        return int(g["monthno"])
    return c.months[g[name].lower()] if name in g else None


def _date(g: dict[str, str], c: Calendar, anchor: date, ahead: bool) -> Days | None:
    day = 1 if g["day"].lower() in ("primero", "uno") else int(g["day"])
    month = _month_number(g, c)
    if month is None and "weekday" in g:
        return _weekday_and_day(c.weekdays[g["weekday"].lower()], day, anchor, ahead)
    if month is None:
        value = anchor.replace(day=day)
        if not ahead and value > anchor:
            year, number = _add_months(anchor, -1)
            value = date(year, number, day)
        elif ahead and value < anchor:
            year, number = _add_months(anchor, 1)
            value = date(year, number, day)
        return _day(value)
    if "year" in g:
        return _day(date(int(g["year"]), month, day))
    if "año pasado" in (g.get("past") or ""):
        return _day(date(anchor.year - 1, month, day))
    return _day(_nearest(anchor, month, day, ahead))


def _weekday_and_day(weekday: int, day: int, anchor: date, ahead: bool) -> Days | None:
    """ "el jueves 20": the nearest 20th that is a Thursday, on the side of the tense first."""
    for months in (0, 1, -1) if ahead else (0, -1, 1):
        year, month = _add_months(anchor, months)
        if day <= calendar.monthrange(year, month)[1] and date(year, month, day).isoweekday() == weekday:
            return _day(date(year, month, day))
    return None


def _nearest(anchor: date, month: int, day: int, ahead: bool) -> date:
    """The year of a date without one: the last such day, or the next if the act is to come; a week's slack each way."""
    value = date(anchor.year, month, day)
    if not ahead and value > anchor + timedelta(days=45):
        return date(anchor.year - 1, month, day)
    if ahead and value < anchor - timedelta(days=7):
        return date(anchor.year + 1, month, day)
    return value


def _days(g: dict[str, str], c: Calendar, anchor: date, future: bool) -> Days | None:
    if "day" not in g:
        names = [g[k].lower() for k in ("weekday", "weekday2", "weekday3", "weekday4") if k in g]
        if len(names) != 2:
            return None
        last = _weekday(c.weekdays[names[1]], anchor, future, False).last
        first = last - timedelta(days=(last.isoweekday() - c.weekdays[names[0]]) % 7)
        return Days(first, last, "range")
    month2 = _month_number(g, c, "month2") or _month_number(g, c)
    month = _month_number(g, c) or month2
    if month is None or month2 is None:
        return None
    last = date(int(g["year2"]), month2, int(g["day2"])) if "year2" in g else _nearest(anchor, month2, int(g["day2"]), future)
    first = date(int(g.get("year", last.year)), month, int(g["day"]))
    if first > last and "year" not in g:
        first = first.replace(year=last.year - 1)
    return Days(first, last, "range")


def _months(g: dict[str, str], c: Calendar, anchor: date, future: bool) -> Days:
    last_month = c.months[g["month2"].lower()]
    last = _month(int(g["year2"]), last_month) if "year2" in g else _named_month({"month": g["month2"]}, c, anchor, future, False)
    first_month = c.months[g["month"].lower()]
    year = int(g["year"]) if "year" in g else last.first.year - (first_month > last_month)
    return Days(date(year, first_month, 1), last.last, "range")


def _named_month(g: dict[str, str], c: Calendar, anchor: date, ahead: bool, past: bool) -> Days:
    month = c.months[g["month"].lower()]
    if "year" in g:
        return _month(int(g["year"]), month)
    word = f"{g.get('past', '')} {g.get('next', '')}"
    if "año" in word or "year" in word:
        return _month(anchor.year + (-1 if past else 1), month)
    if ahead:
        return _month(
            anchor.year if month >= anchor.month and not (g.get("next") and month == anchor.month) else anchor.year + 1, month
        )
    return _month(anchor.year if month < anchor.month or (month == anchor.month and not past) else anchor.year - 1, month)


def _counted(w: When, c: Calendar, anchor: date, future: bool) -> Days | None:
    n, unit = _number(w.groups["n"], c), c.units[w.groups["unit"].lower()]
    if w.kind == "ahead_if_planned" and (not future or unit == "year"):
        return None
    if w.kind == "last":
        if unit == "hour":
            return Days(anchor - timedelta(days=max(1, n // 24)), anchor, "range")
        if unit == "day":
            return Days(anchor - timedelta(days=n), anchor, "range")
        return None
    if unit in ("hour", "decade"):
        return _day(anchor) if unit == "hour" and n <= 6 and w.kind == "ago" else None
    sign = -1 if w.kind == "ago" else 1
    return _unit(unit, sign * n, anchor)


def _season(g: dict[str, str], c: Calendar, anchor: date, ahead: bool, past: bool) -> Days | None:
    name = g.get("season") or g.get("season2") or g["season3"]
    first_month, last_month = c.seasons[name.lower()]
    if "year" in g:
        year = int(g["year"])
    elif past or not ahead:
        year = (
            anchor.year
            if date(anchor.year, first_month, 1) <= anchor and not (past and first_month <= anchor.month <= last_month)
            else anchor.year - 1
        )
    else:
        year = anchor.year if date(anchor.year, last_month, 1) >= anchor.replace(day=1) else anchor.year + 1
    last_year = year + 1 if last_month < first_month else year
    return Days(date(year, first_month, 1), _month(last_year, last_month).last, "range")


def _quarter(g: dict[str, str], c: Calendar, anchor: date) -> Days | None:
    span = (g.get("span") or g["span2"]).lower()
    length = {"trimestre": 3, "quarter": 3, "cuatrimestre": 4, "semestre": 6, "half": 6}[span]
    year, number = int(g.get("year", anchor.year)), c.ordinals[g["ordinal"].lower()]
    first = (number - 1) * length + 1
    return Days(date(year, first, 1), _month(year, first + length - 1).last, "range")
