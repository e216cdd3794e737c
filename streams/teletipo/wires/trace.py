"""`read --trace`: where in the document each value stood, and what was looked at and left.

Table-driven readers report their places as they read. For the others the values are looked for in the document afterwards:
a JSON pointer, an XPath or a range of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from lxml import etree

from teletipo.records.raw import RawItem
from teletipo.wires.source import Source

_SHOWN = 70
_SKIPPED_FIELDS = {"provider", "item_id", "body_format", "origin", "subjects", "related", "status"}
_MOST_NODES = 50_000


@dataclass(slots=True)
class Step:
    """One value that was looked at: for which field, where, what it said, and why it was left (None: it was taken)."""

    field: str
    where: str
    value: str
    why_left: str | None = None

    def __str__(self) -> str:
        shown = " ".join(self.value.split())
        shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
        mark = "=" if self.why_left is None else "x"
        return f"{mark} {self.field:<16} {self.where}  {shown!r}" + (f"  ({self.why_left})" if self.why_left else "")


@dataclass(slots=True)
class Trace:
    """The steps of one reading, item by item."""

    items: list[list[Step]] = field(default_factory=list)

    def begin_item(self) -> None:
        """What follows belongs to the next item."""
        self.items.append([])

    def drop_item(self) -> None:
        """The item that was begun last is none."""
        if self.items:
            self.items.pop()

    def take(self, field_name: str, where: str, value: str) -> None:
        """The field's value stood here."""
        self._add(Step(field_name, where, value))

    def drop(self, field_name: str, where: str, value: str, why: str) -> None:
        """A value stood here but was not used."""
        self._add(Step(field_name, where, value, why))

    def leave(self, number: int, field_name: str, why: str) -> None:
        """Something that is not to be shown was left out of the item of this number, counted from 0."""
        self.items[number].append(Step(field_name, "", "…", why))

    def _add(self, step: Step) -> None:
        if not self.items:
            self.begin_item()
        if step not in self.items[-1]:
            self.items[-1].append(step)

    def complete(self, source: Source, items: list[RawItem]) -> None:
        """Look up in the document what the reader did not report itself."""
        places = list(_places(source))
        while len(self.items) < len(items):
            self.begin_item()
        for steps, item in zip(self.items, items, strict=False):
            known = {step.field for step in steps if step.why_left is None}
            for name, value in _texts(item):
                if name not in known and (where := _find(places, value, source)):
                    steps.append(Step(name, where, value))


def _texts(item: RawItem) -> Iterator[tuple[str, str]]:
    for slot in fields(item):
        value = getattr(item, slot.name)
        if isinstance(value, str) and value.strip() and (slot.name not in _SKIPPED_FIELDS or slot.name == "item_id"):
            yield slot.name, value.split("\n", 1)[0]


def _find(places: list[tuple[str, str]], value: str, source: Source) -> str | None:
    wanted = " ".join(value.split())
    where = next((where for where, text in places if text == wanted), None)
    where = where or next((where for where, text in places if len(wanted) > 8 and wanted in text), None)
    if where:
        return where
    words = [re.escape(word) for word in wanted.split()[:12]]
    match = re.search(r"\s+".join(words), source.text) if words else None
    if not match:
        return None
    first = source.text.count("\n", 0, match.start()) + 1
    last = source.text.count("\n", 0, match.end()) + 1
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _places(source: Source) -> Iterator[tuple[str, str]]:
    if source.json is not None:
        yield from _json_places(source.json)
    elif source.xml is not None:
        yield from _xml_places(source.xml)


def _json_places(root: Any) -> Iterator[tuple[str, str]]:
    stack: list[tuple[str, Any]] = [("", root)]
    seen = 0
    while stack and seen < _MOST_NODES:
        pointer, value = stack.pop()
        seen += 1
        if isinstance(value, dict):
            stack.extend((f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", child) for key, child in value.items())
        elif isinstance(value, list):
            stack.extend((f"{pointer}/{index}", child) for index, child in enumerate(value))
        elif isinstance(value, (str, int)) and not isinstance(value, bool):
            yield pointer, " ".join(str(value).split())


def _xml_places(root: etree._Element) -> Iterator[tuple[str, str]]:
    tree = root.getroottree()
    for number, element in enumerate(root.iter(etree.Element)):
        if number > _MOST_NODES:
            return
        path = tree.getpath(element)
        if element.text and element.text.strip():
            yield path, " ".join(element.text.split())
        for name, value in element.attrib.items():
            yield f"{path}/@{name}", " ".join(str(value).split())
