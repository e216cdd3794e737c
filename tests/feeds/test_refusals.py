"""What a feeder refuses is found by `teletipo deadletter list`, whole, with its reason and where it is."""

from __future__ import annotations

import asyncio
import mailbox
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from click.testing import CliRunner, Result
from teletipo.cli.deadletter import deadletter
from teletipo.cli.feed import feed
from teletipo.errors import OversizedDocument, UnreadableWire
from teletipo.feeds.folder import FolderFeeder, Place
from teletipo.feeds.http import Receiver
from teletipo.feeds.ledger import Ledger
from teletipo.feeds.mailbox import MailFeeder
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.poll import Feed, Poller
from teletipo.feeds.refusals import Refusals
from teletipo.feeds.safe_http import SafeClient
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings
from teletipo.subscribe.deadletters import DeadLetter, DeadLetters

Sent = Callable[[Settings], list[Any]]

PDF = b"%PDF-1.4 menu del dia \xff\xfe\r\n"
BROKEN_FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Diario</title>
<item><guid>n1</guid><title>Primera</title><description>El canciller viajo a Lima.</description></item>
<item><guid>n2</guid><title>Segu"""


@pytest.fixture
def mine(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that the commands of this process use, too."""
    made = settings(feed_allow_private=True, feed_http_token="abre")
    monkeypatch.setenv("TELETIPO_KAFKA_BOOTSTRAP_SERVERS", str(made.kafka_bootstrap_servers))
    monkeypatch.setenv("TELETIPO_TOPIC_PREFIX", made.topic_prefix)
    return made


def letters(settings: Settings) -> list[DeadLetter]:
    return DeadLetters(settings).open()


def command(*arguments: str) -> Result:
    return CliRunner().invoke(deadletter, list(arguments))


def test_feed_files_keeps_what_it_refuses(mine: Settings, sent: Sent, tmp_path: Path) -> None:
    (tmp_path / "menu.pdf").write_bytes(PDF)
    (tmp_path / "nadie.json").write_bytes(b'{"item_id": "1", "body": "Sin proveedor."}')
    done = CliRunner().invoke(feed, ["files", str(tmp_path), str(tmp_path / "no-such-file")])
    assert done.exit_code == 1
    assert "no-such-file: No such file or directory" in done.output
    assert sent(mine) == []
    found = {letter.error("source"): letter for letter in letters(mine)}
    assert set(found) == {str(tmp_path / "menu.pdf"), str(tmp_path / "nadie.json")}
    pdf = found[str(tmp_path / "menu.pdf")]
    assert (pdf.value, pdf.key, pdf.original_headers) == (PDF, None, [])
    assert (pdf.error("feeder"), pdf.error("type"), pdf.error("stage")) == ("feed files", "UnreadableWire", "read")
    assert (pdf.error("size"), pdf.error("topic"), pdf.error("offset")) == (str(len(PDF)), f"{mine.topic_prefix}news.raw", "-1")
    listed = command("list").output
    assert f"feed files {tmp_path / 'menu.pdf'}  read UnreadableWire: {pdf.error('message')}  attempts 1" in listed
    shown = command("show", pdf.id)
    assert shown.stdout_bytes == PDF
    assert f"error.source: {tmp_path / 'menu.pdf'}" in shown.stderr


def test_a_folder_says_where_the_refused_file_lies_and_says_it_once(mine: Settings, tmp_path: Path) -> None:
    inbox, refused = tmp_path / "in", tmp_path / "refused"
    inbox.mkdir()

    def run(to: str | None) -> None:
        ledger = Ledger(tmp_path / "ledger.sqlite")
        with Sender(mine) as sender:
            feeder = FolderFeeder(
                Place.of(str(inbox)), sender, ledger, mine,
                overrides=Overrides(), refused=to, settle=0.0, say=lambda text: None,
            )  # fmt: skip
            while feeder.sweep():
                pass
        ledger.close()

    (inbox / "menu.pdf").write_bytes(PDF)
    run(None)
    run(None)
    assert [letter.error("source") for letter in letters(mine)] == [str(inbox / "menu.pdf")], "once, over restarts"
    run(str(refused))
    assert [letter.error("source") for letter in letters(mine)][1:] == [str(refused / "menu.pdf")]
    assert (refused / "menu.pdf").read_bytes() == PDF
    assert (refused / "menu.pdf.reason.txt").read_text("utf-8").strip() == letters(mine)[1].error("message")


def test_a_message_is_found_by_its_id(mine: Settings, tmp_path: Path) -> None:
    message = b"Message-ID: <77@nadie.example>\nSubject: Factura\n\n"
    box = mailbox.Maildir(tmp_path / "mail")
    key = box.add(message)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with Sender(mine) as sender:
        feeder = MailFeeder(sender, Refusals(sender, "feed mail", ledger), mine, Overrides(), lambda text: None)
        feeder.sweep(tmp_path / "mail", ledger)
    ledger.close()
    (letter,) = letters(mine)
    assert letter.value == message
    assert letter.error("source") == f"{key} <77@nadie.example>"
    assert box.get_message(key).get_flags() == "FS"
    piped = CliRunner().invoke(feed, ["mail", "-"], input=b"\0\0\0\0")
    assert piped.exit_code == 1
    assert letters(mine)[1].where == "feed mail standard input"


@contextmanager
def publisher(answers: dict[str, bytes]) -> Iterator[str]:
    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = answers.get(self.path, b"")
            self.send_response(200 if data else 404)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()


def test_a_polled_feed_that_is_none_or_is_broken_is_kept_once(mine: Settings, sent: Sent, tmp_path: Path) -> None:
    answers = {"/login": b"<html><body>Log in</body></html>", "/broken": BROKEN_FEED, "/big": b" " * (10 * 1024 * 1024 + 1)}
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with publisher(answers) as url, Sender(mine) as sender, SafeClient(allow_private=True) as client:
        secret = url.replace("//", "//user:clave@")
        feeds = [
            Feed(f"{at}/{name}", provider="diario")
            for at, name in ((secret, "login"), (url, "broken"), (url, "big"), (url, "gone"))
        ]
        poller = Poller(feeds, sender, ledger, client, mine, lambda text: None)
        for one in [*feeds, *feeds]:
            poller.poll(one)
        answers["/broken"] = BROKEN_FEED.replace(b"Primera", b"Primera, otra vez")
        poller.poll(feeds[1])
        refused = dict(sender.report.refused)
    ledger.close()
    found = {letter.error("source"): letter for letter in letters(mine)}
    assert set(found) == {f"{url}/login", f"{url}/broken", f"{url}/big"}, "an address that does not answer has no document"
    assert len(letters(mine)) == 3
    assert "clave" not in str([letter.headers for letter in letters(mine)])
    assert found[f"{url}/login"].value == answers["/login"]
    assert found[f"{url}/broken"].value == BROKEN_FEED
    assert found[f"{url}/broken"].error("message").startswith("1 of its items lost: ")
    assert found[f"{url}/broken"].error("provider") == "diario"
    big = found[f"{url}/big"]
    assert (len(big.value or b""), int(big.error("size"))) == (65536, 10 * 1024 * 1024 + 1)
    assert big.error("message").endswith("more than 10485760 bytes (kept here: its first 65536 bytes)")
    assert refused["diario"] >= 9
    assert [message.key for message in sent(mine)] == [b"diario:n1"] * 2


async def post(mine: Settings, sender: Sender, document: bytes, token: str = "abre", where: str = "/items") -> tuple[int, Any]:
    app: web.Application = Receiver(mine, sender, lambda text: None).app()
    async with TestClient(TestServer(app)) as client:
        answer = await client.post(where, data=document, headers={"Authorization": f"Bearer {token}"})
        return answer.status, await answer.json()


def test_what_the_receiver_refuses_is_kept_from_those_who_may_send(mine: Settings) -> None:
    with Sender(mine) as sender:
        assert asyncio.run(post(mine, sender, PDF, token="otra"))[0] == 401
        assert letters(mine) == [], "a stranger writes nothing into Kafka"
        status, answer = asyncio.run(post(mine, sender, PDF, where="/items?provider=austral"))
        assert status == 422
        (letter,) = letters(mine)
        assert (letter.value, letter.error("message"), letter.error("provider")) == (PDF, answer["error"], "austral")
        assert letter.error("source") == "POST /items?provider=austral from 127.0.0.1"
        large = b"<" * (16 * 1024 * 1024 + 1)
        assert asyncio.run(post(mine, sender, large))[0] == 413
        kept = letters(mine)[1]
        assert (kept.value, kept.error("size")) == (large[:65536], str(len(large)))


def test_to_replay_a_document_is_to_read_it_again(mine: Settings, sent: Sent, tmp_path: Path) -> None:
    nobody = BROKEN_FEED.replace(b"<item><guid>n2</guid><title>Segu", b"</channel></rss>")
    with Sender(mine) as sender:
        refusals = Refusals(sender, "feed files")
        good = orjson.dumps({"provider": "austral", "item_id": "7", "body": "El canciller viajo a Lima."})
        refusals.keep(good, UnreadableWire("a reader of last year did not know it"), "/in/good.json")
        refusals.keep(PDF, UnreadableWire("a PDF document, no wire"), "/in/menu.pdf")
        refusals.keep(nobody, UnreadableWire("names no provider"), "/in/nadie.xml")
        refusals.keep(b"", OversizedDocument("70000000 bytes; at most 67108864", good, 70_000_000), "/in/grande.json")
        refusals.keep(good, UnreadableWire("no article"), "http://x.example/1", part_of="austral:9")
    done = command("replay", "--all")
    assert done.exit_code == 1
    assert "/in/good.json: 1 items sent" in done.output
    assert "1 replayed, 4 refused still" in done.output
    assert "deadletter show" in done.output
    assert "only its first" in done.output
    assert [message.key for message in sent(mine)] == [b"austral:7"], "no rubbish in news.raw"
    assert [letter.error("source") for letter in letters(mine)] == [
        "/in/menu.pdf", "/in/nadie.xml", "/in/grande.json", "http://x.example/1",
    ]  # fmt: skip
    assert command("discard", "--all").exit_code == 0
    assert letters(mine) == []
