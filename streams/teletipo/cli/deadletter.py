"""`teletipo deadletter`: what could not be processed, why, and what to do with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click


@click.group()
def deadletter() -> None:
    """List, show, replay or discard what could not be processed, by the worker or by a feeder. Open letters only.

    An ID is PARTITION-OFFSET.
    """


def _letters() -> Any:
    from teletipo.settings import load_settings
    from teletipo.subscribe.deadletters import DeadLetters

    return DeadLetters(load_settings())


@deadletter.command("list")
def list_() -> None:
    """One line for each open dead letter: id, time, key (of what a feeder refused: feeder and source), where it failed, why."""
    from teletipo.cli.display import printable

    letters = _letters().open()
    for letter in letters:
        when = datetime.fromtimestamp(letter.timestamp / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        error = f"{letter.error('stage')} {letter.error('type')}: {letter.error('message')}"
        click.echo(printable(f"{letter.id}  {when}  {letter.where}  {error}  attempts {letter.attempts}"))
    click.echo(f"{len(letters)} open dead letters", err=True)


@deadletter.command()
@click.argument("identity", metavar="ID")
def show(identity: str) -> None:
    """Print the headers of one dead letter on standard error and its value, byte for byte, on standard output."""
    from teletipo.cli.display import printable

    (letter,) = _letters().find([identity])
    for name, value in (*letter.headers, ("key", letter.key or b"")):
        click.echo(printable(f"{name}: {value.decode('utf-8', 'replace')}"), err=True)
    click.echo(letter.value or b"", nl=False)


@deadletter.command()
@click.argument("identities", metavar="ID…", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All open letters.")
@click.option("--force", is_flag=True, help="Also those tried three times, or perhaps sent by a replay cut off a week ago.")
def replay(identities: tuple[str, ...], every: bool, force: bool) -> None:
    """Send the original key, value and headers to news.raw once more.

    A document that a feeder refused is read again, by the readers and profiles of today; what it holds now is sent. What a replay
    that was killed has sent is not sent again.
    """
    from teletipo.errors import UserError
    from teletipo.subscribe.deadletters import MAX_ATTEMPTS

    box = _letters()
    letters = _chosen(box, identities, every)
    tired = [letter.id for letter in letters if letter.attempts >= MAX_ATTEMPTS]
    if tired and not force:
        raise UserError(f"{', '.join(tired)}: tried {MAX_ATTEMPTS} times already; --force sends them all the same")
    documents, records = ([one for one in letters if one.is_document is kind] for kind in (True, False))
    if records:
        box.replay(records, force)
    refused = _read_again(box, documents, force) if documents else 0
    click.echo(f"{len(letters) - refused} replayed" + (f", {refused} refused still" if refused else ""))
    if refused:
        raise click.exceptions.Exit(1)


def _read_again(box: Any, documents: list[Any], force: bool) -> int:
    """Send what the readers make of these documents today; returns how many stay open."""
    from teletipo.errors import InputError
    from teletipo.feeds.refusals import send_again
    from teletipo.feeds.sender import Sender
    from teletipo.settings import load_settings

    settings, refused = load_settings(), 0
    sent = box.sent_before(documents, force)
    with Sender(settings) as sender:
        for letter in documents:
            try:
                count = send_again(letter, sender, settings, begin=box.begin, sent=sent[letter.id])
            except InputError as error:
                refused += 1
                click.echo(f"{letter.id}: {letter.error('source')}: {error}", err=True)
                continue
            box.settle([letter], "replayed")
            click.echo(f"{letter.id}: {letter.error('source')}: {count} items sent", err=True)
    return refused


@deadletter.command()
@click.argument("identities", metavar="ID…", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All open letters.")
def discard(identities: tuple[str, ...], every: bool) -> None:
    """Close dead letters without sending them again."""
    box = _letters()
    letters = _chosen(box, identities, every)
    box.settle(letters)
    click.echo(f"{len(letters)} discarded")


def _chosen(box: Any, identities: tuple[str, ...], every: bool) -> list[Any]:
    if every == bool(identities):
        raise click.UsageError("name the letters, or say --all")
    return list(box.open() if every else box.find(list(identities)))
