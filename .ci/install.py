"""`python .ci/install.py`: the repository with all it needs into .venv/, a line for each step, or one that changes on a terminal.

Whatever an interrupted run has left is finished by the next one.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Before anything that takes time to load: Ctrl-C shows no traceback.
    sys.excepthook = lambda kind, *rest: None if kind is KeyboardInterrupt else sys.__excepthook__(kind, *rest)

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable

VENV = ".venv"
PYTHON = os.path.join(VENV, "bin", "python")
NEEDED = (3, 11)
CANCEL_SECONDS = 20.0
"""How long pip may take to tidy up after Ctrl-C."""
SILENCE_SECONDS = 5.0
"""pip says nothing while it unpacks and compiles; a sign of life comes this often."""


class Progress:
    """What is being done now, on standard error."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()
        self._step = ""
        self._done = threading.Event()
        self._on_terminal = sys.stderr.isatty()
        threading.Thread(target=self._go_on, daemon=True).start()

    def take(self, line: str) -> None:
        """A line of pip's output."""
        step = step_of(line)
        if step:
            self.tell(step)

    def tell(self, step: str) -> None:
        """A new step has begun."""
        self._step, self._told = step, time.monotonic()
        self._write(step)

    def end(self, text: str) -> None:
        """The last line, which stays."""
        self._done.set()
        self._write(f"{text} ({time.monotonic() - self._begun:.0f} s)")
        if self._on_terminal:
            sys.stderr.write("\n")

    def _go_on(self) -> None:
        while not self._done.wait(0.5):
            if time.monotonic() - self._told > SILENCE_SECONDS:
                self._told = time.monotonic()
                self._write(f"{self._step} ({time.monotonic() - self._begun:.0f} s)")

    def _write(self, text: str) -> None:
        if self._on_terminal:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\033[K{text[:width]}")
        else:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def has_pip() -> bool:
    """False also for an environment whose making was interrupted."""
    return os.path.exists(PYTHON) and subprocess.run([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL).returncode == 0


def step_of(line: str) -> str | None:
    """What a line of pip's output says to somebody who waits."""
    words = line.split()
    if line.startswith("Installing collected packages"):
        return f"installing {len(words) - 3} package{'s' * (len(words) > 4)}"
    if line.startswith("Collecting "):
        return f"fetching {re.split('[<>=!~;]', words[1])[0]}"
    return None


def run(command: list[str], take: Callable[[str], object], errors: int | None = None) -> int:
    """Run a command in a session of its own and hand over its lines; Ctrl-C ends it and all that it has started."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True) as child:
        assert child.stdout is not None
        try:
            for line in child.stdout:
                take(line)
            return child.wait()
        except KeyboardInterrupt:
            os.killpg(child.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
                child.wait(CANCEL_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            raise


def main() -> int:
    """Exit status: pip's."""
    has_environment = has_pip()
    if not has_environment and sys.version_info < NEEDED:
        needed, ours = ".".join(map(str, NEEDED)), sys.version.split()[0]
        print(f"Python {needed} or newer is needed, this is {ours}: `make PYTHON=python3.12 …`", file=sys.stderr)
        return 2
    progress = Progress()
    if not has_environment:
        progress.tell(f"making {VENV}/ with Python {sys.version.split()[0]}")
        output: list[str] = []
        status = run([sys.executable, "-m", "venv", "--clear", VENV], output.append, subprocess.STDOUT)
        if status:
            progress.end(f"{VENV}/ could not be made: {''.join(output).strip()}")
            return status
    progress.tell(f"installing into {VENV}/; the first time takes a minute or two")
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off", "-c", "requirements.lock"]
    status = run([*pip, *sys.argv[1:]], progress.take)
    progress.end("not installed" if status else f"{VENV}/ is ready")
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
