"""The publication status, in all its spellings, and the embargo that may stand beside it.

Whatever is not known to be publishable is withheld: an unknown state, an embargo that is no time.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import Any

from teletipo.records.raw import Origin, RawItem, Status
from teletipo.wires import times

_STATES: dict[str, Status] = {
    "usable": "usable",
    "embargoed": "usable",
    "withheld": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
    "cancel": "canceled",
    "killed": "canceled",
    "kill": "canceled",
    "deleted": "canceled",
    "removed": "canceled",
    "withdrawn": "canceled",
}


def is_embargoed(value: Any) -> bool:
    """Whether the state itself says that an embargo is on."""
    return isinstance(value, str) and re.split(r"[:/#]", value.strip())[-1].lower() == "embargoed"


def state_of(value: Any) -> tuple[Status, str | None]:
    """The status of a spelling (a qcode, a URI, a word) and the reason where it is not the wire's own. Absent is usable."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return "usable", None
    word = re.split(r"[:/#]", value.strip())[-1].lower() if isinstance(value, str) else None
    if word in _STATES:
        return _STATES[word], None
    return "withheld", f"unknown publication status {str(value)[:60]!r}"


def apply(item: RawItem, state: Any, embargo: Any, zone: tzinfo, format_name: str, profile: str | None) -> None:
    """Set the item's status, embargo, default version and origin.

    `embargo` may be a time, a bare date (its first moment in `zone`), empty (none), or something unreadable (withheld).
    """
    item.status, reason = state_of(state)
    if embargo is not None and not (isinstance(embargo, str) and not embargo.strip()):
        moment = embargo if isinstance(embargo, datetime) else times.parse(embargo, zone)
        if moment is not None:
            item.embargoed_until = moment
        elif not times.is_none(embargo) and item.status == "usable":
            item.status, reason = "withheld", f"embargo is no time: {str(embargo)[:60]!r}"
    if is_embargoed(state) and item.embargoed_until is None and item.status == "usable":
        item.status, reason = "withheld", "embargoed, without a time when the embargo ends"
    if item.version is None and item.status == "usable":
        item.version = 0
    item.origin = Origin(format_name, profile, reason)
