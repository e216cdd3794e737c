"""Where and when an article was written: its home state, the states it speaks of, the day of publication."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from teletipo.enrich.events.participants import Cast
from teletipo.enrich.model import Draft
from teletipo.gazetteer import Gazetteer

log = logging.getLogger(__name__)
_zone = lru_cache(maxsize=512)(ZoneInfo)
"""Zones by name: `ZoneInfo` itself keeps eight, and the datelines of a stream have more, each a file to read."""


_FOREIGN = 4
"""How much oftener than the dateline's own state another one is named where the story is that one's."""


def home_and_countries(draft: Draft, cast: Cast) -> tuple[str | None, dict[str, float]]:
    """The home state of the article (dateline, else the state named most), and weights for places of the same name."""
    counts: Counter[str] = Counter()
    for entity in draft.entities:
        if entity.country:
            counts[entity.country] += len(entity.mentions)
    if not counts:
        counts.update(cast.evidence(0, min(3000, len(draft.text))))
    home = None
    if draft.dateline:
        home = _dateline_state(draft, draft.dateline, cast.gazetteer)
    if home and counts:
        top, n = counts.most_common(1)[0]
        if n >= _FOREIGN * max(1, counts[home]):
            home = top  # written in Cairo, but on Sudan
    if home:
        counts[home] += 2
    if home is None and counts:
        (top, n), *rest = counts.most_common(2)
        if not rest or n > rest[0][1]:
            home = top
    total = sum(counts.values()) or 1
    return home, {k: v / total for k, v in counts.items()}


def _dateline_state(draft: Draft, dateline: str, gazetteer: Gazetteer) -> str | None:
    name = dateline.split(",")[0].split("(")[0].strip(" .-–—").title()
    place = gazetteer.place(name, language=draft.language or "es") if name else None
    return place.country if place else gazetteer.country(name, draft.language or "es")


def day_of_publication(draft: Draft, gazetteer: Gazetteer) -> date | None:
    """The day of publication in the zone of the dateline's place, else the provider's, else UTC."""
    published = draft.item.published_at
    if published is None:
        return None
    zone: tzinfo = draft.time_zone or UTC
    if draft.dateline:
        name = draft.dateline.split(",")[0].split("(")[0].strip(" .-–—").title()
        place = gazetteer.place(name, language=draft.language or "es") if name else None
        if place is not None and place.time_zone:
            try:
                zone = _zone(place.time_zone)
            except (ZoneInfoNotFoundError, ValueError):
                log.warning("time zone %s of %s is unknown here", place.time_zone, place.name)
    moment = published if published.tzinfo else published.replace(tzinfo=UTC)
    return datetime.astimezone(moment, zone).date()
