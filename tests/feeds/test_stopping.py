"""SIGTERM in the middle of a day, and the next start: nothing lost, at most repeats. And what stands on a terminal meanwhile."""

from __future__ import annotations

import io
import mailbox
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from teletipo.feeds.progress import Progress
from teletipo.feeds.sender import SendReport
from teletipo.settings import Settings

Sent = Callable[[Settings], list[Any]]
LINES = 60
"""Documents of each feeder; after some of them it is told to end."""


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_live_line_says_how_far_a_feeder_is_and_who_is_silent() -> None:
    report, screen = SendReport(), Terminal()
    report.expect("lejana")
    for _ in range(3):
        report.take("austral")
    report.refuse("austral", 2)
    with Progress(report, screen, every=0.02) as progress:
        while "sent" not in screen.getvalue():
            time.sleep(0.01)
        progress.say("una línea")
    shown = screen.getvalue()
    assert re.search(r"\r\x1b\[K3 items sent, \d+/s; 2 refused; silent: lejana 0 s, austral 0 s", shown)
    assert "\r\x1b[Kuna línea\n" in shown, "what is said stays above the live line"
    assert shown.endswith("\r\x1b[K")
    pipe = io.StringIO()
    with Progress(report, pipe, every=0.01) as progress:
        time.sleep(0.05)
        progress.say("una línea")
    assert pipe.getvalue() == "una línea\n", "no live line where nobody looks"


def on_a_terminal(settings: Settings, state: Path, arguments: list[str], until: Callable[[str], bool]) -> tuple[int, str]:
    """Run `teletipo feed …` on a terminal and send SIGTERM when `until` holds of what it wrote; status and screen."""
    environment = {
        **os.environ, "TELETIPO_KAFKA_BOOTSTRAP_SERVERS": str(settings.kafka_bootstrap_servers),
        "TELETIPO_TOPIC_PREFIX": settings.topic_prefix, "TELETIPO_STATE_DIR": str(state),
    }  # fmt: skip
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "teletipo", "feed", *arguments]
    feeder = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=its, stderr=its)
    os.close(its)
    screen, is_told = "", False
    try:
        while feeder.poll() is None or select.select([ours], [], [], 0)[0]:
            try:
                screen += os.read(ours, 65536).decode("utf-8", "replace") if select.select([ours], [], [], 0.05)[0] else ""
            except OSError:
                break  # Linux says so when the other end is closed.
            if not is_told and until(screen):
                is_told = True
                feeder.send_signal(signal.SIGTERM)
        return feeder.wait(60), screen
    finally:
        feeder.kill()
        os.close(ours)


def record(number: int) -> bytes:
    return orjson.dumps({"provider": "austral", "item_id": str(number), "body": "El canciller viajó a Lima."})


def fill_folder(place: Path) -> list[str]:
    place.mkdir()
    for number in range(LINES):
        (place / f"{number:03}.json").write_bytes(record(number))
    return ["dir", str(place), "--done", str(place.parent / "done")]


def fill_maildir(place: Path) -> list[str]:
    box = mailbox.Maildir(place)
    for number in range(LINES):
        head = f"From: mesa@austral.example\nSubject: Nota\nMessage-ID: <{number}@austral.example>\n"
        box.add((head + "Date: Wed, 12 Mar 2025 12:10:00 +0100\n\nLos cancilleres se reunieron.\n").encode())
    return ["mail", str(place)]


def fill_files(place: Path) -> list[str]:
    place.mkdir()
    for number in range(LINES):
        (place / f"{number:03}.jsonl").write_bytes(b"\n".join(record(number * 1000 + line) for line in range(1000)))
    return ["files", str(place)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("fill", "items", "status", "begun"),
    [(fill_folder, LINES, 0, "1 items"), (fill_maildir, LINES, 0, "1 items"), (fill_files, 1000 * LINES, 130, "items sent,")],
)
def test_a_feeder_that_is_stopped_and_started_again_loses_nothing(
    settings: Callable[..., Settings],
    sent: Sent,
    tmp_path: Path,
    fill: Callable[[Path], list[str]],
    items: int,
    status: int,
    begun: str,
) -> None:
    mine = settings()
    arguments = fill(tmp_path / "place")
    code, screen = on_a_terminal(
        mine, tmp_path / "state", arguments, lambda shown: shown.count(begun) >= (5 if status == 0 else 1)
    )
    assert code == status, screen
    told = int(re.findall(r"(\d+) items sent to", screen)[-1])
    assert len(sent(mine)) == told, "what it says it sent is what Kafka has"
    assert 0 < told < items
    again = [*arguments, "--once"] if fill is not fill_files else arguments
    code, screen = on_a_terminal(mine, tmp_path / "state", again, lambda shown: False)
    assert code == 0
    keys = [message.key for message in sent(mine)]
    assert len(set(keys)) == items
    assert "Traceback" not in screen
    if fill is not fill_files:
        assert len(keys) == items, "what was taken is remembered"
