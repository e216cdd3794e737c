"""Wires by mail: one RFC 822 message on standard input (from a mail server's pipe), or a maildir."""

from __future__ import annotations

import mailbox
from collections.abc import Callable
from email.parser import BytesHeaderParser
from pathlib import Path
from threading import Event as Flag

from teletipo.errors import InputError, OversizedDocument, UserError
from teletipo.feeds.files import MAX_BYTES
from teletipo.feeds.ledger import Ledger, digest
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.refusals import Refusals
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings
from teletipo.wires import read

_HEADER_BYTES = 64 * 1024


class MailFeeder:
    """Sends the items of messages and waits for their acknowledgement. `say` gets a line for each message."""

    def __init__(
        self,
        sender: Sender,
        refusals: Refusals,
        settings: Settings,
        overrides: Overrides,
        say: Callable[[str], None],
    ) -> None:
        self._sender, self._refusals, self._settings = sender, refusals, settings
        self._overrides, self._say = overrides, say

    def send(self, data: bytes, name: str) -> bool:
        """Send what one message holds, or say why not and keep it as a dead letter; False if it was refused."""
        try:
            if len(data) > MAX_BYTES:
                raise OversizedDocument(f"more than {MAX_BYTES} bytes", data, len(data))
            reading = read(data, name=name, provider=self._overrides.provider, settings=self._settings)
            items = self._overrides.apply(reading.items)
            for item in items:
                self._sender.send(item)
            self._sender.flush()
        except InputError as error:
            self._refusals.keep(data, error, _source(name, data), self._overrides.provider)
            self._say(f"{name}: refused: {error}")
            return False
        self._refusals.lost(data, reading.losses, _source(name, data), self._overrides.provider)
        for loss in reading.losses:
            self._say(f"{name}: {loss}")
        self._say(f"{name}: {len(items)} items")
        return True

    def sweep(self, folder: Path, ledger: Ledger, stop: Flag | None = None) -> None:
        """Take the new messages of a maildir, until `stop` is set; taken ones become seen, refused ones flagged.

        Raises UserError if it is none.
        """
        if not (folder / "new").is_dir():
            raise UserError(f"{folder}: no maildir (it has no folder `new`)")
        box = mailbox.Maildir(folder, create=False)
        for key in sorted(box.keys()):
            if stop is not None and stop.is_set():
                return
            message = box.get_message(key)
            if message.get_subdir() != "new":
                continue
            data = box.get_bytes(key)
            flags = "S"
            if not ledger.has(digest(data)):
                if self.send(data, key):
                    ledger.take(digest(data), key)
                else:
                    flags = "SF"
            message.set_flags(flags)
            message.set_subdir("cur")
            box[key] = message


def _source(name: str, data: bytes) -> str:
    """Where a message is: its name in the maildir, and its Message-ID, by which a mail server's log knows it."""
    identity = BytesHeaderParser().parsebytes(data[:_HEADER_BYTES]).get("Message-ID", "")
    return " ".join(["standard input" if name == "-" else name, *str(identity).split()])
