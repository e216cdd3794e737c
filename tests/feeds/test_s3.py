"""A bucket on a real S3 server (moto's), through s3fs as `teletipo feed dir s3://…` uses it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import boto3
import httpx
import orjson
import pytest
from moto.server import ThreadedMotoServer
from teletipo.errors import UserError
from teletipo.feeds.folder import FolderFeeder, Place, run
from teletipo.feeds.ledger import Ledger
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings
from teletipo.subscribe.deadletters import DeadLetters

Sent = Callable[[Settings], list[Any]]


def record(item_id: str) -> bytes:
    return orjson.dumps({"provider": "austral", "item_id": item_id, "body": "El canciller viajó a Lima."})


class Bucket:
    """What lies in a bucket, seen by Amazon's own client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def put(self, name: str, data: bytes) -> None:
        self._client.put_object(Bucket="agencia", Key=name, Body=data)

    def names(self) -> list[str]:
        return sorted(entry["Key"] for entry in self._client.list_objects_v2(Bucket="agencia").get("Contents", []))

    def get(self, name: str) -> bytes:
        data: bytes = self._client.get_object(Bucket="agencia", Key=name)["Body"].read()
        return data


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "agencia", "AWS_SECRET_ACCESS_KEY": "clave",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="agencia")
    yield Bucket(client)
    httpx.post(f"http://{host}:{port}/moto-api/reset")
    server.stop()


def test_a_bucket_is_taken_once_over_restarts_and_refused_files_are_put_aside(
    settings: Callable[..., Settings], sent: Sent, bucket: Bucket, tmp_path: Path
) -> None:
    mine = settings()
    bucket.put("in/a.json", record("1"))
    bucket.put("in/same-bytes.json", record("1"))
    bucket.put("in/half.json.part", record("2")[:20])
    bucket.put("in/menu.pdf", b"%PDF-1.4 no wire")
    bucket.put("in/deeper/c.json", record("3"))

    def once(**folders: str) -> list[str]:
        said: list[str] = []
        ledger = Ledger(tmp_path / "ledger.sqlite")
        with Sender(mine) as sender:
            place = Place.of("s3://agencia/in")
            feeder = FolderFeeder(
                place, sender, ledger, mine, overrides=Overrides(), settle=0.1, say=said.append, **folders
            )  # fmt: skip
            while feeder.sweep():
                time.sleep(0.1)
        ledger.close()
        return said

    assert once() == ["a.json: 1 items", "menu.pdf: refused: a PDF document, no wire", "same-bytes.json: taken before"]
    assert "a.json: taken before" in once(), "left in the bucket, remembered"
    bucket.put("in/half.json", record("2"))
    assert "half.json: 1 items" in once(done="s3://agencia/done", refused="s3://agencia/refused")
    assert bucket.names() == [
        "done/a.json", "done/half.json", "done/same-bytes.json", "in/deeper/c.json", "in/half.json.part",
        "refused/menu.pdf", "refused/menu.pdf.reason.txt",
    ]  # fmt: skip
    assert bucket.get("refused/menu.pdf") == b"%PDF-1.4 no wire"
    assert bucket.get("refused/menu.pdf.reason.txt") == b"a PDF document, no wire\n"
    assert [message.key for message in sent(mine)] == [b"austral:1", b"austral:2"]
    sources = [letter.error("source") for letter in DeadLetters(mine).open()]
    assert sources == ["s3://agencia/in/menu.pdf", "s3://agencia/refused/menu.pdf"]


@pytest.mark.long
def test_a_bucket_that_grows_is_polled(settings: Callable[..., Settings], sent: Sent, bucket: Bucket, tmp_path: Path) -> None:
    mine = settings()
    bucket.put("in/1.json", record("1"))
    stop = Event()

    def say(text: str) -> None:
        if text.startswith("1.json"):
            bucket.put("in/2.json", record("2"))
        if text.startswith("2.json"):
            stop.set()

    ledger = Ledger(tmp_path / "ledger.sqlite")
    place = Place.of("s3://agencia/in")
    with Sender(mine) as sender:
        feeder = FolderFeeder(
            place, sender, ledger, mine, overrides=Overrides(), done="s3://agencia/done", settle=0.2, say=say, stop=stop
        )
        run(feeder, place, stop, interval=0.1)
    ledger.close()
    assert [message.key for message in sent(mine)] == [b"austral:1", b"austral:2"]
    assert bucket.names() == ["done/1.json", "done/2.json"]


@pytest.mark.parametrize("address", ["s3://nobody/in", "s3://agencia/nowhere"])
def test_a_bucket_that_is_not_there_is_one_line(bucket: Bucket, address: str) -> None:
    with pytest.raises(UserError, match=re.escape(address)) as failure:
        Place.of(address)
    assert "\n" not in str(failure.value)
