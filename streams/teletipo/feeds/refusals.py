"""What a feeder refuses goes, whole, to the dead-letter topic: `teletipo deadletter list` shows what, where it is and why.

Such a letter has no key and was never in `news.raw` (`error.partition` and `error.offset` are -1). Beside the contract's
headers it says `error.feeder` (which command refused it), `error.source` (file, address or Message-ID), `error.provider`,
`error.size` in bytes, `error.digest` (BLAKE2b-128, hexadecimal) where the whole was read, and `error.part_of` (the key of an
item) where it was an item's page or rendition. A document over the size of a record is kept as its first 64 KiB, and says so.
To replay such a letter is to read the document again.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass

from teletipo.errors import OversizedDocument, TeletipoError, UnreadableWire
from teletipo.feeds.ledger import Ledger, digest
from teletipo.feeds.overrides import with_provider
from teletipo.feeds.sender import TIMEOUT_SECONDS, Sender
from teletipo.kafka_settings import MAX_RECORD
from teletipo.settings import Settings
from teletipo.subscribe.deadletters import LETTER, DeadLetter
from teletipo.wires import read

_MESSAGE_BYTES = 1000
_PASSWORD = re.compile(r"(?<=://)[^/@\s]*@")
_REMEMBERED = 10_000


@dataclass(slots=True, frozen=True)
class Said:
    """What a letter says of its document, each as a header `error.NAME`."""

    type: str
    stage: str
    message: str
    source: str
    provider: str
    digest: str
    part_of: str = ""


class Refusals:
    """Sends the documents that one feeder refuses to `news.deadletter`, each once for the same reason.

    `feeder` is the command, e.g. `feed poll`. With a ledger "once" holds over restarts, without one for the last 10,000.
    Raises BrokerUnavailable if Kafka does not take a letter within `patience` seconds: the document counts as not seen then.
    """

    def __init__(self, sender: Sender, feeder: str, ledger: Ledger | None = None, patience: float = TIMEOUT_SECONDS) -> None:
        self._sender, self._feeder, self._ledger, self._patience = sender, feeder, ledger, patience
        self._told: OrderedDict[str, None] = OrderedDict()

    def keep(
        self, document: bytes, error: TeletipoError, source: str, provider: str | None = None, part_of: str | None = None
    ) -> None:
        """A document and why it was refused; of an OversizedDocument its head. `part_of`: key of the item whose text it was."""
        self._sender.report.refuse(provider or "unknown")
        size, whole = len(document), digest(document)
        if isinstance(error, OversizedDocument):
            document, size, whole = error.head, error.size, ""
        stage = getattr(error, "stage", UnreadableWire.stage)
        said = Said(type(error).__name__, stage, str(error), source, provider or "", whole, part_of or "")
        self._letter(document, said, digest(f"{source}\n{error}\n{whole or size}".encode()), size)

    def lost(self, document: bytes, losses: list[str], source: str, provider: str | None = None) -> None:
        """A document of which some items could not be read; the others were sent."""
        if losses:
            self._sender.report.refuse(provider or "unknown", len(losses))
            message = f"{len(losses)} of its items lost: {'; '.join(losses)}"
            said = Said("UnreadableWire", UnreadableWire.stage, message, source, provider or "", digest(document))
            # Without the digest: a feed that changes every minute around the same broken entry makes one letter.
            self._letter(document, said, digest(f"{source}\n{message}".encode()), len(document))

    def _letter(self, document: bytes, said: Said, mark: str, size: int) -> None:
        if self._is_told(mark):
            return
        kept = document if len(document) == size <= MAX_RECORD else document[: OversizedDocument.HEAD]
        values = {
            **asdict(said), "feeder": self._feeder, "size": str(size),
            "topic": self._sender.topic, "partition": "-1", "offset": "-1", "attempts": "1",
        }  # fmt: skip
        values["source"] = _PASSWORD.sub("", said.source)
        values["message"] = _PASSWORD.sub("", said.message)
        if len(kept) < size:
            values["message"] += f" (kept here: its first {len(kept)} bytes)"
        headers = [(f"error.{name}", text.encode("utf-8", "replace")[:_MESSAGE_BYTES]) for name, text in values.items()]
        self._sender.dead_letter(kept, headers, self._patience)
        self._tell(mark)

    def _is_told(self, mark: str) -> bool:
        return mark in self._told if self._ledger is None else self._ledger.note(f"letter {mark}") is not None

    def _tell(self, mark: str) -> None:
        if self._ledger is not None:
            self._ledger.set_note(f"letter {mark}", "")
            return
        self._told[mark] = None
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)


def send_again(
    letter: DeadLetter, sender: Sender, settings: Settings, begin: Callable[[list[DeadLetter]], None], sent: set[bytes | None]
) -> int:
    """Read a refused document again, as today's readers and profiles do, and send its items; returns how many it holds.

    `begin` notes that its items are about to be sent; those in `sent` were sent by a replay that was cut off.
    Raises InputError with the reason if it is refused still, wholly or in part; what can be read of it has been sent then.
    """
    document = letter.value or b""
    if letter.error("part_of"):
        raise UnreadableWire(
            f"the text of {letter.error('part_of')}, which went without it; it comes with the entry's next change"
        )
    if len(document) < int(letter.error("size") or 0):
        raise UnreadableWire(f"only its first {len(document)} bytes are here; feed it from {letter.error('source')}")
    provider = letter.error("provider") or None
    reading = read(document, name=letter.error("source"), provider=provider, settings=settings)
    advice = f"`teletipo deadletter show {letter.id} | teletipo feed files --provider NAME -`"
    items = with_provider(reading.items, advice)
    new = [item for item in items if sender.encoded(item) not in sent]
    if new:
        begin([letter])
    for item in new:
        sender.send(item, [(LETTER, letter.id.encode())])
    sender.flush()
    if reading.losses:
        raise UnreadableWire("; ".join(reading.losses))
    return len(reading.items)
