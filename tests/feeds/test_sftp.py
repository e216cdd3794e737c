"""A folder on a real SFTP server, and whom we believe to be that server."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import asyncssh
import orjson
import pytest
from teletipo.errors import UserError
from teletipo.feeds.folder import FolderFeeder, Place, run
from teletipo.feeds.ledger import Ledger
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings

Sent = Callable[[Settings], list[Any]]

USER, PASSWORD = "agencia", "clave"


class Door(asyncssh.SSHServer):
    """Lets one user in, by password, and remembers who is in."""

    def __init__(self, inside: list[asyncssh.SSHServerConnection]) -> None:
        self._inside = inside

    def connection_made(self, connection: asyncssh.SSHServerConnection) -> None:
        self._inside.append(connection)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


@dataclass
class Server:
    """An SFTP server over a folder, which can go away and come back on the same port with the same key."""

    home: Path
    loop: asyncio.AbstractEventLoop
    key: asyncssh.SSHKey
    port: int = 0
    listener: asyncssh.SSHAcceptor | None = None
    inside: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    def start(self) -> None:
        def at_home(connection: asyncssh.SSHServerChannel) -> asyncssh.SFTPServer:
            return asyncssh.SFTPServer(connection, chroot=str(self.home))

        async def listen() -> asyncssh.SSHAcceptor:
            return await asyncssh.listen(
                "127.0.0.1",
                self.port,
                server_factory=lambda: Door(self.inside),
                server_host_keys=[self.key],
                sftp_factory=at_home,
            )

        self.listener = asyncio.run_coroutine_threadsafe(listen(), self.loop).result(30)
        self.port = self.listener.get_port()

    def stop(self) -> None:
        async def close() -> None:
            assert self.listener is not None
            self.listener.close()
            while self.inside:
                self.inside.pop().abort()

        asyncio.run_coroutine_threadsafe(close(), self.loop).result(30)

    def url(self, password: str = PASSWORD) -> str:
        return f"sftp://{USER}:{password}@127.0.0.1:{self.port}/wire"

    def known_hosts(self, key: asyncssh.SSHKey | None = None) -> Path:
        path = self.home.parent / "known_hosts"
        public = (key or self.key).export_public_key("openssh").decode().strip()
        path.write_text(f"[127.0.0.1]:{self.port} {public}\n", "utf-8")
        return path


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[Server]:
    """The server that an agency uploads to."""
    home = tmp_path / "sftp"
    (home / "wire").mkdir(parents=True)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = Server(home, loop, asyncssh.generate_private_key("ssh-ed25519"))
    server.start()
    yield server
    server.stop()
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def record(item_id: str) -> bytes:
    return orjson.dumps({"provider": "efe", "item_id": item_id, "body": "Un texto."})


def test_complete_files_are_taken_moved_and_refused(
    sftp: Server, settings: Callable[..., Settings], sent: Sent, tmp_path: Path
) -> None:
    mine = settings()
    wire = sftp.home / "wire"
    (wire / "a.json").write_bytes(record("1"))
    (wire / "b.json").write_bytes(record("2"))
    (wire / "c.json.filepart").write_bytes(record("3")[:20])
    (wire / "junk.pdf").write_bytes(b"%PDF-1.4 no wire")
    ledger = Ledger(tmp_path / "ledger.sqlite")
    said: list[str] = []
    with Sender(mine) as sender:
        feeder = FolderFeeder(
            Place.of(sftp.url(), sftp.known_hosts()), sender, ledger, mine,
            overrides=Overrides(), done="/wire/done", refused="/wire/refused", settle=0.2, say=said.append,
        )  # fmt: skip
        while feeder.sweep():
            time.sleep(0.1)
        (wire / "a.json").write_bytes(record("4"))
        while feeder.sweep():
            time.sleep(0.1)
    ledger.close()
    assert [message.key for message in sent(mine)] == [b"efe:1", b"efe:2", b"efe:4"]
    assert (wire / "done" / "a.json").read_bytes() == record("1"), "a second file of a name does not replace the first"
    assert len(list((wire / "done").iterdir())) == 3
    assert (wire / "refused" / "junk.pdf.reason.txt").read_text("utf-8") == "a PDF document, no wire\n"
    assert (wire / "c.json.filepart").exists()


def test_a_server_that_goes_away_is_waited_for(
    sftp: Server, settings: Callable[..., Settings], sent: Sent, tmp_path: Path
) -> None:
    mine = settings()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    said: list[str] = []
    stop = Event()
    with Sender(mine) as sender:
        place = Place.of(sftp.url(), sftp.known_hosts())
        feeder = FolderFeeder(place, sender, ledger, mine, overrides=Overrides(), settle=0.1, say=said.append)
        sftp.stop()

        def come_back() -> None:
            while not any("tried again in" in line for line in said):
                time.sleep(0.05)
            sftp.start()
            (sftp.home / "wire" / "a.json").write_bytes(record("1"))
            while not any(line == "a.json: 1 items" for line in said):
                time.sleep(0.05)
            stop.set()

        other = threading.Thread(target=come_back, daemon=True)
        other.start()
        # The ledger is SQLite's, of the thread that made it: the feeder runs in this one.
        guard = threading.Timer(120, stop.set)
        guard.start()
        run(feeder, place, stop, 0.2)
        guard.cancel()
    ledger.close()
    assert [message.key for message in sent(mine)] == [b"efe:1"]
    assert PASSWORD not in "".join(said)


@pytest.mark.parametrize("whose", ["nobody's", "another's"])
def test_an_unknown_server_is_not_believed(sftp: Server, tmp_path: Path, whose: str) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519")
    known = sftp.known_hosts(other)
    if whose == "nobody's":
        known.write_text("", "utf-8")
    with pytest.raises(UserError) as error:
        Place.of(sftp.url(), known)
    text = str(error.value)
    assert "\n" not in text
    assert (f"ssh-keyscan -p {sftp.port} 127.0.0.1" if whose == "nobody's" else "another server") in text
    assert PASSWORD not in text


def test_a_wrong_password_is_one_line_and_never_shown(sftp: Server) -> None:
    with pytest.raises(UserError) as error:
        Place.of(sftp.url("falsa"), sftp.known_hosts())
    assert "\n" not in str(error.value)
    assert "falsa" not in str(error.value)
