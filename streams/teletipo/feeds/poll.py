"""Polling RSS, Atom, RDF and JSON feeds, or any address that answers with a wire document."""

from __future__ import annotations

import os
import random
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event as Flag
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from teletipo.errors import InputError, OversizedDocument, SettingsError, UnreadableWire
from teletipo.feeds.ledger import Ledger, digest
from teletipo.feeds.refusals import Refusals
from teletipo.feeds.safe_http import Fetched, FetchFailed, SafeClient
from teletipo.feeds.sender import Sender
from teletipo.records import RawItem, dumps
from teletipo.settings import Settings
from teletipo.wires import read
from teletipo.wires.addresses import host_of

MAX_BACKOFF = 3600.0
MOST_TRIES = 3
"""Polls that an entry without a text waits for its rendition, before it is sent as it is."""
_FILLED = ("subheadline", "byline", "dateline", "located", "summary")
"""Fields that an entry takes from its page or rendition where it has none itself."""


@dataclass(slots=True, frozen=True)
class Feed:
    """One feed of FEEDS.toml. `interval` in seconds.

    `fetch = "page"` takes the text from the address of each entry, `fetch = "rendition"` from the one that the entry calls
    `rendition` (AP's `nitf`). `headers` go to the feed's own host alone; a value `env:NAME` stands in the environment.
    """

    url: str
    provider: str | None = None
    interval: Annotated[float, Field(ge=10, le=86_400)] = 300.0
    language: str | None = None
    fetch: Literal["page", "rendition"] | None = None
    rendition: str = "nitf"
    headers: dict[str, str] = field(default_factory=dict, hash=False, compare=False)

    @property
    def deliverer(self) -> str:
        """The provider of entries that name none."""
        return self.provider or f"rss:{host_of(self.url)}"

    def secret_headers(self) -> dict[str, str]:
        """The headers with what stands in the environment. Raises SettingsError that names the variable."""
        found = {}
        for name, value in self.headers.items():
            variable = value.removeprefix("env:") if value.startswith("env:") else None
            if variable is not None and variable not in os.environ:
                raise SettingsError(f"{self.url}: header {name}: the environment has no {variable}; set it, or write the value")
            found[name] = os.environ[variable] if variable is not None else value
        return found


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
    for feed in feeds:
        feed.secret_headers()
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
        stop: Flag | None = None,
    ) -> None:
        self._sender, self._ledger, self._client = sender, ledger, client
        self._refusals, self._stop = Refusals(sender, "feed poll", ledger), stop or Flag()
        self._settings, self._say = settings, say
        self._headers = {feed: feed.secret_headers() for feed in feeds}
        self._tries: Counter[str] = Counter()
        self._due = dict.fromkeys(feeds, 0.0)
        self._failures = dict.fromkeys(feeds, 0)
        for feed in feeds:
            sender.report.expect(feed.deliverer)

    def run(self) -> None:
        """Poll until `stop` is set; what is being fetched then is finished entry by entry, and the rest comes next time."""
        while not self._stop.is_set():
            feed = min(self._due, key=self._due.__getitem__)
            wait = self._due[feed] - time.monotonic()
            if wait > 0:
                self._stop.wait(min(wait, 1.0))
                continue
            self.poll(feed)

    def poll(self, feed: Feed) -> int:
        """Fetch one feed now and plan its next time; returns the number of entries sent."""
        sent = 0
        wait = feed.interval
        data = b""
        try:
            got = self._get(feed)
            data = got.data or b""
            sent = self._take(feed, got) if got.data is not None else 0
            self._failures[feed] = 0
        except (FetchFailed, InputError) as error:
            self._failures[feed] += 1
            wait = self._backoff(feed, error)
            self._say(f"{error if feed.url in str(error) else f'{feed.url}: {error}'}; next try in {wait:.0f} s")
            if isinstance(error, InputError):
                self._refusals.keep(data, error, feed.url, feed.deliverer)
            else:
                self._sender.report.refuse(feed.deliverer)
        # A little jitter keeps many feeds of one publisher from being asked in the same second for ever.
        self._due[feed] = time.monotonic() + wait * random.uniform(0.95, 1.05)
        return sent

    def _backoff(self, feed: Feed, error: Exception) -> float:
        asked = getattr(error, "retry_after", None)
        wait = min(MAX_BACKOFF, feed.interval * 2 ** min(self._failures[feed], 6) * random.uniform(0.5, 1.0))
        if _is_lasting(error):
            wait = MAX_BACKOFF
        return max(wait, asked or 0.0)

    def _get(self, feed: Feed) -> Fetched:
        etag, modified = self._ledger.note(f"etag {feed.url}"), self._ledger.note(f"modified {feed.url}")
        return self._client.get(feed.url, etag=etag, modified=modified, headers=self._headers[feed])

    def _take(self, feed: Feed, got: Fetched) -> int:
        reading = read(got.data or b"", name=feed.url, provider=feed.deliverer, settings=self._settings)
        sent, waiting = [], 0
        for item in reading.items:
            if self._stop.is_set():
                waiting += 1
                break
            if self._ledger.has(_identity(item)):
                continue
            whole = self._completed(feed, item, reading.renditions.get(item.key, {}))
            if whole is None:
                waiting += 1
            else:
                self._sender.send(whole)
                sent.append(item)
        self._sender.flush()
        for item in sent:
            self._ledger.take(_identity(item), item.key)
            self._tries.pop(_identity(item), None)
        for loss in reading.losses:
            self._say(f"{feed.url}: {loss}")
        self._refusals.lost(got.data or b"", reading.losses, feed.url, feed.deliverer)
        # Only now: if Kafka had refused an entry, or one waits for its text, the next poll must get the whole document again.
        if not waiting:
            self._ledger.set_note(f"etag {feed.url}", got.etag)
            self._ledger.set_note(f"modified {feed.url}", got.modified)
        return len(sent)

    def _completed(self, feed: Feed, item: RawItem, renditions: dict[str, str]) -> RawItem | None:
        """The entry as it is sent, with its text where the feed says where that lies; None if it has to wait for it."""
        url = item.url if feed.fetch == "page" else renditions.get(feed.rendition.lower()) if feed.fetch == "rendition" else None
        identity = _identity(item)
        if feed.provider:
            item = replace(item, provider=feed.provider)
        if feed.language and not item.language:
            item = replace(item, language=feed.language)
        if not url or item.status != "usable":
            return item
        try:
            return self._with_text(feed, item, url)
        except (FetchFailed, InputError) as error:
            self._tries[identity] += 1
            if not item.body and not _is_lasting(error) and self._tries[identity] < MOST_TRIES:
                self._say(f"{error}; {item.key} waits for its text until the next poll")
                return None
            self._say(f"{error}; {item.key} is sent without it")
            return item

    def _with_text(self, feed: Feed, item: RawItem, url: str) -> RawItem:
        """The entry with the text of its page or rendition, if that says more than the entry itself.

        Raises FetchFailed, or InputError where what lies there is no wire.
        """
        data = b""
        try:
            data = self._client.get(url, headers=self._headers[feed], origin=feed.url).data or b""
            found = read(data, name=url, provider=item.provider, settings=self._settings).items
        except InputError as error:
            self._refusals.keep(data, error, url, item.provider, part_of=item.key)
            raise UnreadableWire(str(error) if url in str(error) else f"{url}: {error}") from None
        if not found or len(found[0].body or "") <= len(item.body or ""):
            return item
        filled = {name: getattr(found[0], name) for name in _FILLED if getattr(item, name) is None}
        return replace(item, body=found[0].body, body_format="text", **filled)


def _is_lasting(error: Exception) -> bool:
    """True for what will be the same at the next request, too."""
    return getattr(error, "lasting", isinstance(error, OversizedDocument))


def _identity(item: RawItem) -> str:
    """Digest of an entry as the feed gave it: a changed title or text is a changed entry."""
    return digest(dumps(replace(item, origin=None)))
