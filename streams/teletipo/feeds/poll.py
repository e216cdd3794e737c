"""Polling RSS, Atom, RDF and JSON feeds, or any address that answers with a wire document."""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from teletipo.errors import InputError, SettingsError
from teletipo.feeds.ledger import Ledger, digest
from teletipo.feeds.safe_http import FetchFailed, SafeClient
from teletipo.feeds.sender import Sender
from teletipo.records import RawItem, dumps
from teletipo.settings import Settings
from teletipo.wires import read

MAX_BACKOFF = 3600.0


@dataclass(slots=True, frozen=True)
class Feed:
    """One feed of FEEDS.toml. `interval` in seconds; `fetch = "page"` takes the body from the address of each entry."""

    url: str
    provider: str | None = None
    interval: Annotated[float, Field(ge=10, le=86_400)] = 300.0
    language: str | None = None
    fetch: Literal["page"] | None = None


def load_feeds(path: Path) -> list[Feed]:
    """Read FEEDS.toml. Raises SettingsError with the file, the feed and the field that is wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        feeds = TypeAdapter(list[Feed]).validate_python(table.get("feed", []))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}") from None
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise SettingsError(f"{path}: feed {place}: {fault['msg']}") from None
    if not feeds:
        raise SettingsError(f"{path}: no [[feed]] with a url in it")
    return feeds


class Poller:
    """Fetches feeds when they are due and sends entries that are new or changed. `say` gets a line for what fails."""

    def __init__(
        self,
        feeds: list[Feed],
        sender: Sender,
        ledger: Ledger,
        client: SafeClient,
        settings: Settings,
        say: Callable[[str], None],
    ) -> None:
        self._sender, self._ledger, self._client = sender, ledger, client
        self._settings, self._say = settings, say
        self._due = dict.fromkeys(feeds, 0.0)
        self._failures = dict.fromkeys(feeds, 0)

    def run(self, stop: Flag) -> None:
        """Poll until `stop` is set."""
        while not stop.is_set():
            feed = min(self._due, key=self._due.__getitem__)
            wait = self._due[feed] - time.monotonic()
            if wait > 0:
                stop.wait(min(wait, 1.0))
                continue
            self.poll(feed)

    def poll(self, feed: Feed) -> int:
        """Fetch one feed now and plan its next time; returns the number of entries sent."""
        sent = 0
        wait = feed.interval
        try:
            sent = self._fetch(feed)
            self._failures[feed] = 0
        except (FetchFailed, InputError) as error:
            self._failures[feed] += 1
            wait = self._backoff(feed, error)
            self._say(f"{error}; next try in {wait:.0f} s")
            self._sender.report.refused[feed.provider or feed.url] += 1
        # A little jitter keeps many feeds of one publisher from being asked in the same second for ever.
        self._due[feed] = time.monotonic() + wait * random.uniform(0.95, 1.05)
        return sent

    def _backoff(self, feed: Feed, error: Exception) -> float:
        asked = getattr(error, "retry_after", None)
        wait = min(MAX_BACKOFF, feed.interval * 2 ** min(self._failures[feed], 6) * random.uniform(0.5, 1.0))
        if getattr(error, "lasting", False):
            wait = MAX_BACKOFF
        return max(wait, asked or 0.0)

    def _fetch(self, feed: Feed) -> int:
        etag, modified = self._ledger.note(f"etag {feed.url}"), self._ledger.note(f"modified {feed.url}")
        got = self._client.get(feed.url, etag=etag, modified=modified)
        if got.data is None:
            return 0
        reading = read(got.data, name=feed.url, provider=feed.provider, settings=self._settings)
        sent = [item for item in reading.items if self._send_if_new(feed, item)]
        self._sender.flush()
        for item in sent:
            self._ledger.take(_identity(item), item.key)
        for loss in reading.losses:
            self._say(f"{feed.url}: {loss}")
        # Only now: if Kafka had refused an entry, the next poll must get the whole document again.
        self._ledger.set_note(f"etag {feed.url}", got.etag)
        self._ledger.set_note(f"modified {feed.url}", got.modified)
        return len(sent)

    def _send_if_new(self, feed: Feed, item: RawItem) -> bool:
        if self._ledger.has(_identity(item)):
            return False
        if feed.provider:
            item = replace(item, provider=feed.provider)
        if feed.language and not item.language:
            item = replace(item, language=feed.language)
        if feed.fetch == "page" and item.url:
            item = self._with_page(item, item.url)
        self._sender.send(item)
        return True

    def _with_page(self, item: RawItem, url: str) -> RawItem:
        """The entry with the body of its page or rendition; as it is, if that cannot be had."""
        try:
            data = self._client.get(url).data
            page = read(data or b"", name=url, provider=item.provider, settings=self._settings).items
        except (FetchFailed, InputError) as error:
            self._say(f"{error}; the entry is sent without it")
            return item
        if not page or len(page[0].body or "") <= len(item.body or ""):
            return item
        return replace(item, body=page[0].body, byline=item.byline or page[0].byline, body_format="text")


def _identity(item: RawItem) -> str:
    """Digest of an entry as the feed gave it: a changed title or text is a changed entry."""
    return digest(dumps(replace(item, origin=None)))
