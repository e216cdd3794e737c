"""`teletipo read`: wire files of any format in, news.raw records out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from teletipo.wires.profiles import Profiles


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str, allow_dash=True))
@click.option("--provider", help="Who delivers, where the document does not say it.")
@click.option("--trace", "is_traced", is_flag=True, help="Show on standard error where in the document each value stood.")
def read(files: tuple[str, ...], provider: str | None, is_traced: bool) -> None:
    """Read wire FILES (- is standard input) and print one news.raw record a line, in document order.

    The format is decided by content. A file that cannot be read gives one line on standard error and exit status 1; its
    neighbours are read all the same.
    """
    from teletipo.errors import UnreadableWire
    from teletipo.settings import load_settings
    from teletipo.wires import profiles

    shelf = profiles.load(tuple(load_settings().wires_profiles))
    refused = False
    for name in files:
        try:
            _read_one(name, provider, shelf, is_traced)
        except UnreadableWire as fault:
            refused = True
            click.echo(f"{name}: {' '.join(str(fault).split())}", err=True)
    sys.stdout.buffer.flush()
    if refused:
        raise click.exceptions.Exit(1)


def _read_one(name: str, provider: str | None, shelf: Profiles, is_traced: bool) -> None:
    from teletipo import wires
    from teletipo.records import dumps
    from teletipo.wires.trace import Trace

    trace = Trace() if is_traced else None
    reading = wires.read(_bytes_of(name), name=name, provider=provider, profiles=shelf, trace=trace)
    for item in reading.items:
        sys.stdout.buffer.write(dumps(item) + b"\n")
    for loss in reading.losses:
        click.echo(f"{name}: lost: {loss}", err=True)
    if trace is not None:
        for number, (item, steps) in enumerate(zip(reading.items, trace.items, strict=False), start=1):
            click.echo(f"{name}: item {number}, {reading.format}, {item.key}", err=True)
            for step in steps:
                click.echo(f"  {step}", err=True)


def _bytes_of(name: str) -> bytes:
    from teletipo.errors import UnreadableWire
    from teletipo.wires.source import MAX_BYTES

    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with open(name, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableWire(f"cannot be opened: {error.strerror or error}") from None
