"""What all commands share: help without heavy imports, one line for every mistake, quiet when the reader goes away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from teletipo.broker import clients
from teletipo.cli import COMMANDS, cli, main
from teletipo.cli.display import printable

HEAVY = {"spacy", "numpy", "kafka", "pydantic", "faust", "lxml", "aiohttp", "rocksdict"}
MAIN = "from teletipo.cli import main; main()"


def all_commands() -> list[list[str]]:
    found = []
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        found.append([name])
        if isinstance(command, click.Group):
            found += [[name, part] for part in command.commands]
    return found


def test_the_help_of_every_command_imports_nothing_heavy() -> None:
    """A command that loads Kafka's client or spaCy needs half a second for its help, others 0.1 s."""
    code = (
        "import sys, contextlib, io\nfrom teletipo.cli import cli\n"
        f"for words in {all_commands()!r}:\n"
        "    out = io.StringIO()\n"
        "    with contextlib.redirect_stdout(out):\n"
        "        cli.main([*words, '--help'], standalone_mode=False)\n"
        "    assert 'Usage:' in out.getvalue(), words\n"
        f"    heavy = {HEAVY!r} & set(sys.modules)\n"
        "    assert not heavy, (words, heavy)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-600:]


def test_there_are_subcommands_among_them() -> None:
    assert ["topics", "check"] in all_commands()
    assert len(all_commands()) > 30


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, and no settings but the address of a Kafka that is not there."""
    for name in [name for name in os.environ if name.startswith("TELETIPO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TELETIPO_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("TELETIPO_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words", ["tail events", "tail raw --internal", "deadletter list", "topics list", "held", "demo .", "feed files ."]
)
def test_kafka_away_is_one_line(
    alone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    monkeypatch.setattr(clients, "BOOTSTRAP_MS", 200)
    monkeypatch.setattr(sys, "argv", ["teletipo", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.err.startswith("teletipo: Kafka at 127.0.0.1:1 does not answer")
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("tail events --type SUPORT", "--type: 'SUPORT' is no PLOVER type; they are AGREE, CONSULT"),
        ("tail events --country Argentina", "--country: 'Argentina' is no ISO 3166-1 alpha-3 code"),
        ("tail articles --type SUPPORT", "--type does not apply to news.articles"),
        ("tail articles --min-confidence 0.5", "--min-confidence does not apply to news.articles"),
        ("tail raw", "news.raw is internal"),
        ("tail raw --internal --actor Putin", "--actor does not apply to news.raw"),
        ("tail events --since yesterday", "--since: 'yesterday' is no RFC 3339 time"),
    ],
)
def test_a_filter_that_cannot_hold_is_refused(alone: Path, words: str, complaint: str) -> None:
    with pytest.raises(click.UsageError) as refused:
        cli.main(words.split(), standalone_mode=False)
    assert complaint in refused.value.format_message()


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    """`teletipo … | head -1` ends with 0 and says nothing."""
    line = f"{sys.executable} -c '{MAIN}' profiles list | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_what_is_printed_cannot_command_the_terminal() -> None:
    assert printable("Perú\x1b]0;t\x07 \u202eñ\n") == "Perú�]0;t� �ñ�"
    assert printable("Ñandú — “sí” 日本") == "Ñandú — “sí” 日本"


def test_ctrl_c_while_orjson_is_loaded_finds_nothing_half_loaded() -> None:
    """orjson's C code uses Python's modules without a look at errors: an interrupted import was a segmentation fault."""
    code = (
        "import sys, teletipo\n"
        "asked = []\n"
        "class Watch:\n"
        "    @staticmethod\n"
        "    def find_spec(name, path=None, target=None):\n"
        "        asked.append(name)\n"
        "sys.meta_path.insert(0, Watch)\n"
        "import orjson\n"
        "print(*asked)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-600:]
    assert done.stdout.split() == ["orjson", "orjson.orjson"]


def test_a_full_disk_is_one_line(alone: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-c", MAIN, "profiles", "list"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "teletipo: what is written: No space left on device; make room or write elsewhere\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_closed_input_is_empty_and_a_closed_output_is_nowhere(alone: Path, closed: str) -> None:
    command = f'"$0" -c "{MAIN}" read - {closed}'
    done = subprocess.run(["sh", "-c", command, sys.executable], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
