"""`teletipo demo`: everything at work on the seeds, in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("seeds", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--keep", is_flag=True, help="Leave Kafka, the topics and the worker running.")
def demo(seeds: Path | None, keep: bool) -> None:
    """Start Kafka, create topics, start a worker, feed SEEDS (the repository's seeds/), show what comes out, stop it all."""
    from teletipo.cli.display import Printer, article_line
    from teletipo.demo import Demo
    from teletipo.records import Article
    from teletipo.settings import load_settings

    printer = Printer("table")

    def show(record: Any) -> None:
        if isinstance(record, Article):
            click.secho(f"• {article_line(record)}", dim=True)
        else:
            printer.show(record)

    run = Demo(load_settings(), _say, show, lambda text: click.secho(f"· {text}", dim=True))
    tally = run.run(seeds or _seeds(), keep)
    click.echo(
        f"\n{tally.items} items in, {tally.refused} file refused; {tally.articles} articles, {tally.events} events\n"
        f"corrected: {tally.corrected} articles; "
        f"retracted: {tally.retracted_articles} articles, {tally.retracted_events} events\n"
        f"held {len(tally.ever_held)}, released {tally.decisions['released']}; repeats dropped {tally.decisions['repeat']}; "
        f"suppressed after a kill {tally.decisions['suppressed']}; dead letters {tally.dead_letters}\n"
        f"from sending an item to having its article: p50 {tally.percentile(0.5):.2f} s, p95 {tally.percentile(0.95):.2f} s"
    )
    if keep:
        _say(f"Kafka listens on {run.address}; worker pid {run.worker.pid if run.worker else 0}. What to type next:")
        click.echo(
            f"  export TELETIPO_KAFKA_BOOTSTRAP_SERVERS={run.address} TELETIPO_TOPIC_PREFIX={run.settings.topic_prefix}\n"
            "  teletipo feed files --provider me article.txt\n"
            "  teletipo tail events --from-beginning\n"
            "  teletipo deadletter list"
        )
    else:
        _say(f"Kafka listened on {run.address}; all that was started is stopped. What to type next:")
        click.echo("  teletipo demo --keep          leave it running, then feed your own file, tail, look at the dead letter")
        click.echo("  teletipo explain article.txt  what is coded in a text of yours, and why")


def _say(text: str) -> None:
    click.echo(text, err=True)


def _seeds() -> Path:
    """The seeds of the checkout that we run from."""
    for folder in (Path.cwd(), *Path(__file__).resolve().parents):
        if (folder / "seeds" / "wire-day").is_dir():
            return folder / "seeds"
    raise click.UsageError("no seeds/ here: run it in the repository, or name a folder of wire files")
