"""What every reader needs at hand: who delivers, under which profile, how times and states are read, and where losses go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from teletipo.records.raw import RawItem
from teletipo.wires import language_codes, status, times, urgency
from teletipo.wires.profiles import Profile, Profiles, slug

if TYPE_CHECKING:
    from teletipo.wires.trace import Trace


@dataclass(slots=True)
class Context:
    """The reading of one document. `given_provider` is what the caller says; the document's own id comes before it."""

    format: str
    profiles: Profiles
    given_provider: str | None = None
    profile: Profile | None = None
    losses: list[str] = field(default_factory=list)
    renditions: dict[str, dict[str, str]] = field(default_factory=dict)
    trace: Trace | None = None

    def provider(self, own_id: str | None) -> str:
        """The provider's name: the profile's, else the document's own id as a slug, else the given one, else `unknown`."""
        own = slug(own_id or "")
        self.profile = self.profiles.find(own_id, self.format)
        if self.profile is None and not own:
            self.profile = self.profiles.find(self.given_provider, self.format)
        return self.profile.name if self.profile else own or self.given_provider or "unknown"

    def provider_of(self, *candidates: str | None) -> str:
        """The provider of a document that names it in several places: the first that a profile knows, else the first at all."""
        named = [candidate for candidate in candidates if candidate and candidate.strip()]
        known = next((candidate for candidate in named if self.profiles.find(candidate, "")), None)
        return self.provider(known or (named[0] if named else None))

    def is_kill(self, *signals: str | None) -> bool:
        """Whether a signal or instruction kills the item under the profile."""
        return self.profile is not None and any(signal and signal.lower() in self.profile.kill_signals for signal in signals)

    @property
    def zone(self) -> tzinfo:
        """The zone of times that name none."""
        return (self.profile or _UTC).time_zone

    def time(self, value: Any) -> datetime | None:
        """A time in UTC, None if the value is none."""
        return times.parse(value, self.zone)

    def language(self, value: Any) -> str | None:
        """A BCP 47 tag, None if the value names no language."""
        return language_codes.parse(value)

    def urgency(self, value: Any) -> int | None:
        """1 to 9, else None."""
        return urgency.parse(value)

    def set_status(self, item: RawItem, state: Any, embargo: Any) -> None:
        """Status, embargo, default version and origin of an item."""
        status.apply(item, state, embargo, self.zone, self.format, self.profile.name if self.profile else None)

    def rendition(self, item: RawItem, name: str, address: str | None) -> None:
        """Note where another rendition of an item lies (AP's text is such a one). Nothing is fetched here."""
        if address and address.startswith(("http://", "https://")):
            self.renditions.setdefault(item.key, {}).setdefault(name.lower(), address)

    def begin_item(self) -> None:
        """Tell the trace that an item is being read."""
        if self.trace is not None:
            self.trace.begin_item()

    def no_item(self) -> None:
        """Tell the trace that what was being read is no text item."""
        if self.trace is not None:
            self.trace.drop_item()

    def lost(self, reason: str) -> None:
        """Note a part of the document that could not be read, in one line."""
        self.losses.append(" ".join(reason.split()))


_UTC = Profile("utc")
