"""`teletipo deadletter`: what could not be processed, why, and what to do with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click


@click.group()
def deadletter() -> None:
    """List, show, replay or discard what could not be processed. Open letters only; an ID is PARTITION-OFFSET."""


def _letters() -> Any:
    from teletipo.settings import load_settings
    from teletipo.subscribe.deadletters import DeadLetters

    return DeadLetters(load_settings())


@deadletter.command("list")
def list_() -> None:
    """One line for each open dead letter: id, time, key, where it failed, why."""
    letters = _letters().open()
    for letter in letters:
        when = datetime.fromtimestamp(letter.timestamp / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        key = (letter.key or b"").decode("utf-8", "replace")
        error = f"{letter.error('stage')} {letter.error('type')}: {letter.error('message')}"
        click.echo(f"{letter.id}  {when}  {key}  {error}  attempts {letter.attempts}")
    click.echo(f"{len(letters)} open dead letters", err=True)


@deadletter.command()
@click.argument("identity", metavar="ID")
def show(identity: str) -> None:
    """Print the headers of one dead letter on standard error and its value, byte for byte, on standard output."""
    (letter,) = _letters().find([identity])
    for name, value in letter.headers:
        click.echo(f"{name}: {value.decode('utf-8', 'replace')}", err=True)
    click.echo(f"key: {(letter.key or b'').decode('utf-8', 'replace')}", err=True)
    click.echo(letter.value or b"", nl=False)


@deadletter.command()
@click.argument("identities", metavar="ID…", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All open letters.")
@click.option("--force", is_flag=True, help="Also those that were tried three times.")
def replay(identities: tuple[str, ...], every: bool, force: bool) -> None:
    """Send the original key, value and headers to news.raw once more."""
    from teletipo.errors import UserError
    from teletipo.subscribe.deadletters import MAX_ATTEMPTS

    box = _letters()
    letters = _chosen(box, identities, every)
    tired = [letter.id for letter in letters if letter.attempts >= MAX_ATTEMPTS]
    if tired and not force:
        raise UserError(f"{', '.join(tired)}: tried {MAX_ATTEMPTS} times already; --force sends them all the same")
    box.replay(letters)
    click.echo(f"{len(letters)} replayed")


@deadletter.command()
@click.argument("identities", metavar="ID…", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All open letters.")
def discard(identities: tuple[str, ...], every: bool) -> None:
    """Close dead letters without sending them again."""
    box = _letters()
    letters = _chosen(box, identities, every)
    box.discard(letters)
    click.echo(f"{len(letters)} discarded")


def _chosen(box: Any, identities: tuple[str, ...], every: bool) -> list[Any]:
    if every == bool(identities):
        raise click.UsageError("name the letters, or say --all")
    return list(box.open() if every else box.find(list(identities)))
