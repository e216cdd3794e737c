"""What `make` does before its first command: the virtual environment, with a line for each step."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import psutil
import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "install.py"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, at work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_environment_whose_making_was_interrupted_is_made_again(install: ModuleType) -> None:
    assert not install.has_pip()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], check=True)
    assert Path(".venv/bin/python").exists()
    assert not install.has_pip()


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("Collecting aiokafka<0.15,>=0.14 (from teletipo==0.1.0)\n", "fetching aiokafka"),
        ("Collecting tzdata (from teletipo==0.1.0)\n", "fetching tzdata"),
        ("Installing collected packages: brotli, xxhash, click\n", "installing 3 packages"),
        ("  Downloading click-8.2.0-py3-none-any.whl (102 kB)\n", None),
    ],
)
def test_pips_lines_become_steps(install: ModuleType, line: str, step: str | None) -> None:
    assert install.step_of(line) == step


def test_an_old_python_is_told_which_is_needed(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "NEEDED", (9, 9))
    assert install.main() == 2
    assert "Python 9.9 or newer is needed" in capsys.readouterr().err


def test_silence_is_broken_by_how_long_it_has_lasted(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "SILENCE_SECONDS", 0.1)
    progress = install.Progress()
    progress.tell("installing 156 packages")
    progress._done.wait(1.2)
    progress.end("ready")
    first, second, *_ = capsys.readouterr().err.splitlines()
    assert first == "installing 156 packages"
    assert second.startswith("installing 156 packages (")


def test_ctrl_c_leaves_no_process(install: ModuleType) -> None:
    """A shell that waits for a child of its own, as `venv` waits for pip: both are gone."""
    script = Path("run.py")
    command = ["sh", "-c", "trap '' INT; sleep 60 & echo $!; wait"]
    script.write_text(
        f"import importlib.util as u\ns = u.spec_from_file_location('install', {str(SCRIPT)!r})\nm = u.module_from_spec(s)\n"
        f"s.loader.exec_module(m)\nm.CANCEL_SECONDS = 0.2\nm.run({command!r}, lambda line: print(line, end='', flush=True))\n"
    )
    started = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert started.stdout is not None
    sleeper = int(started.stdout.readline())
    started.send_signal(signal.SIGINT)
    started.wait(10)
    deadline = time.monotonic() + 5
    while psutil.pid_exists(sleeper) and psutil.Process(sleeper).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)
