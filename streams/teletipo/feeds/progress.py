"""What a feeder says while it works: lines for what happened, and on a terminal one live line of how far it is."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from datetime import UTC, datetime
from typing import TextIO

from teletipo.feeds.sender import SendReport

_CLEAR = "\r\x1b[K"
_SHOWN = 4
"""Providers named on the live line, those first that have been silent longest."""


class Progress:
    """A context manager; `say` writes a line to standard error. On a terminal a last line is renewed every second.

    The live line has the items acknowledged, how many a second since the last look, refusals, and how long each provider
    has been silent.
    """

    def __init__(self, report: SendReport, stream: TextIO | None = None, every: float = 1.0) -> None:
        self._report, self._stream, self._every = report, stream or sys.stderr, every
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True) if self._stream.isatty() else None
        self._last, self._at = 0, time.monotonic()

    def __enter__(self) -> Progress:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()
            self._write(_CLEAR)

    def say(self, text: str) -> None:
        """A line that stays."""
        self._write((_CLEAR if self._thread else "") + text + "\n")

    def line(self) -> str:
        """The live line as it would be now."""
        now, total = time.monotonic(), self._report.total
        rate = (total - self._last) / max(now - self._at, 1e-3)
        self._last, self._at = total, now
        refused = sum(dict(self._report.refused).values())
        clock = datetime.now(UTC)
        silent = sorted(((clock - at).total_seconds(), provider) for provider, at in dict(self._report.last).items())[::-1]
        parts = [f"{total} items sent, {rate:.0f}/s"]
        parts += [f"{refused} refused"] * bool(refused)
        parts += ["silent: " + ", ".join(f"{provider} {_duration(age)}" for age, provider in silent[:_SHOWN])] * bool(silent)
        return "; ".join(parts)

    def _renew(self) -> None:
        while not self._ended.wait(self._every):
            self._write(_CLEAR + self.line()[: shutil.get_terminal_size().columns - 1])

    def _write(self, text: str) -> None:
        with self._lock:
            self._stream.write(text)
            self._stream.flush()


def _duration(seconds: float) -> str:
    """Seconds in the largest unit that is not smaller than one: 45 s, 12 min, 5 h, 3 d."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
