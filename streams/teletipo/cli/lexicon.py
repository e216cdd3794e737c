"""`teletipo lexicon`: check the event lexicons and look words up in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from teletipo import languages

if TYPE_CHECKING:
    from teletipo.enrich.events.entry import Entry


@click.group()
def lexicon() -> None:
    """Check the event lexicons."""


def _chosen(language: str | None) -> tuple[str, ...]:
    return (language,) if language else languages.available()


LANGUAGE = click.option("--language", "-l", type=click.Choice(languages.available()), help="Only this language.")


@lexicon.command()
@LANGUAGE
@click.option("--examples", is_flag=True, help="Code every example as well and compare.")
@click.option("--only", help="With --examples: only entries of this file or word.")
@click.option("--model", help="A spaCy package or path instead of the shipped pipeline.")
def check(language: str | None, examples: bool, only: str | None, model: str | None) -> None:
    """Say what is wrong with each entry, one line each. Exit status 1 if anything is."""
    from teletipo.enrich.events.lexicon import load_lexicon, read_entries

    wrong = 0
    for code in _chosen(language):
        entries, faults = read_entries(code)
        for fault in faults:
            click.echo(fault)
        wrong += len(faults)
        if not faults:
            load_lexicon(code)
            if examples:
                wrong += _run_examples(code, entries, only, model)
        verbs = {" ".join(v) for e in entries for v in e.verbs}
        nouns = {" ".join(n) for e in entries for n in e.nouns}
        bare = [e.name for e in entries if not e.examples]
        click.echo(
            f"{code}: {len(entries)} entries, {len(verbs)} verbs, {len(nouns)} nouns, "
            f"{sum(len(e.examples) for e in entries)} examples, {len(bare)} entries without one, {len(faults)} faults"
        )
    if wrong:
        raise click.exceptions.Exit(1)


def _run_examples(code: str, entries: list[Entry], only: str | None, model: str | None) -> int:
    from teletipo.enrich.events.examples import run

    chosen = [e for e in entries if not only or only in e.name or (only,) in (*e.verbs, *e.nouns)]
    total = right = 0
    for outcome in run(code, chosen, model):
        total += 1
        if outcome.difference:
            click.echo(f"{outcome.entry.name}: {outcome.example.text}\n    {outcome.difference}")
        else:
            right += 1
    click.echo(f"{code}: {right} of {total} examples as expected")
    return total - right


@lexicon.command()
@click.argument("word")
@LANGUAGE
def find(word: str, language: str | None) -> None:
    """Show the entries of a word."""
    from teletipo.enrich.events.lexicon import load_lexicon
    from teletipo.errors import LexiconError

    found = 0
    for code in _chosen(language):
        for entry in load_lexicon(code).entries:
            if any(word in phrase or " ".join(phrase) == word for phrase in (*entry.verbs, *entry.nouns)):
                coding = f"{entry.type}{'/' + entry.mode if entry.mode else ''} {entry.cameo}" if entry.type else "no event"
                needs = ", ".join(entry.require)
                click.echo(f"{entry.name}: {coding}, pattern {entry.pattern}{f', needs {needs}' if needs else ''}")
                found += 1
    if not found:
        raise LexiconError(f"lexicon: no entry for {word!r}; docs/events.md says how to add one")
