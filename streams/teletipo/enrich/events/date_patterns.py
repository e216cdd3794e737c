"""Compiles the date patterns of `languages/*/dates.toml` to regular expressions.

A pattern is a row of items separated by spaces:

    el|los      one of these words (`_` joins the words of a phrase: `por_la`)
    {weekday}   a word of the table [weekday]; a second one in the same pattern is the group `weekday2`
    mes?        the item may be absent
    [ … ]       the items between the brackets may be absent together
    @year       the items of the macro `year`; @year? likewise, all absent or none
    <           the mention begins here; what stands before is only context
    ,  -  /     that sign

Patterns are matched against folded text (fold()): lower case, without acute accents, of the same length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from teletipo.errors import LexiconError

_ACCENTS = str.maketrans("áéíóúü’", "aeiouu'")
_SIGNS = {",": ",", "-": "[-–—]", "/": "/", "(": r"\(", ")": r"\)"}
# Slots that are written in digits; the key "0" stands for a first character that is a digit.
_DIGITS = {
    "day": r"(?:3[01]|[12][0-9]|0?[1-9])(?:\.?[ºo°](?!\w)|st|nd|rd|th)?",
    "year": r"(?:[12][0-9]{3}|[3-9][0-9]{3})",
    "yyyy": r"[1-9][0-9]{3}",
    "n": r"[1-9][0-9]{0,2}",
    "iso": r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]",
    "slashed": r"[0-3]?[0-9](?:/[0-3]?[0-9]/|-[0-3]?[0-9]-|\.[0-3]?[0-9]\.)[12][0-9]{3}",
    "decade": r"(?:1[89]|20)[0-9]0s",
}


def fold(text: str) -> str:
    """Lower-case without acute accents; every code point stays at its place."""
    return lowered(text).translate(_ACCENTS)


def lowered(text: str) -> str:
    """Lower-case; every code point stays at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@dataclass(slots=True, frozen=True)
class Pattern:
    """One compiled pattern. `keys` are the first words of its matches ("0": a digit), `named` its slots that look at capitals,
    `lower`: a name where these have one."""

    rule: str
    value: int
    regex: re.Pattern[str]
    slots: frozenset[str]
    keys: frozenset[str]
    named: tuple[str, ...]
    lower: bool


class Compiler:
    """Compiles the patterns of one language's table."""

    def __init__(self, table: dict[str, Any], name: str) -> None:
        self._table = table
        self._name = name
        self._slots: list[str] = []

    def patterns(self) -> list[Pattern]:
        """All patterns in the order of the file. Raises LexiconError for an unknown slot or an unclosed bracket."""
        return [self._pattern(row, rule) for rule, rows in self._table["pattern"].items() for row in rows]

    def _pattern(self, row: dict[str, Any], rule: str) -> Pattern:
        text = row["is"]
        self._slots = []
        items = self._expand(text.split())
        regex, keys, optional, rest = self._sequence(iter(items), text)
        if optional or rest:
            raise LexiconError(f"{self._name}: {text!r}: brackets do not match, or every item may be absent")
        named = tuple(slot for slot in self._slots if slot.rstrip("23456789") in ("month", "longmonth", "weekday"))
        slots, lower = frozenset(self._slots), row.get("lower", False)
        return Pattern(rule, row.get("value", 0), re.compile(regex), slots, frozenset(keys), named, lower)

    def _expand(self, items: list[str]) -> Iterator[str]:
        for item in items:
            if item.startswith("@"):
                inner = self._table["macro"][item[1:].removesuffix("?")].split()
                yield from self._expand(["[", *inner, "]"] if item.endswith("?") else inner)
            else:
                yield item

    def _sequence(self, items: Iterator[str], text: str) -> tuple[str, set[str], bool, bool]:
        """Regex, first words, whether all may be absent, and whether a closing bracket ended it."""
        parts: list[str] = []
        keys: set[str] = set()
        open_start = True
        for item in items:
            if item == "]":
                return "".join(parts), keys, open_start, True
            if item == "<":
                parts.append("(?P<start>)")
                continue
            if item == "[":
                inner, first, _, closed = self._sequence(items, text)
                if not closed:
                    raise LexiconError(f"{self._name}: {text!r}: '[' without ']'")
                part, optional = f"(?:{inner})?", True
            else:
                optional = len(item) > 1 and item.endswith("?")
                part, first = self._item(item.removesuffix("?") if optional else item, text)
                part = f"(?:{part})?" if optional else part
            parts.append(part)
            if open_start:
                keys |= first
                open_start = optional
        return "".join(parts), keys, open_start, False

    def _item(self, item: str, text: str) -> tuple[str, set[str]]:
        if item in _SIGNS:
            return rf"{_SIGNS[item]}\s*", set()
        options: list[str] = []
        keys: set[str] = set()
        for option in item.split("|"):
            if option.startswith("{"):
                regex, first = self._slot(option.strip("{}"), text)
                options.append(rf"{regex}(?!\w)" + (r"\.?" if option == "{month}" else ""))
                keys |= first
            else:
                words = fold(option.replace("_", " "))
                options.append(_phrase(words) + ("" if words.endswith("-") else r"(?!\w)"))
                keys.add(_first(words))
        return rf"(?:{'|'.join(options)})\s*", keys

    def _slot(self, slot: str, text: str) -> tuple[str, set[str]]:
        words = [fold(word) for word in self._table.get(slot, {})]
        if not words and slot not in _DIGITS:
            raise LexiconError(f"{self._name}: {text!r}: there is no table [{slot}]")
        keys = {_first(word) for word in words}
        options = [_phrase(word) for word in sorted(words, key=len, reverse=True)]
        if slot in _DIGITS:
            options.append(_DIGITS[slot])
            keys.add("0")
        group = slot
        while group in self._slots:
            group = f"{slot}{int(group[len(slot) :] or 1) + 1}"
        self._slots.append(group)
        return f"(?P<{group}>{'|'.join(options)})", keys


def _phrase(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def _first(words: str) -> str:
    found = re.match(r"\w+", words)
    return found[0] if found else words[0]
