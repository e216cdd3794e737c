"""An agency whose feed holds no texts (AP): `feed poll` fetches the NITF of each item, with the subscriber's key."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest
from teletipo.errors import SettingsError
from teletipo.feeds.ledger import Ledger
from teletipo.feeds.poll import MOST_TRIES, Feed, Poller, load_feeds
from teletipo.feeds.safe_http import SafeClient
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings

Sent = Callable[[Settings], list[Any]]

NITF = (
    '<nitf><head><docdata><doc-id regsrc="AP"/></docdata></head><body><body.head><hedline><hl1>Otro título</hl1></hedline>'
    "<byline>By ADA QUILL</byline><dateline><location>VELMAR</location></dateline></body.head>"
    "<body.content><p>VELMAR (AP) — The port opened again.</p><p>Ships left at dawn.</p></body.content></body></nitf>"
)
KEY = "llave-secreta"


class Agency(BaseHTTPRequestHandler):
    """`/feed`, `/N.nitf`; `/slow.nitf` is away for the first `away` requests, `/gone.nitf` for ever, `/moved.nitf` elsewhere."""

    items: list[dict[str, Any]] = []  # noqa: RUF012
    away = 0
    elsewhere = ""
    keys: dict[str, str | None] = {}  # noqa: RUF012

    def do_GET(self) -> None:
        kind = type(self)
        host = (self.headers.get("Host") or "").split(":")[0]
        kind.keys[f"{host}{self.path}"] = self.headers.get("x-api-key")
        if self.path == "/feed":
            self._answer(200, json.dumps({"api_version": "1.1", "data": {"items": [{"item": item} for item in kind.items]}}))
        elif self.path == "/gone.nitf":
            self._answer(404, "")
        elif self.path == "/slow.nitf" and kind.away:
            kind.away -= 1
            self._answer(503, "")
        elif self.path == "/moved.nitf":
            self._answer(302, "", ("Location", f"{kind.elsewhere}/7.nitf"))
        elif self.path == "/page.nitf":
            self._answer(200, "<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>")
        else:
            self._answer(200, NITF)

    def _answer(self, status: int, body: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(body.encode()))), ("ETag", '"x"')]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output quiet."""


@contextmanager
def agency(*paths: str, away: int = 0) -> Iterator[str]:
    """A server whose feed has an item for each path of a rendition; yields its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Agency) as http:
        url = f"http://127.0.0.1:{http.server_address[1]}"
        Agency.items = [
            {
                "altids": {"itemid": path}, "type": "text", "version": 1, "pubstatus": "usable", "headline": f"Item {path}",
                "renditions": {"nitf": {"href": f"{url}/{path}.nitf"}, "anpa": {"href": f"{url}/{path}.anpa"}},
            }
            for path in paths
        ]  # fmt: skip
        Agency.away, Agency.keys = away, {}
        Agency.elsewhere = f"http://localhost:{http.server_address[1]}"
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield url
        http.shutdown()


def records(messages: list[Any]) -> dict[str, dict[str, Any]]:
    return {message.key.decode(): orjson.loads(message.value) for message in messages}


def test_texts_are_fetched_with_the_key_and_nobody_else_gets_it(
    settings: Callable[..., Settings], sent: Sent, tmp_path: Path
) -> None:
    mine = settings(feed_allow_private=True)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    said: list[str] = []
    with agency("1", "moved", "gone", "page") as url, Sender(mine) as sender, SafeClient(allow_private=True) as client:
        feed = Feed(f"{url}/feed", fetch="rendition", headers={"x-api-key": KEY})
        assert Poller([feed], sender, ledger, client, mine, said.append).poll(feed) == 3
        keys = dict(Agency.keys)
    ledger.close()
    found = records(sent(mine))
    assert set(found) == {"ap:1", "ap:moved", "ap:gone"}
    whole = found["ap:1"]
    assert (whole["headline"], whole["body"]) == ("Item 1", "VELMAR (AP) — The port opened again.\nShips left at dawn.")
    assert (whole["byline"], whole["located"], whole["version"], whole["provider"]) == ("By ADA QUILL", "VELMAR", 1, "ap")
    assert found["ap:moved"]["body"] == whole["body"]
    assert found["ap:gone"].get("body", "") == ""
    assert (keys["127.0.0.1/feed"], keys["127.0.0.1/1.nitf"], keys["127.0.0.1/moved.nitf"]) == (KEY, KEY, KEY)
    assert keys["localhost/7.nitf"] is None, "a redirect to another host must not carry the key"
    assert "127.0.0.1/1.anpa" not in keys
    assert any("404" in line and "ap:gone is sent without it" in line for line in said)
    assert any("without an article" in line and "ap:page waits" in line for line in said)
    assert KEY not in "".join(said)


@pytest.mark.parametrize(("away", "body"), [(1, "VELMAR (AP)"), (99, "")])
def test_an_item_waits_for_its_text_but_not_for_ever(
    settings: Callable[..., Settings], sent: Sent, tmp_path: Path, away: int, body: str
) -> None:
    mine = settings(feed_allow_private=True)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with agency("slow", away=away) as url, Sender(mine) as sender, SafeClient(allow_private=True) as client:
        feed = Feed(f"{url}/feed", fetch="rendition")
        poller = Poller([feed], sender, ledger, client, mine, lambda text: None)
        counts = [poller.poll(feed) for _ in range(MOST_TRIES + 1)]
    ledger.close()
    assert counts == ([0, 1, 0, 0] if away == 1 else [0, 0, 1, 0])
    (record,) = records(sent(mine)).values()
    assert record.get("body", "").startswith(body)
    assert bool(record.get("body")) == bool(body)


def test_a_key_stands_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text('[[feed]]\nurl = "https://x.example/"\nfetch = "rendition"\nheaders = { x-api-key = "env:LLAVE" }\n', "utf-8")
    monkeypatch.delenv("LLAVE", raising=False)
    with pytest.raises(SettingsError, match="LLAVE") as error:
        load_feeds(path)
    assert "\n" not in str(error.value)
    monkeypatch.setenv("LLAVE", KEY)
    (feed,) = load_feeds(path)
    assert feed.secret_headers() == {"x-api-key": KEY}
    assert KEY not in repr(feed)
