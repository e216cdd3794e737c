"""Fetching from a real server on this machine: limits, conditional requests, private addresses."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from teletipo.errors import OversizedDocument
from teletipo.feeds.safe_http import MAX_BYTES, FetchFailed, SafeClient, is_public

FEED = b"<rss version='2.0'><channel><title>x</title></channel></rss>"


class Publisher(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = getattr(self, "answer_" + self.path.strip("/").partition("?")[0], None)
        if answer is None:
            self.send_error(404)
        else:
            answer()

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_feed(self) -> None:
        if self.headers.get("If-None-Match") == '"v1"':
            self.reply(b"", 304)
        else:
            self.reply(FEED, ETag='"v1"', Last_Modified="Wed, 12 Mar 2025 10:00:00 GMT")

    def answer_packed(self) -> None:
        self.reply(gzip.compress(FEED), Content_Encoding="gzip")

    def answer_bomb(self) -> None:
        self.reply(gzip.compress(b"\0" * (MAX_BYTES * 5)), Content_Encoding="gzip")

    def answer_big(self) -> None:
        self.reply(b"x" * (MAX_BYTES + 1))

    def answer_busy(self) -> None:
        self.reply(b"", 503, Retry_After="120")

    def answer_loop(self) -> None:
        self.reply(b"", 302, Location="/loop")

    def answer_moved(self) -> None:
        self.reply(b"", 302, Location="/feed")

    def answer_away(self) -> None:
        self.reply(b"", 302, Location="file:///etc/hostname")

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()


def test_a_document_comes_with_its_validators_and_only_once(server: str) -> None:
    with SafeClient(allow_private=True) as client:
        first = client.get(f"{server}/feed")
        assert (first.data, first.etag) == (FEED, '"v1"')
        assert client.get(f"{server}/feed", etag=first.etag, modified=first.modified).data is None


def test_a_redirect_is_followed_and_compression_undone(server: str) -> None:
    with SafeClient(allow_private=True) as client:
        assert client.get(f"{server}/moved").data == FEED
        assert client.get(f"{server}/packed").data == FEED


@pytest.mark.parametrize("path", ["bomb", "big", "loop", "missing", "away"])
def test_what_is_too_much_or_not_there_fails_in_one_line(server: str, path: str) -> None:
    with SafeClient(allow_private=True) as client, pytest.raises((FetchFailed, OversizedDocument)) as failure:
        client.get(f"{server}/{path}")
    assert isinstance(failure.value, OversizedDocument) == (path in ("bomb", "big"))
    assert "\n" not in str(failure.value)
    assert path in str(failure.value)


def test_a_busy_server_says_when_to_come_back(server: str) -> None:
    with SafeClient(allow_private=True) as client, pytest.raises(FetchFailed) as failure:
        client.get(f"{server}/busy")
    assert failure.value.retry_after == 120


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_private_addresses_are_refused_unless_allowed(server: str, host: str) -> None:
    port = server.rpartition(":")[2]
    with SafeClient() as client, pytest.raises(FetchFailed, match="no public address"):
        client.get(f"http://{host}:{port}/feed")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "gopher://x", ""])
def test_other_schemes_are_refused(url: str) -> None:
    with SafeClient(allow_private=True) as client, pytest.raises(FetchFailed):
        client.get(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("10.1.2.3", False), ("169.254.169.254", False), ("127.0.0.1", False), ("0.0.0.0", False),
        ("::1", False), ("fe80::1%eth0", False), ("::ffff:10.0.0.1", False), ("2001:4860:4860::8888", True), ("224.0.0.1", False),
        ("100.64.0.1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_what_is_a_public_address(address: str, public: bool) -> None:
    assert is_public(address) is public
