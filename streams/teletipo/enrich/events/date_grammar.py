"""Dates in running text: finds date expressions and says which days they mean.

The patterns and words are data (`languages/*/dates.toml`), their meaning is in date_rules. A text without a date word costs
one scan of one regular expression; else only the words near a date word are tried, so that time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from teletipo.enrich.events.date_patterns import Compiler, Pattern, fold, lowered
from teletipo.enrich.events.date_rules import RULES, Caught, Resolution, resolve
from teletipo.errors import LexiconError
from teletipo.languages import load

_WORD = re.compile(r"\w+")
_GROUP = re.compile(r"\(\?P<\w+>")
_NO_PATTERNS: tuple[re.Pattern[str], list[Pattern]] = (re.compile("(?!)"), [])
_SPLIT = re.compile(r"[-/.]")
_AMOUNT = re.compile(r"[.,:/-]?\d|\s?[%$€]")
_REACH = 60  # characters between the beginning of an expression and its date word: "a principios del pasado mes de …"
_LINK = 12  # characters between two dates that are one: "y hasta el"


@dataclass(slots=True)
class DateMatch:
    """A date expression: `text[start:end]`, and the days it means, `first` to `last` inclusive."""

    start: int
    end: int
    text: str
    first: date
    last: date
    resolution: Resolution


@dataclass(slots=True)
class _Found:
    """One reading; `match` is None for words that are no date ("cada lunes"). `end` is where the reading goes on, `dated`
    whether the year is said."""

    end: int
    match: DateMatch | None
    rule: str
    dated: bool = False


class DateGrammar:
    """Date expressions of one language. `southern`: seasons are those of the southern hemisphere.

    Raises LexiconError for a language without `dates.toml` or with a wrong pattern.
    """

    def __init__(self, language: str, *, southern: bool = False) -> None:
        self._table, self._by_key, self._words = _compiled(language)
        self._capitalised = frozenset(self._table["capitalised"])
        self._not_after = frozenset(fold(w) for w in self._table["not_after"])
        self._not_before = frozenset(fold(w) for w in self._table["not_before"])
        masked = self._table["masked"]
        self._masked = re.compile(rf"\b(?:{'|'.join(masked)})\b") if masked else None
        self._joins = [(frozenset(row["open"]), frozenset(row["between"])) for row in self._table["join"]]
        ahead = "|".join(fold(w) for w in self._table["ahead"])
        self._ahead = re.compile(rf"\b(?:{ahead})\s+(?:del?\s+)?$")
        self._southern = southern

    def find(self, text: str, anchor: date, *, past: bool | None = None) -> list[DateMatch]:
        """All date expressions of `text`, in order, not overlapping; the longest reading of each.

        `anchor` is the local day of the article. `past` is the tense of the clause: it decides between the last and the
        coming Monday or March; None stands for an unknown tense.
        """
        if self._words.search(folded := fold(text)) is None:
            return []
        if self._masked and (hits := list(self._masked.finditer(lowered(text)))):
            letters = list(folded)
            for hit in hits:
                letters[hit.start() : hit.end()] = "_" * len(hit[0])
            folded = "".join(letters)
        found: list[_Found] = []
        reached = 0
        previous: date | None = None
        for start, word in self._starts(folded):
            if start < reached:
                continue
            best = self._longest(text, folded, start, word, Caught({}, 0, anchor, past, previous, self._southern))
            if best is None:
                continue
            reached = best.end
            if best.match:
                found.append(best)
                previous = best.match.first if best.match.resolution == "day" else previous
        return self._joined(found, text, folded, past)

    def _starts(self, folded: str) -> Iterator[tuple[int, str]]:
        """The words at which a pattern may begin, near a date word."""
        reached = 0
        for date_word in self._words.finditer(folded):
            low = max(reached, date_word.start() - _REACH)
            for word in _WORD.finditer(folded, low, date_word.end()):
                if word.start() > low or not low or not folded[low - 1].isalnum():
                    yield word.start(), word[0]
            reached = date_word.end()

    def _longest(self, text: str, folded: str, start: int, word: str, caught: Caught) -> _Found | None:
        best: tuple[int, Pattern, re.Match[str]] | None = None
        gate, patterns = self._by_key.get("0" if word[0].isdigit() else word, _NO_PATTERNS)
        if gate.match(folded, start) is None:
            return None
        for pattern in patterns:
            match = pattern.regex.match(folded, start)
            if match is None:
                continue
            end = start + len(match[0].rstrip(" \t\n\r\xa0,."))
            longer = best is None or end > best[0] or (end == best[0] and best[1].rule == "nothing")
            if longer and self._allowed(text, folded, match, pattern, end):
                best = end, pattern, match
        return self._read(text, folded, best, caught) if best else None

    def _read(self, text: str, folded: str, best: tuple[int, Pattern, re.Match[str]], caught: Caught) -> _Found:
        end, pattern, match = best
        slots = self._values(match, pattern)
        if slots is None:
            return _Found(end, None, pattern.rule)
        caught.value, caught.slots = pattern.value, slots
        begin = match.start("start") if match.re.groupindex.get("start") and match.start("start") >= 0 else match.start()
        if self._ahead.search(folded, max(0, begin - 2 * _LINK), begin):
            caught.past = False
        span = resolve(pattern.rule, caught)
        if span is None:
            return _Found(end, None, pattern.rule)
        return _Found(end, DateMatch(begin, end, text[begin:end], *span), pattern.rule, "year" in slots)

    def _allowed(self, text: str, folded: str, match: re.Match[str], pattern: Pattern, end: int) -> bool:
        """Whether capitals and neighbours let the words be a date: not "Plaza de Mayo", "may", "2000 soldados"."""
        for slot in pattern.named:
            if match[slot] is None:
                continue
            word = text[match.start(slot) : match.end(slot)]
            if word[0].islower() and slot.removeprefix("long").rstrip("2") in self._capitalised:
                return False
            if pattern.lower and word[0].isupper() and not word.isupper():
                return False
        if match.start() and folded[match.start() - 1] in "-/'@#$€":
            return False
        before = _WORD.findall(folded[max(0, match.start() - 24) : match.start()])
        if before and before[-1] in self._not_after and pattern.rule != "nothing":
            return False
        if pattern.rule not in ("year", "years"):
            return True
        rest = folded[end : end + 24]
        after = _WORD.search(rest)
        return not (_AMOUNT.match(rest) or (after and after.start() < 2 and after[0] in self._not_before))

    def _values(self, match: re.Match[str], pattern: Pattern) -> dict[str, int] | None:
        """Numbers for the words of the slots; None where digits make no date."""
        values: dict[str, int] = {}
        for group in pattern.slots:
            word = match[group]
            if word is None:
                continue
            slot = group.rstrip("23456789")
            if slot in ("iso", "slashed"):
                numbers = self._numeric([int(part) for part in _SPLIT.split(word)], slot)
                if numbers is None:
                    return None
                values.update(numbers)
                continue
            entry = self._table.get(slot, {}).get(" ".join(word.split()))
            digits = re.match(r"\d+", word)
            name = group.removeprefix("long")  # the table of months without their abbreviations
            if name == "period":
                name = "unit"
            values[name] = int(digits[0]) if entry is None and digits else entry
        return values

    def _numeric(self, parts: list[int], slot: str) -> dict[str, int] | None:
        if slot == "iso":
            return {"yyyy": parts[0], "month": parts[1], "day": parts[2]}
        day, month, year = parts
        if not self._table["day_first"]:
            if day <= 12 and month <= 12 and day != month:
                return None  # 03/04/2025 is March in one place and April in another
            if month > 12:
                day, month = month, day
        return {"yyyy": year, "month": month, "day": day}

    def _joined(self, found: list[_Found], text: str, folded: str, past: bool | None) -> list[DateMatch]:
        """Makes one range of two neighbours: "desde el lunes hasta el jueves", "el lunes y el martes"."""
        result: list[DateMatch] = []
        before: _Found | None = None
        for each in found:
            match = each.match
            if match is None:
                continue
            span = self._together(before, each, folded, past) if before else None
            if before and before.match and span:
                start = before.match.start
                result[-1] = DateMatch(start, match.end, text[start : match.end], *span, "range")
                before = None
            else:
                result.append(match)
                before = each
        return result

    def _together(self, before: _Found, each: _Found, folded: str, past: bool | None) -> tuple[date, date] | None:
        left, right = before.match, each.match
        if left is None or right is None or len(between := " ".join(folded[left.end : right.start].split())) > _LINK:
            return None
        first, last = left.first, right.last
        if before.rule == each.rule == "weekday" and first > last:
            if past:
                first -= timedelta(days=7)
            else:
                last += timedelta(days=7)
        elif before.rule == each.rule == "day_month" and each.dated and not before.dated and (first.month, first.day) != (2, 29):
            # "del 28 de abril al 2 de mayo de 2023": the year said at the end is that of both
            first = first.replace(year=last.year)
            first = first.replace(year=last.year - 1) if first > last else first
        openers = set(_WORD.findall(folded[max(0, left.start - _LINK) : left.start])[-1:])
        openers.update(folded[left.start : left.end].split()[:1])
        for opening, links in self._joins:
            if between in links and (openers & opening if opening else last - first == timedelta(days=1)) and first < last:
                return first, last
        return None


@cache
def _compiled(language: str) -> tuple[dict[str, Any], dict[str, tuple[re.Pattern[str], list[Pattern]]], re.Pattern[str]]:
    """The table of a language with folded words, its patterns by first word, and the regex of its date words.

    With the patterns of a first word stands one regex that matches where any of them does: mostly none.
    """
    name = f"languages/{language}/dates.toml"
    table: dict[str, Any] = {}
    for key, entry in load(language, "dates").items():
        folds = isinstance(entry, dict) and key not in ("pattern", "macro")
        table[key] = {fold(word): number for word, number in entry.items()} if folds else entry
    patterns = Compiler(table, name).patterns()
    unknown = [p.rule for p in patterns if p.rule not in RULES]
    if unknown:
        raise LexiconError(f"{name}: there is no rule {unknown[0]!r}; there are {', '.join(RULES)}")
    by_key: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        for key in pattern.keys:
            by_key.setdefault(key, []).append(pattern)
    words = {fold(w) for w in table["signals"]}.union(*(table[slot] for slot in table["signal_tables"]))
    phrases = "|".join(r"\s+".join(map(re.escape, w.split())) for w in sorted(words, key=len, reverse=True))
    gated = {key: (_any(rows), rows) for key, rows in by_key.items()}
    return table, gated, re.compile(rf"\b(?:{phrases}|[12]\d{{3}}|[0-3]?\d[/.-][0-3]?\d[/.-][12]\d{{3}})(?!\w)")


def _any(patterns: list[Pattern]) -> re.Pattern[str]:
    return re.compile("|".join(_GROUP.sub("(?:", pattern.regex.pattern) for pattern in patterns))
