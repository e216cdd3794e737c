"""What `teletipo demo` leaves behind when somebody presses Ctrl-C twice; what it shows is seen in `make demo`."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from teletipo.broker.paths import state_folder
from teletipo.broker.server import EmbeddedBroker
from teletipo.demo import Demo
from teletipo.settings import Settings


@pytest.fixture
def sigint() -> Iterator[None]:
    """The demo ignores a third Ctrl-C; the tests after it must not."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_second_ctrl_c_while_it_stops_kills_the_worker_and_leaves_no_folder(
    sigint: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(state_dir=tmp_path, topic_prefix="demo-1.")
    kept = state_folder(settings) / "worker" / "demo-1.0-abc"
    of_others = state_folder(settings) / "worker" / "0-abc"
    for folder in (kept, of_others):
        folder.mkdir(parents=True)
    demo = Demo(settings, print, print, print)
    demo.worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

    def interrupted(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_stop", interrupted)
    with pytest.raises(KeyboardInterrupt):
        demo._stop_whatever_comes(EmbeddedBroker(settings), own_broker=False)
    assert demo.worker.poll() == -signal.SIGKILL
    assert not kept.exists()
    assert of_others.exists()
