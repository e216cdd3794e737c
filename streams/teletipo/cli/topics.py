"""`teletipo topics`: the topics of the pipeline."""

from __future__ import annotations

import sys

import click


@click.group()
def topics() -> None:
    """Create, list and check the topics."""


@topics.command(name="create")
@click.option("--partitions", type=click.IntRange(1, 1000), help="How many, for life; default: TELETIPO_TOPIC_PARTITIONS or 12.")
def create_(partitions: int | None) -> None:
    """Make the topics that are missing. Right topics that exist already are a success."""
    from teletipo.broker.topics import create
    from teletipo.settings import load_settings

    made = create(load_settings(topic_partitions=partitions))
    for name in made:
        click.echo(f"created {name}")
    if not made:
        click.echo("all topics are there")


@topics.command(name="list")
def list_() -> None:
    """Show each topic: partitions, cleanup, who may read it."""
    from teletipo.broker.topics import INTERNAL, TOPICS, admin_client, describe
    from teletipo.settings import load_settings

    settings = load_settings()
    with admin_client(settings) as client:
        found = describe(client, settings)
    for topic in TOPICS:
        name = settings.topic_prefix + topic.name
        readers = "internal" if topic.name in INTERNAL else "subscribers"
        there = found.get(topic.name)
        shape = f"{there.partitions:4} partitions  {there.config['cleanup.policy']:15}" if there else f"{'missing':31}"
        click.echo(f"{name:30} {shape} {readers}")


@topics.command(name="check")
def check_() -> None:
    """Compare the topics with their definition. Exit status 1 if a value differs, 2 if a topic is missing or unusable."""
    from teletipo.broker.topics import check, differences
    from teletipo.settings import load_settings

    lines = differences(check(load_settings()))
    for line in lines:
        click.echo(line)
    if lines:
        sys.exit(1)
    click.echo("all topics are as defined")
