"""`teletipo kill`: an editor's own kill."""

from __future__ import annotations

import contextlib
import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from teletipo.errors import UserError

if TYPE_CHECKING:
    from teletipo.records import RawItem
    from teletipo.settings import Settings


@click.command()
@click.argument("key")
@click.option("--reason", required=True, help="Why; goes into the retraction's ed_note, which subscribers see.")
@click.option("--provider", help="The item's provider, where KEY has several colons and the item is gone from the topics.")
@click.option("--version", type=click.IntRange(0), help="Kill up to this version only; default: every version so far.")
@click.option("--force", is_flag=True, help="Also if nothing is known of the item: a later original will be suppressed.")
def kill(key: str, reason: str, provider: str | None, version: int | None, force: bool) -> None:
    """Retract the item KEY (provider:item_id) with all its events, on an editor's order.

    It takes the way of every kill: news.raw, the worker, the retraction. The history names it as an editor's.
    """
    from teletipo.broker.reading import read_topic
    from teletipo.broker.topics import HISTORY
    from teletipo.records import Origin, RawItem
    from teletipo.settings import load_settings
    from teletipo.worker.outgoing import EDITOR

    settings = load_settings()
    if ":" not in key:
        raise UserError(f"{key}: no item key; it is provider:item_id")
    known = any(True for _ in read_topic(settings, HISTORY, key=key))
    if not known and not force:
        raise UserError(f"{key}: nothing is known of it; `--force` kills it before it comes")
    name, item_id = _parts(key, provider or (_provider(settings, key) if key.count(":") > 1 else None))
    now = datetime.now(UTC)
    item = RawItem(
        provider=name,
        item_id=item_id,
        version=version,
        status="canceled",
        updated_at=now,
        ed_note=reason,
        origin=Origin(EDITOR, None, f"killed by {_user()}"),
    )
    _send(settings, item)
    click.echo(f"{key}: kill sent; `teletipo history {key}` shows what became of it", err=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "an editor"


def _provider(settings: Settings, key: str) -> str | None:
    """The provider of an item that was shown, or came within the days that `news.raw` keeps."""
    import orjson

    from teletipo.broker.reading import read_topic
    from teletipo.broker.topics import ARTICLES, RAW

    for topic in (ARTICLES, RAW):
        for message in read_topic(settings, topic, key=key):
            with contextlib.suppress(ValueError, TypeError, KeyError):
                return str(orjson.loads(message.value)["provider"])
    return None


def _parts(key: str, provider: str | None) -> tuple[str, str]:
    """Provider and item id of a key. Both may hold a colon, so a key with several needs the provider said."""
    if provider is not None:
        item_id = key.removeprefix(f"{provider}:")
        if f"{provider}:{item_id}" != key or not item_id:
            raise UserError(f"--provider {provider}: {key} is no key of it")
        return provider, item_id
    name, colon, item_id = key.partition(":")
    if not colon or not name or not item_id:
        raise UserError(f"{key}: no item key; it is provider:item_id")
    if ":" in item_id:
        raise UserError(f"{key}: has several colons; say which part is the provider with --provider")
    return name, item_id


def _send(settings: Settings, item: RawItem) -> None:
    from teletipo.feeds.sender import Sender

    with Sender(settings) as sender:
        sender.send(item)
