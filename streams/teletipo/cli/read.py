"""`teletipo read`: wire files of any format in, news.raw records out."""

from __future__ import annotations

import sys

import click


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str, allow_dash=True))
@click.option("--provider", help="Who delivers, where the document does not say it.")
def read(files: tuple[str, ...], provider: str | None) -> None:
    """Read wire FILES (- is standard input) and print one news.raw record a line, in document order.

    The format is decided by content. A file that cannot be read gives one line on standard error and exit status 1; its
    neighbours are read all the same.
    """
    from teletipo import wires
    from teletipo.errors import UnreadableWire
    from teletipo.records import dumps
    from teletipo.settings import load_settings

    settings = load_settings()
    refused = False
    for name in files:
        try:
            data = sys.stdin.buffer.read() if name == "-" else _bytes_of(name)
            reading = wires.read(data, name=name, provider=provider, settings=settings)
        except UnreadableWire as fault:
            refused = True
            click.echo(f"{name}: {fault}", err=True)
            continue
        for item in reading.items:
            sys.stdout.buffer.write(dumps(item) + b"\n")
        for loss in reading.losses:
            click.echo(f"{name}: lost: {loss}", err=True)
    sys.stdout.buffer.flush()
    if refused:
        raise click.exceptions.Exit(1)


def _bytes_of(name: str) -> bytes:
    from teletipo.errors import UnreadableWire

    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        raise UnreadableWire(f"cannot be opened: {error.strerror or error}") from None
