"""Commands as the README and docs/ write them: each exists, with every option that is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from teletipo.cli import cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "seeds" / "README.md"]
INLINE = re.compile(r"`(teletipo [a-z][^`]*)`")


def shown(page: Path) -> list[str]:
    """Every command line of a page: in blocks, after a prompt, and within a sentence. Those in a row or a pipe apart."""
    text = page.read_text("utf-8")
    blocks = [line.strip().removeprefix("$ ") for line in text.splitlines() if line.startswith(("    ", "$ "))]
    lines = [*blocks, *INLINE.findall(text)]
    parts = [part.strip() for line in lines for part in re.split(r"\s+#\s|\s&&\s|\s\|\s|\s&$|;\s", line)]
    return [part for part in parts if re.match(r"(\S+/)?teletipo [a-z]", part)]


def fault(line: str) -> str | None:
    """What is wrong with a command line, if anything is."""
    words = shlex.split(line.replace("…", ""))[1:]
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None:
            return f"{words[0]} is no command"
        command = found
        words.pop(0)
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    for word in words:
        if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in known:
            return f"{word} is no option of {command.name}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    assert {line: wrong for line in shown(page) if (wrong := fault(line))} == {}


def test_the_pages_show_commands() -> None:
    assert len([line for page in PAGES for line in shown(page)]) > 60
    assert fault("teletipo kafka begin") == "begin is no command"
    assert fault("teletipo tail events --colour") == "--colour is no option of tail"
