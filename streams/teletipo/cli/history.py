"""`teletipo history`: every version of an item and what was decided of it."""

from __future__ import annotations

import sys

import click


@click.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
def history(key: str, as_json: bool) -> None:
    """Show every version of the item KEY (provider:item_id) that was seen, what was decided, why and when.

    First the time of the decision, then the version and its own time as the wire gives it.

    Exit status 1 if nothing is known of it.
    """
    import orjson

    from teletipo.broker.reading import read_topic
    from teletipo.broker.topics import HISTORY
    from teletipo.settings import load_settings

    entries = [orjson.loads(message.value) for message in read_topic(load_settings(), HISTORY, key=key)]
    if not entries:
        click.echo(f"{key}: nothing is known of it (the history keeps 90 days; a key is provider:item_id)", err=True)
        sys.exit(1)
    for entry in entries:
        if as_json:
            click.echo(orjson.dumps(entry))
            continue
        version = "-" if entry["version"] is None else entry["version"]
        revision = f"revision {entry['revision']}" if entry["revision"] else ""
        sign = "!" if entry["warning"] else " "
        decided = entry["decided_at"][:19].replace("T", " ")
        by = f" ({entry['by']})" if entry.get("by") else ""
        own = f"of {entry['time'][:16].replace('T', ' ')}" if entry["time"] else ""
        click.echo(
            f"{decided} {sign} version {version!s:>4} {own:19}  {entry['decision']:14} {revision:12} {entry['reason']}{by}"
        )
