"""Web addresses in documents: whose they are, and what relative ones mean."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

_WEB = ("http://", "https://")


def host_of(address: str | None) -> str | None:
    """The host of a web address without `www.`, None if it is no web address."""
    try:
        host = urlsplit((address or "").strip()).hostname if (address or "").strip().startswith(_WEB) else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def absolute(link: str | None, bases: Iterable[str | None]) -> str | None:
    """A link as a web address, None if it is none. `bases`: what it starts from, outermost first, each relative to the last."""
    if not link or link.startswith(_WEB):
        return link
    base = ""
    try:
        for inner in bases:
            base = urljoin(base, inner or "")
        resolved = urljoin(base, link)
    except ValueError:
        return None
    return resolved if resolved.startswith(_WEB) else None
