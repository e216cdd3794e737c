"""`teletipo schemas`: write the contract's documents."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def schemas(folder: Path) -> None:
    """Write the JSON Schemas of all records and the AsyncAPI document into FOLDER."""
    from teletipo.records.schema import write

    for path in write(folder):
        click.echo(path)
