"""What a date pattern means: one function a rule, from the words it caught to the days.

Conventions (docs/events.md): a named month, season or year is its whole range; weeks run Monday to Sunday; without a
tense a weekday is the last one (the anchor day included), and a day and month without a year is the nearest one.
Seasons are the meteorological ones, three whole months, from the year in which they begin.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Resolution = Literal["day", "week", "month", "year", "range"]
Span = tuple[date, date, Resolution]

_DAY = timedelta(days=1)
_OLDEST, _AHEAD = 1900, 50
# "acordaron verse el 7 de mayo", written in April: a day of last year would have its year, whatever the tense of the verb.
_SOON = 45


@dataclass(slots=True)
class Caught:
    """One match: the values of its slots, the pattern's `value`, and where in time the text stands."""

    slots: dict[str, int]
    value: int
    anchor: date
    past: bool | None
    previous: date | None  # the day named last in the same text
    southern: bool

    def shift(self) -> int | None:
        """-1 "pasado", 0 "este", +1 "próximo"; None where no such word stands."""
        given = [self.slots[name] for name in ("shift", "shift2") if name in self.slots]
        return next((value for value in given if value), 0 if given else None)

    def year(self) -> int | None:
        """The year that is named, in digits or as "del año pasado"."""
        year = self.slots.get("year")
        return year if year is None or abs(year) > 1 else self.anchor.year + year


def _day(day: date) -> Span:
    return day, day, "day"


def _make(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar or the years we accept have no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2000, month)[1]:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months(year: int, month: int, count: int = 1) -> tuple[date, date]:
    """First and last day of `count` whole months; `month` may lie outside 1…12."""
    first, last = year * 12 + month - 1, year * 12 + month - 2 + count
    end = date(last // 12, last % 12 + 1, calendar.monthrange(last // 12, last % 12 + 1)[1])
    return date(first // 12, first % 12 + 1, 1), end


def _week(day: date) -> Span:
    monday = day - day.weekday() * _DAY
    return monday, monday + 6 * _DAY, "week"


def _choose(caught: Caught, candidates: list[tuple[date, date]], shift: int | None = None) -> tuple[date, date] | None:
    """The candidate that tense or "pasado", "próximo" asks for; without either the nearest to the anchor."""
    anchor = caught.anchor
    if shift == -1:
        candidates = [c for c in candidates if c[1] < anchor]
    elif shift == 1:
        candidates = [c for c in candidates if c[0] > anchor]
    elif caught.past is True:
        candidates = [c for c in candidates if c[0] <= anchor]
    elif caught.past is False:
        candidates = [c for c in candidates if c[1] >= anchor]
    return min(candidates, key=lambda c: (_distance(c, anchor), c[0] > anchor), default=None)


def _near(caught: Caught, candidates: list[tuple[date, date]]) -> tuple[date, date] | None:
    """As _choose, but a day of the next weeks stands even beside a verb in the past."""
    near = [c for c in candidates if abs((c[0] - caught.anchor).days) <= _SOON]
    if near and caught.past is True and caught.shift() is None:
        return min(near, key=lambda c: _distance(c, caught.anchor))
    return _choose(caught, candidates, caught.shift())


def _distance(span: tuple[date, date], anchor: date) -> int:
    if span[0] <= anchor <= span[1]:
        return 0
    return min(abs((span[0] - anchor).days), abs((span[1] - anchor).days))


def offset(caught: Caught) -> Span | None:
    """hoy, ayer, anteayer: `value` days from the anchor. A weekday beside it has to be right."""
    return _day(caught.anchor + caught.value * _DAY)


def weekday(caught: Caught) -> Span | None:
    """el lunes, el próximo lunes, last Tuesday."""
    shift = caught.shift()
    wanted, anchor = caught.slots["weekday"], caught.anchor
    ahead = (wanted - anchor.weekday()) % 7
    if shift == 1:
        return _day(anchor + (ahead or 7) * _DAY)
    if shift == -1:
        return _day(anchor - ((7 - ahead) if ahead else 7) * _DAY)
    if caught.past is False:
        return _day(anchor + ahead * _DAY)
    return _day(anchor - ((7 - ahead) % 7) * _DAY)


def weekday_in_week(caught: Caught) -> Span | None:
    """el lunes de la semana pasada, Monday of next week; `value` or the word gives the week."""
    shift = caught.shift()
    monday = _week(caught.anchor + 7 * (caught.value if shift is None else shift) * _DAY)[0]
    return _day(monday + caught.slots["weekday"] * _DAY)


def weekday_number(caught: Caught) -> Span | None:
    """el miércoles 12: the near day with this number that falls on this weekday."""
    base = caught.anchor.year * 12 + caught.anchor.month - 1
    days = [_make(m // 12, m % 12 + 1, caught.slots["day"]) for m in range(base - 6, base + 7)]
    found = _choose(caught, [(d, d) for d in days if d and d.weekday() == caught.slots["weekday"]], caught.shift())
    return _day(found[0]) if found and abs((found[0] - caught.anchor).days) <= 190 else None


def day_in_month(caught: Caught) -> Span | None:
    """el 12 de este mes, el día 12 del mes pasado; without a month the nearest."""
    shift = caught.shift()
    if "month" in caught.slots:
        return day_month(caught)
    base = caught.anchor.year * 12 + caught.anchor.month - 1
    near = (-1, 0, 1) if shift is None or caught.value == 2 else (shift,)
    days = [_make((base + n) // 12, (base + n) % 12 + 1, caught.slots["day"]) for n in near]
    if len(near) == 1:
        return _day(days[0]) if days[0] else None
    found = _choose(caught, [(d, d) for d in days if d], shift)
    return _day(found[0]) if found else None


def day_month(caught: Caught) -> Span | None:
    """el 3 de mayo, March 12, 2025."""
    return _named_days(caught, caught.slots["day"], caught.slots["day"])


def days_month(caught: Caught) -> Span | None:
    """entre el 3 y el 5 de mayo, May 3-5."""
    return _named_days(caught, caught.slots["day"], caught.slots["day2"])


def _named_days(caught: Caught, low: int, high: int) -> Span | None:
    month, year, this = caught.slots["month"], caught.year(), caught.anchor.year
    years = [year] if year is not None else range(this - 8, this + 9) if month == 2 and high == 29 else range(this - 1, this + 2)
    found: list[tuple[date, date]] = []
    for each in years:
        first, last = _make(each, month, low), _make(each, month, high)
        if first and last and first <= last:
            found.append((first, last))
    if year is not None:
        chosen = found[0] if found else None
    else:
        chosen = _near(caught, found)
    if chosen is None:
        return None
    return (*chosen, "day" if low == high else "range")


def month(caught: Caught) -> Span | None:
    """en marzo, marzo de 2022, last March, a fines de marzo: the whole month."""
    return _named_months(caught, caught.slots["month"], 1, "month")


def months(caught: Caught) -> Span | None:
    """entre enero y marzo."""
    return _named_months(caught, caught.slots["month"], (caught.slots["month2"] - caught.slots["month"]) % 12 + 1, "range")


def quarter(caught: Caught) -> Span | None:
    """el primer trimestre de 2025; `value` is the number of months of a part."""
    size, number = caught.value, caught.slots["ordinal"]
    if not 1 <= number <= 12 // size:
        return None
    return _named_months(caught, (number - 1) * size + 1, size, "range")


def season(caught: Caught) -> Span | None:
    """en verano de 2023: three whole months."""
    start = caught.slots["season"]
    return _named_months(caught, (start + 5) % 12 + 1 if caught.southern else start, 3, "range")


def _named_months(caught: Caught, start: int, count: int, resolution: Resolution) -> Span | None:
    year, this = caught.year(), caught.anchor.year
    if year is not None:
        return (*_months(year, start, count), resolution)
    spans = [_months(each, start, count) for each in range(this - 2, this + 3)]
    shift = caught.shift()
    if shift is None and caught.past is None:
        begun = [s for s in spans if s[0] <= caught.anchor]
        return (*begun[-1], resolution)
    chosen = _choose(caught, spans, shift)
    return (*chosen, resolution) if chosen else None


def year(caught: Caught) -> Span | None:
    """en 2022, a principios de este año."""
    named = caught.slots.get("yyyy", caught.year() or 0)
    return date(named, 1, 1), date(named, 12, 31), "year"


def years(caught: Caught) -> Span | None:
    """entre 2003 y 2011, (2003-2011)."""
    low, high = caught.slots["yyyy"], caught.slots["yyyy2"]
    return (date(low, 1, 1), date(high, 12, 31), "range") if low < high else None


def decade(caught: Caught) -> Span | None:
    """los años noventa, the 1990s."""
    start = caught.slots["decade"]
    return date(start, 1, 1), date(start + 9, 12, 31), "range"


def period(caught: Caught) -> Span | None:
    """la semana pasada, next month, este año: unit and direction."""
    shift = caught.shift()
    return _moved(caught, caught.slots["unit"], caught.value if shift is None else shift)


def ago(caught: Caught) -> Span | None:
    """hace tres días, dentro de dos semanas, hace nueve meses (the whole month); `value` is the direction."""
    return _moved(caught, caught.slots["unit"], caught.value * caught.slots.get("n", 1))


def _moved(caught: Caught, unit: int, count: int) -> Span | None:
    anchor = caught.anchor
    if unit == 0:
        return _day(anchor + count // 24 * _DAY if count > 0 else anchor - -count // 24 * _DAY)
    if unit == 1:
        return _day(anchor + count * _DAY)
    if unit == 7:
        return _week(anchor + 7 * count * _DAY)
    if unit == 30:
        return (*_months(anchor.year, anchor.month + count), "month")
    return (*_months(anchor.year + count * (unit // 360), 1, 12), "year")


def stretch(caught: Caught) -> Span | None:
    """en los últimos tres días, in the next 48 hours: from the anchor back or on."""
    unit, count = caught.slots["unit"], caught.slots.get("n", 1)
    days = -(-count // 24) if unit == 0 else count * {1: 1, 7: 7, 30: 30, 360: 365}.get(unit, 3650)
    other = caught.anchor + caught.value * days * _DAY
    return min(other, caught.anchor), max(other, caught.anchor), "range"


def weekend(caught: Caught) -> Span | None:
    """el fin de semana: Saturday and Sunday; on such a day its own, else by tense."""
    shift = caught.shift()
    saturday = _week(caught.anchor)[0] + 5 * _DAY
    inside = caught.anchor >= saturday
    if shift == 1:
        saturday += (7 if inside else 0) * _DAY
    elif shift == -1 or (caught.past is not False and not inside and not (shift == 0 and caught.past is None)):
        saturday -= 7 * _DAY
    return saturday, saturday + _DAY, "range"


def iso(caught: Caught) -> Span | None:
    """2025-03-12, and slashed dates once their parts are known."""
    day = _make(caught.slots["yyyy"], caught.slots["month"], caught.slots["day"])
    return _day(day) if day else None


def neighbour(caught: Caught) -> Span | None:
    """al día siguiente, a day earlier: `value` days from the day named before in the text."""
    if caught.previous is None:
        return _day(caught.anchor - _DAY) if caught.value == -1 else None
    return _day(caught.previous + caught.value * _DAY)


def holiday(caught: Caught) -> Span | None:
    """Navidad, Año Nuevo: a day of the calendar, as month x 100 + day."""
    caught.slots["month"], caught.slots["day"] = divmod(caught.slots["holiday"], 100)
    return day_month(caught)


def movable(caught: Caught) -> Span | None:
    """Viernes Santo, Semana Santa: counted from Easter Sunday (100: the whole Holy Week)."""
    away, named, this = caught.slots["movable"], caught.year(), caught.anchor.year
    spans = []
    for each in [named] if named is not None else range(this - 1, this + 2):
        sunday = _easter(each)
        low, high = (-7, 0) if away == 100 else (away, away)
        spans.append((sunday + low * _DAY, sunday + high * _DAY))
    chosen = spans[0] if named is not None else _near(caught, spans)
    return (*chosen, "range" if away == 100 else "day") if chosen else None


def _easter(year: int) -> date:
    """Western Easter Sunday (the anonymous Gregorian computus)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + week - 7 * ((a + 11 * h + 22 * week) // 451) + 114, 31)
    return date(year, month, day + 1)


def nothing(caught: Caught) -> Span | None:
    """durante tres días, cada lunes, los lunes, en los próximos días: no date."""
    return None


RULES: dict[str, Callable[[Caught], Span | None]] = {
    rule.__name__: rule
    for rule in (
        offset, weekday, weekday_in_week, weekday_number, day_in_month, day_month, days_month, month, months, quarter, season,
        year, years, decade, period, ago, stretch, weekend, iso, neighbour, holiday, movable, nothing,
    )
}  # fmt: skip


def resolve(rule: str, caught: Caught) -> Span | None:
    """The days a match means, or None where it means none: no such day, before 1900 or 50 years ahead."""
    named = [caught.slots.get(name) for name in ("year", "yyyy", "yyyy2")]
    if any(y is not None and abs(y) > 1 and not _OLDEST <= y <= caught.anchor.year + _AHEAD for y in named):
        return None
    try:
        span = RULES[rule](caught)
    except (ValueError, OverflowError):  # beyond the years that a date can hold
        return None
    if span is None or span[0].year < _OLDEST or span[1].year > caught.anchor.year + _AHEAD:
        return None
    return span
