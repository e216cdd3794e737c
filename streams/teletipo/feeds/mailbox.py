"""Wires by mail: one RFC 822 message on standard input (from a mail server's pipe), or a maildir."""

from __future__ import annotations

import mailbox
from collections.abc import Callable
from pathlib import Path

from teletipo.errors import InputError, UnreadableWire, UserError
from teletipo.feeds.files import Overrides
from teletipo.feeds.ledger import Ledger, digest
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings
from teletipo.wires import read


def send_message(data: bytes, name: str, sender: Sender, settings: Settings, overrides: Overrides) -> int:
    """Send what one message holds and wait for the acknowledgement; returns the number of items. Raises InputError."""
    reading = read(data, name=name, provider=overrides.provider, settings=settings)
    items = [overrides.apply(item) for item in reading.items]
    if any(item.provider in ("", "unknown") for item in items):
        raise UnreadableWire("names no provider; say which with --provider")
    for item in items:
        sender.send(item)
    sender.flush()
    return len(items)


def sweep_maildir(
    folder: Path, sender: Sender, ledger: Ledger, settings: Settings, overrides: Overrides, say: Callable[[str], None]
) -> None:
    """Take the new messages of a maildir; taken ones become seen, refused ones flagged. Raises UserError if it is none."""
    if not (folder / "new").is_dir():
        raise UserError(f"{folder}: no maildir (it has no folder `new`)")
    box = mailbox.Maildir(folder, create=False)
    for key in sorted(box.keys()):
        message = box.get_message(key)
        if message.get_subdir() != "new":
            continue
        data = box.get_bytes(key)
        try:
            if not ledger.has(digest(data)):
                count = send_message(data, key, sender, settings, overrides)
                ledger.take(digest(data), key)
                say(f"{key}: {count} items")
            message.set_flags("S")
        except InputError as error:
            message.set_flags("SF")
            say(f"{key}: refused: {error}")
        message.set_subdir("cur")
        box[key] = message
