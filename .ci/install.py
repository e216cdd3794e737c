"""`python .ci/install.py`: the repository with all it needs into .venv/, a line for each step, or one that changes on a terminal.

Whatever an interrupted run has left is finished by the next one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time

VENV = ".venv"
PYTHON = os.path.join(VENV, "bin", "python")
NEEDED = (3, 11)
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
        return f"installing {len(words) - 3} packages"
    if line.startswith("Collecting "):
        return f"fetching {re.split('[<>=!~;]', words[1])[0]}"
    return None


def main() -> int:
    """Exit status: pip's."""
    has_environment = has_pip()
    if not has_environment and sys.version_info < NEEDED:
        print(
            f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed, this is {sys.version.split()[0]}: `make PYTHON=python3.12 …`",
            file=sys.stderr,
        )
        return 2
    progress = Progress()
    if not has_environment:
        progress.tell(f"making {VENV}/ with Python {sys.version.split()[0]}")
        done = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            progress.end(f"{VENV}/ could not be made: {done.stdout.strip()}")
            return done.returncode
    progress.tell(f"installing into {VENV}/; the first time takes a minute or two")
    command = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--progress-bar=off",
        "-c",
        "requirements.lock",
        *sys.argv[1:],
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            step = step_of(line)
            if step:
                progress.tell(step)
    progress.end("not installed" if pip.returncode else f"{VENV}/ is ready")
    return pip.returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
