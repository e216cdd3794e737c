"""`teletipo held`: what waits for its embargo to end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from teletipo.lifecycle import Held


@click.command()
def held() -> None:
    """Show the versions that are held: until when, and of which item. No headline, no text: it is under embargo."""
    from teletipo.broker.reading import read_topic
    from teletipo.broker.topics import STATE
    from teletipo.lifecycle import state_from_bytes
    from teletipo.settings import load_settings
    from teletipo.worker.outgoing import POSITION_KEY

    last = {message.key: message.value for message in read_topic(load_settings(), STATE)}
    waiting: list[tuple[Held, str]] = []
    for key, value in last.items():
        if value is not None and key != POSITION_KEY:
            waiting += [(one, key.decode("utf-8", "replace")) for one in state_from_bytes(value).held]
    latest = datetime.max.replace(tzinfo=UTC)
    for one, key in sorted(waiting, key=lambda pair: (pair[0].due or latest, pair[1])):
        until = one.due.strftime("until %Y-%m-%d %H:%M:%SZ") if one.due else "without a time: unreadable embargo or status"
        click.echo(f"{key}  version {one.order.version}  {until}")
    click.echo(f"{len(waiting)} held", err=True)
