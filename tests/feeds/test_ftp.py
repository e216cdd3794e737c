"""A folder on a real FTP server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
from teletipo.errors import UserError
from teletipo.feeds.folder import FolderFeeder, Place
from teletipo.feeds.ledger import Ledger
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings

Sent = Callable[[Settings], list[Any]]


@pytest.fixture
def ftp(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The folder that an agency uploads to, and the address that we take it from."""
    home = tmp_path / "ftp"
    (home / "wire").mkdir(parents=True)
    authorizer = DummyAuthorizer()
    authorizer.add_user("teletipo", "clave", str(home), perm="elradfmwMT")
    handler = type("Handler", (FTPHandler,), {"authorizer": authorizer})
    server = FTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"timeout": 0.05, "handle_exit": False}, daemon=True)
    thread.start()
    yield home / "wire", f"ftp://teletipo:clave@127.0.0.1:{server.address[1]}/wire"
    server.close_all()
    thread.join(5)


def test_complete_files_are_taken_and_moved(
    ftp: tuple[Path, str], settings: Callable[..., Settings], sent: Sent, tmp_path: Path
) -> None:
    home, url = ftp
    mine = settings()
    (home / "a.json").write_bytes(orjson.dumps({"provider": "efe", "item_id": "1", "body": "Uno."}))
    (home / "b.json").write_bytes(orjson.dumps({"provider": "efe", "item_id": "2", "body": "Dos."}))
    (home / "c.json.part").write_bytes(b'{"provider": "efe"')
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with Sender(mine) as sender:
        feeder = FolderFeeder(
            Place.of(url), sender, ledger, mine, overrides=Overrides(), done="/wire/done", settle=0.2, say=lambda text: None
        )
        while feeder.sweep():
            time.sleep(0.1)
    ledger.close()
    assert [message.key for message in sent(mine)] == [b"efe:1", b"efe:2"]
    assert sorted(path.name for path in (home / "done").iterdir()) == ["a.json", "b.json"]
    assert (home / "c.json.part").exists()


def test_a_server_that_refuses_is_one_line(ftp: tuple[Path, str]) -> None:
    _, url = ftp
    with pytest.raises(UserError) as error:
        Place.of(url.replace("clave", "falsa"))
    assert "\n" not in str(error.value)
    assert "falsa" not in str(error.value), "a password must never be shown"
