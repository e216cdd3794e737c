"""What an operator does with a dead letter, against a running worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from teletipo.cli.deadletter import deadletter
from teletipo.errors import UserError
from teletipo.settings import Settings
from teletipo.subscribe.deadletters import DeadLetters
from wire_stream import Wire, WorkerProcess, wait_for

BROKEN = b'{"provider": "prueba", "item_id": "9", "body'


@pytest.fixture
def mine(settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with a worker that runs on them; commands of this process use the same."""
    made = settings()
    monkeypatch.setenv("TELETIPO_KAFKA_BOOTSTRAP_SERVERS", str(made.kafka_bootstrap_servers))
    monkeypatch.setenv("TELETIPO_TOPIC_PREFIX", made.topic_prefix)
    worker = WorkerProcess(made, tmp_path / "worker").wait_ready()
    yield made
    worker.stop()


def test_a_letter_is_listed_shown_replayed_and_refused_after_three_attempts(mine: Settings) -> None:
    wire = Wire(mine)
    wire.send_bytes(b"prueba:9", BROKEN, headers=[("feed", b"mio")])
    wire.close()
    box = DeadLetters(mine)
    run = CliRunner()
    for attempt in (1, 2, 3):
        (letter,) = wait_for(box.open, 30, "no dead letter")
        assert (letter.value, letter.key, letter.attempts) == (BROKEN, b"prueba:9", attempt)
        assert ("feed", b"mio") in letter.original_headers
        listed = run.invoke(deadletter, ["list"])
        assert letter.id in listed.output
        assert "NotJSON" in listed.output
        if attempt < 3:
            assert "1 replayed" in run.invoke(deadletter, ["replay", letter.id]).output
            assert letter.id not in {one.id for one in box.open()}, "a letter is not sent twice"
    shown = run.invoke(deadletter, ["show", letter.id])
    assert BROKEN.decode() in shown.output
    refused = run.invoke(deadletter, ["replay", letter.id])
    assert isinstance(refused.exception, UserError)
    assert "--force" in str(refused.exception)
    assert "1 discarded" in run.invoke(deadletter, ["discard", "--all"]).output
    assert box.open() == []
