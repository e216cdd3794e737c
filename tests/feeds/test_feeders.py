"""The feeders against real servers: Kafka, a folder, a maildir, HTTP in both directions."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import mailbox
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from aiohttp import web
from click.testing import CliRunner
from teletipo.cli.feed import feed
from teletipo.errors import SettingsError, UnreadableWire, UserError
from teletipo.feeds.files import read_items
from teletipo.feeds.folder import FolderFeeder, Place
from teletipo.feeds.http import Receiver
from teletipo.feeds.ledger import Ledger
from teletipo.feeds.mailbox import MailFeeder
from teletipo.feeds.metrics import serving
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.poll import Feed, Poller, load_feeds
from teletipo.feeds.refusals import Refusals
from teletipo.feeds.safe_http import SafeClient
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings

Sent = Callable[[Settings], list[Any]]

MakeSettings = Callable[..., Settings]


def record(item_id: str, body: str = "Un texto de prueba.") -> bytes:
    return orjson.dumps({"provider": "austral", "item_id": item_id, "body": body})


def keys(messages: list[Any]) -> list[str]:
    return [message.key.decode() for message in messages]


def take_all(feeder: FolderFeeder) -> None:
    while feeder.sweep():
        time.sleep(0.05)


def test_a_folder_is_taken_once_and_refused_files_are_put_aside(settings: MakeSettings, sent: Sent, tmp_path: Path) -> None:
    mine = settings()
    inbox, refused = tmp_path / "in", tmp_path / "refused"
    inbox.mkdir()
    (inbox / "a.json").write_bytes(record("1"))
    (inbox / "same-bytes.json").write_bytes(record("1"))
    (inbox / "b.json").write_bytes(record("2"))
    (inbox / "half.json.part").write_bytes(record("3")[:20])
    (inbox / "junk.pdf").write_bytes(b"%PDF-1.4 no wire")
    said: list[str] = []

    def run() -> None:
        ledger = Ledger(tmp_path / "ledger.sqlite")
        with Sender(mine) as sender:
            feeder = FolderFeeder(
                Place.of(str(inbox)), sender, ledger, mine,
                overrides=Overrides(), refused=str(refused), settle=0.1, say=said.append,
            )  # fmt: skip
            take_all(feeder)
        ledger.close()

    run()
    run()
    assert keys(sent(mine)) == ["austral:1", "austral:2"]
    assert (refused / "junk.pdf").exists()
    assert (refused / "junk.pdf.reason.txt").read_text("utf-8").strip()
    assert (inbox / "half.json.part").exists()
    assert any("taken before" in line for line in said)


def test_a_maildir_is_taken_once(settings: MakeSettings, sent: Sent, tmp_path: Path) -> None:
    mine = settings()
    box = mailbox.Maildir(tmp_path / "mail")
    message = mailbox.MaildirMessage(
        b"From: mesa@boletin.example\nSubject: Chile y Bolivia reanudan el dialogo\nMessage-ID: <1@boletin.example>\n"
        b"Date: Wed, 12 Mar 2025 12:10:00 +0100\n\nLos cancilleres se reunieron en La Paz.\n"
    )
    box.add(message)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with Sender(mine) as sender:
        feeder = MailFeeder(sender, Refusals(sender, "feed mail", ledger), mine, Overrides(), lambda text: None)
        for _ in range(2):
            feeder.sweep(tmp_path / "mail", ledger)
    ledger.close()
    assert keys(sent(mine)) == ["boletin.example:1@boletin.example"]
    assert not list((tmp_path / "mail" / "new").iterdir())


RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Diario</title><link>http://x.example/</link>
<item><guid>n1</guid><title>%s</title><description>El canciller viajo a Lima.</description></item>
<item><guid>n2</guid><title>Otra</title><description>Nada nuevo.</description></item></channel></rss>"""


class Publisher(BaseHTTPRequestHandler):
    title = b"Primera"
    asked: list[str | None] = []  # noqa: RUF012

    def do_GET(self) -> None:
        type(self).asked.append(self.headers.get("If-None-Match"))
        etag = '"' + hashlib.sha256(self.title).hexdigest()[:8] + '"'
        if self.path == "/moved":
            self._answer(302, b"", [("Location", "/feed")])
        elif self.headers.get("If-None-Match") == etag:
            self._answer(304, b"", [])
        else:
            feed = RSS % self.title
            self._answer(200, feed.replace(b"http://x.example/", b"") if self.path == "/nobody" else feed, [("ETag", etag)])

    def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output quiet."""


@contextmanager
def publisher() -> Iterator[str]:
    Publisher.title, Publisher.asked = b"Primera", []
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()


def test_a_feed_is_polled_conditionally_and_only_changes_are_sent(settings: MakeSettings, sent: Sent, tmp_path: Path) -> None:
    mine = settings(feed_allow_private=True)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with publisher() as url, Sender(mine) as sender, SafeClient(allow_private=True) as client:
        one = Feed(f"{url}/moved", provider="diario", language="es")
        poller = Poller([one], sender, ledger, client, mine, lambda text: None)
        assert [poller.poll(one), poller.poll(one)] == [2, 0]
        assert Publisher.asked[-1] is not None
        Publisher.title = b"Primera, corregida"
        assert poller.poll(one) == 1
    ledger.close()
    assert keys(sent(mine)) == ["diario:n1", "diario:n1", "diario:n2"]


def test_a_feed_that_names_nobody_is_called_after_its_address(settings: MakeSettings, sent: Sent, tmp_path: Path) -> None:
    mine = settings()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with publisher() as url, Sender(mine) as sender, SafeClient(allow_private=True) as client:
        named, unnamed = Feed(f"{url}/feed"), Feed(f"{url}/nobody")
        poller = Poller([named, unnamed], sender, ledger, client, mine, lambda text: None)
        assert [poller.poll(named), poller.poll(unnamed)] == [2, 2]
    ledger.close()
    assert {key.rpartition(":")[0] for key in keys(sent(mine))} == {"rss:x.example", "rss:127.0.0.1"}


def test_a_feed_on_a_private_address_is_refused_and_backed_off(settings: MakeSettings, sent: Sent, tmp_path: Path) -> None:
    mine = settings()
    said: list[str] = []
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with publisher() as url, Sender(mine) as sender, SafeClient() as client:
        one = Feed(f"{url}/feed", provider="diario")
        assert Poller([one], sender, ledger, client, mine, said.append).poll(one) == 0
    ledger.close()
    assert "no public address" in said[0]
    assert keys(sent(mine)) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("", "no"), ("[[feed]]\nurl = 1", "url"), ("[[feed]]\nurl='x'\ninterval=1", "interval"), ("[[feed", "feeds.toml")],
)
def test_a_wrong_feeds_file_is_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=complaint) as error:
        load_feeds(path)
    assert "\n" not in str(error.value)


@contextmanager
def receiving(settings: Settings) -> Iterator[str]:
    """The receiver on a free port, in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    with Sender(settings) as sender:
        runner = web.AppRunner(Receiver(settings, sender, lambda text: None).app())
        loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0)
        loop.run_until_complete(site.start())
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
    loop.close()


def test_the_receiver_takes_wires_from_those_who_may_send(settings: MakeSettings, sent: Sent) -> None:
    mine = settings(feed_http_token="abre", feed_http_hmac_key="clave")
    with receiving(mine) as url:
        token = {"Authorization": "Bearer abre"}
        assert httpx.post(f"{url}/items", content=record("1")).status_code == 401
        assert httpx.post(f"{url}/items", content=record("1"), headers={"Authorization": "Bearer otra"}).status_code == 401
        taken = httpx.post(f"{url}/items", content=record("1") + b"\n" + record("2"), headers=token)
        assert (taken.status_code, taken.json()["items"]) == (202, ["austral:1", "austral:2"])
        junk = httpx.post(f"{url}/items", content=b"%PDF-1.4", headers=token)
        assert (junk.status_code, bool(junk.json()["error"])) == (422, True)

        stamp = str(int(time.time()))
        signature = hmac.new(b"clave", stamp.encode() + b"." + record("3"), hashlib.sha256).hexdigest()
        signed = {"X-Teletipo-Timestamp": stamp, "X-Teletipo-Signature": signature}
        assert httpx.post(f"{url}/items", content=record("3"), headers=signed).status_code == 202
        assert httpx.post(f"{url}/items", content=record("3"), headers=signed).status_code == 401, "a replay"
        old = str(int(time.time()) - 3600)
        late = {"X-Teletipo-Timestamp": old, "X-Teletipo-Signature": signature}
        assert httpx.post(f"{url}/items", content=record("3"), headers=late).status_code == 401

        assert httpx.get(f"{url}/livez").status_code == 200
        assert 'teletipo_feed_items_total{provider="austral"} 3' in httpx.get(f"{url}/metrics").text
    assert keys(sent(mine)) == ["austral:1", "austral:2", "austral:3"]


def test_a_receiver_that_nobody_could_send_to_does_not_start(settings: MakeSettings) -> None:
    mine = settings()
    with Sender(mine) as sender, pytest.raises(SettingsError, match="TELETIPO_FEED_HTTP_TOKEN"):
        Receiver(mine, sender, lambda text: None)


def test_feed_files_sends_records_and_plain_text_and_names_what_it_refuses(
    settings: MakeSettings, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = settings()
    monkeypatch.setenv("TELETIPO_KAFKA_BOOTSTRAP_SERVERS", str(mine.kafka_bootstrap_servers))
    monkeypatch.setenv("TELETIPO_TOPIC_PREFIX", mine.topic_prefix)
    (tmp_path / "uno.jsonl").write_bytes(record("1") + b"\n" + record("2"))
    (tmp_path / "nota.txt").write_text(
        "El presidente llegó a un acuerdo con los gremios.\nEl Gobierno y los gremios acuerdan un aumento\n"
        "El Gobierno y los gremios acordaron el jueves un aumento de salarios tras una semana de huelga.",
        "utf-8",
    )
    (tmp_path / "vacio.bin").write_bytes(b"\0" * 400)
    run = CliRunner()
    done = run.invoke(feed, ["files", str(tmp_path), "--provider", "yo"])
    assert done.exit_code == 1
    assert "vacio.bin" in done.output
    assert "Traceback" not in done.output
    assert keys(sent(mine)) == ["yo:1", "yo:2", "yo:nota"]


@pytest.mark.parametrize(
    ("data", "headline", "body"),
    [
        ("La canción\nFrancia firmó.".encode("cp1252"), "La canción", "Francia firmó."),
        ("Título\nFrancia firmó.".encode("utf-16"), "Título", "Francia firmó."),
        ("Francia firmó un acuerdo.".encode(), None, "Francia firmó un acuerdo."),
        ("Francia firmó.\nAlemania también.".encode(), None, "Francia firmó.\nAlemania también."),
        ("3 < 5, dijo\nEl ministro lo negó.".encode(), "3 < 5, dijo", "El ministro lo negó."),
    ],
)
def test_a_text_whose_provider_is_said_is_taken_as_it_is(data: bytes, headline: str | None, body: str, tmp_path: Path) -> None:
    given = Overrides(provider="yo")
    (item,) = read_items(data, tmp_path / "nota.txt", given, Settings()).items
    assert (item.key, item.headline, item.body) == ("yo:nota", headline, body)


@pytest.mark.parametrize(
    "data", [b"{'no': json}\nsino otra cosa", b"<cable>\nsin fin", b"%!PS-Adobe\nhola", b"a\x01b\nhola", b"12 34\n..."]
)
def test_what_is_no_text_is_refused_whoever_delivers_it(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableWire):
        read_items(data, tmp_path / "nota.txt", Overrides(provider="yo"), Settings())


def test_a_record_without_a_provider_is_of_the_one_that_is_said(tmp_path: Path) -> None:
    data = b'{"item_id": "1", "body": "El canciller viaja."}\n{"item_id": "2", "provider": "otra", "body": "No va."}'
    found = read_items(data, tmp_path / "a.jsonl", Overrides(provider="yo"), Settings()).items
    assert {item.item_id for item in found} == {"1", "2"}
    assert found[0].key == "yo:1"
    with pytest.raises(UnreadableWire, match="names no provider; say which with --provider"):
        read_items(data, tmp_path / "a.jsonl", Overrides(), Settings())


def test_one_id_names_one_item(settings: MakeSettings, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = settings()
    monkeypatch.setenv("TELETIPO_KAFKA_BOOTSTRAP_SERVERS", str(mine.kafka_bootstrap_servers))
    monkeypatch.setenv("TELETIPO_TOPIC_PREFIX", mine.topic_prefix)
    for name in ("uno", "dos"):
        (tmp_path / f"{name}.txt").write_text(f"El canciller {name}\n\n{'El canciller viajó a Lima. ' * 6}", "utf-8")
    given = [str(tmp_path / "uno.txt"), str(tmp_path / "dos.txt")]
    both = CliRunner().invoke(feed, ["files", "--provider", "austral", "--item-id", "7", *given])
    assert both.exit_code == 1
    assert "--item-id names one item" in both.output
    text = (tmp_path / "uno.txt").read_bytes()
    nameless = CliRunner().invoke(feed, ["files", "--provider", "austral", "-"], input=text)
    assert nameless.exit_code == 1
    assert "say which item it is with --item-id" in nameless.output
    assert keys(sent(mine)) == ["austral:7"]


def test_every_feeder_tells_prometheus_what_it_does(settings: MakeSettings, tmp_path: Path) -> None:
    mine = settings()
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.json").write_bytes(record("1"))
    (inbox / "b.pdf").write_bytes(b"%PDF-1.4")
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with Sender(mine) as sender, serving(sender, 0) as port:
        feeder = FolderFeeder(
            Place.of(str(inbox)), sender, ledger, mine, overrides=Overrides(), settle=0.1, say=lambda text: None
        )
        take_all(feeder)
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert httpx.get(f"http://127.0.0.1:{port}/livez").text == "ok\n"
        assert httpx.get(f"http://127.0.0.1:{port}/secret").status_code == 404
        with pytest.raises(UserError, match="choose another --metrics-port"), serving(sender, port):
            pass
    ledger.close()
    assert 'teletipo_feed_items_total{provider="austral"} 1' in text
    assert 'teletipo_feed_refused_total{provider="unknown"} 1' in text
    assert 'teletipo_feed_silent_seconds{provider="austral"} ' in text


@pytest.mark.parametrize("stamp", ["²", "9" * 5000, "", "-1", "1.5"])
def test_a_stamp_that_is_no_time_is_refused(settings: MakeSettings, stamp: str) -> None:
    mine = settings(feed_http_hmac_key="clave")
    with receiving(mine) as url:
        headers = {"X-Teletipo-Timestamp": stamp.encode("latin-1"), "X-Teletipo-Signature": b"00"}
        assert httpx.post(f"{url}/items", content=record("1"), headers=headers).status_code == 401


def test_a_receiver_that_kafka_keeps_waiting_says_when_to_come_back(
    settings: MakeSettings, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = settings(feed_http_token="abre")
    monkeypatch.setattr("teletipo.feeds.http.MAX_WAITING", 0)
    with receiving(mine) as url:
        answer = httpx.post(f"{url}/items", content=record("1"), headers={"Authorization": "Bearer abre"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert 'teletipo_feed_http_responses_total{status="503"} 1' in httpx.get(f"{url}/metrics").text
    assert sent(mine) == []


def test_a_watched_folder_is_left_in_order_at_sigterm(settings: MakeSettings, sent: Sent, tmp_path: Path) -> None:
    mine = settings()
    inbox, done = tmp_path / "in", tmp_path / "done"
    inbox.mkdir()
    environment = {
        **os.environ, "TELETIPO_KAFKA_BOOTSTRAP_SERVERS": str(mine.kafka_bootstrap_servers),
        "TELETIPO_TOPIC_PREFIX": mine.topic_prefix, "TELETIPO_STATE_DIR": str(tmp_path / "state"),
    }  # fmt: skip
    command = [sys.executable, "-c", "from teletipo.cli import main; main()", "feed", "dir", str(inbox), "--done", str(done)]
    feeder = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        for number in ("1", "2"):
            (inbox / f"{number}.json").write_bytes(record(number))
            while not (done / f"{number}.json").exists():
                assert feeder.poll() is None
                time.sleep(0.1)
        (inbox / "3.json").write_bytes(record("3"))
        feeder.send_signal(signal.SIGTERM)
        printed, said = feeder.communicate(timeout=120)
    finally:
        feeder.kill()
    assert feeder.returncode == 0
    taken = 3 if (done / "3.json").exists() else 2
    assert printed == f"{taken} items sent to {mine.topic_prefix}news.raw\n"
    assert said.splitlines()[:2] == ["1.json: 1 items", "2.json: 1 items"]
    assert len(sent(mine)) == taken, "what is moved away is in Kafka, what is not is still there"
