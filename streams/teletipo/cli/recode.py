"""`teletipo recode`: code past items again with the present coder, and publish only what changes."""

from __future__ import annotations

import click


@click.command()
@click.option("--since", required=True, help="RFC 3339 time or day: items that came to news.raw from then on.")
@click.option("--provider", help="Only items of this provider.")
def recode(since: str, provider: str | None) -> None:
    """Code the shown versions of past items again; only differences are published, retractions as `recoded`.

    News goes first: a small portion is sent, and the next when the worker has delivered it. news.raw keeps 7 days.
    """
    from teletipo.errors import UserError
    from teletipo.recoding import Recoding
    from teletipo.records import parse_time
    from teletipo.settings import load_settings

    settings = load_settings()
    moment = parse_time(since)
    if moment is None:
        raise UserError(f"--since {since}: no RFC 3339 time, like 2026-03-01 or 2026-03-01T12:00:00Z")
    recoding, sent = Recoding(settings, provider), 0
    for sent in recoding.run(moment):
        click.echo(f"{sent} items coded again", err=True)
    click.echo(f"{sent} of {recoding.shown} shown items came since {since} and were coded again", err=True)
