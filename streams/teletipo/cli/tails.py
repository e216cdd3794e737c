"""`teletipo tails`: learn what every article of a provider ends with, so that cleaning takes it out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

if TYPE_CHECKING:
    from teletipo.enrich.clean import Cleaner


@click.group()
def tails() -> None:
    """Learn and list what articles of a provider end with; TELETIPO_BOILERPLATE names the files that cleaning reads."""


@tails.command()
@click.argument("files", nargs=-1, type=click.File("rb"))
@click.option("--least-articles", type=click.IntRange(2), default=8, show_default=True, help="Different stories that end so.")
@click.option(
    "--least-share", type=click.FloatRange(0, 1), default=0.1, show_default=True, help="Part of the provider's articles."
)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The TOML file; default: standard output.")
def learn(files: tuple[BinaryIO, ...], least_articles: int, least_share: float, output: Path | None) -> None:
    """Read news.raw or news.articles records as JSON lines (standard input without a FILE); write the tails as TOML.

    From the topic: teletipo tail articles --from-beginning --idle 5 --format json | teletipo tails learn -o tails.toml.
    Exit status 1 if there was a line that could not be read.
    """
    from teletipo.enrich.clean import Cleaner
    from teletipo.enrich.tails import TailLearner, write_tails
    from teletipo.errors import InputError
    from teletipo.settings import load_settings

    learner, cleaner, faults = TailLearner(least_articles, least_share), Cleaner(load_settings(boilerplate=[])), 0
    for number, line in _lines(files or (click.get_binary_stream("stdin"),)):
        try:
            article = _article(line, cleaner)
        except InputError as error:
            faults += 1
            click.echo(f"teletipo: line {number}: {error}", err=True)
            continue
        if article is not None:
            learner.see(*article)
    found = learner.tails()
    text = "\n".join(write_tails(found)) + "\n"
    if output:
        output.write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)
    click.echo(f"teletipo: {len(found)} tails in {learner.articles} articles", err=True)
    if faults:
        raise click.exceptions.Exit(1)


@tails.command("list")
def list_() -> None:
    """Show the tails of TELETIPO_BOILERPLATE."""
    from teletipo.enrich.tails import read_tails
    from teletipo.settings import load_settings

    for tail in read_tails(load_settings().boilerplate):
        click.echo(f"{tail.provider:<20} {tail.articles:>6} of {tail.of:<6} {tail.paragraph}")


def _lines(files: tuple[BinaryIO, ...]) -> Iterator[tuple[int, bytes]]:
    number = 0
    for file in files:
        for line in file:
            number += 1
            if line.strip():
                yield number, line


def _article(line: bytes, cleaner: Cleaner) -> tuple[str, str, list[str]] | None:
    """Provider, id and the paragraphs of the cleaned body; None where there is no text to read."""
    from teletipo.enrich.model import Draft
    from teletipo.records import loads, parse_raw

    fields: Any = loads(line)
    record = fields.get("article", fields) if isinstance(fields, dict) else fields
    if isinstance(record, dict) and isinstance(record.get("text"), str):
        return _published(record)
    item = parse_raw(line).item
    if item.status != "usable":
        return None
    draft = Draft(item)
    cleaner([draft])
    return item.provider, item.item_id, draft.text[draft.body_start :].split("\n")


def _published(record: dict[str, Any]) -> tuple[str, str, list[str]] | None:
    """A news.articles record; tails that were cut off by an earlier file stand again where they stood."""
    from pydantic import TypeAdapter, ValidationError

    from teletipo.enrich.boilerplate import boilerplate
    from teletipo.errors import InvalidRecord
    from teletipo.records import Article

    try:
        article = TypeAdapter(Article).validate_python(record)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        raise InvalidRecord(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
    if not article.text or article.retracted:
        return None
    body = article.text.removeprefix(f"{article.headline}\n\n") if article.headline else article.text
    cut = [part.text for part in article.removed if part.kind == "tail" and part.at >= len(article.text)]
    again = [part for part in cut if boilerplate().kind(part) is None]
    return article.provider, article.item_id, [*body.split("\n"), *again]
