"""What is known of items beside their document: values that somebody gives, and the provider that somebody must."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from teletipo.errors import UnreadableWire
from teletipo.records import RawItem


@dataclass(slots=True, frozen=True)
class Overrides:
    """What the person at the command line knows better than the document; None leaves the document's own."""

    provider: str | None = None
    item_id: str | None = None
    published_at: datetime | None = None
    language: str | None = None

    def apply(self, items: Iterable[RawItem]) -> list[RawItem]:
        """The items with these values in place of their own. Raises UnreadableWire where nothing names the provider."""
        given = {name: getattr(self, name) for name in ("provider", "item_id", "published_at", "language")}
        changes = {name: value for name, value in given.items() if value is not None}
        return with_provider([replace(item, **changes) for item in items], "say which with --provider")


def with_provider(items: list[RawItem], advice: str) -> list[RawItem]:
    """The items, each from somebody. Raises UnreadableWire, with what to do, where nothing names the provider."""
    if any(item.provider in ("", "unknown") for item in items):
        raise UnreadableWire(f"names no provider; {advice}")
    return items
