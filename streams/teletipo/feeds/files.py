"""Files of any wire format, news.raw records or plain text, read into items."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from teletipo.errors import InputError, NoWire, OversizedDocument, SettingsError
from teletipo.feeds.mastheads import is_masthead
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.refusals import Refusals
from teletipo.feeds.sender import Sender
from teletipo.records import Origin, RawItem
from teletipo.settings import Settings
from teletipo.wires import read
from teletipo.wires.charset import decode

MAX_BYTES = 64 * 1024 * 1024
"""A file larger than this is refused unread; the largest genuine wire file that we know has 0.5 MB."""


@dataclass(slots=True)
class FileItems:
    """What one file gave: items in document order, and a line for everything in it that was lost."""

    items: list[RawItem]
    losses: list[str]


def expand(paths: list[str]) -> Iterator[Path | None]:
    """All files of the given paths, folders walked in order of name; None stands for standard input (`-`)."""
    for given in paths:
        if given == "-":
            yield None
            continue
        path = Path(given)
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        else:
            yield path


class FilesFeeder:
    """Sends the items of files. `say` gets a line for each file that is refused and each item that is lost."""

    def __init__(
        self, sender: Sender, refusals: Refusals, overrides: Overrides, settings: Settings, say: Callable[[str], None]
    ) -> None:
        self._sender, self._refusals, self._overrides = sender, refusals, overrides
        self._settings, self._say = settings, say
        self.refused = 0
        self._named: str | None = None
        self.is_waiting = False
        """True while standard input is being read: nothing of it is in hand yet."""

    def send(self, path: Path | None, stdin: BinaryIO) -> None:
        """Queue the items of one file, or of standard input for None; what is refused is said and kept as a dead letter."""
        name = "-" if path is None else str(path)
        data = b""
        try:
            self.is_waiting = path is None
            data = file_bytes(path, stdin)
            self.is_waiting = False
            found = read_items(data, path, self._overrides, self._settings)
            self._check_identity(found.items, name)
            for item in found.items:
                self._sender.send(item)
            for loss in found.losses:
                self._say(f"{name}: {loss}")
            self._refusals.lost(data, found.losses, _source(path), self._overrides.provider)
        except (InputError, SettingsError) as error:
            self.refused += 1
            self._say(f"{name}: {error}")
            self._refusals.keep(data, error, _source(path), self._overrides.provider)
        except OSError as error:
            # Nothing was read, so there is nothing to keep: the file is not there, or not ours to read.
            self.refused += 1
            self._say(f"{name}: {error.strerror or error}")

    def _check_identity(self, items: list[RawItem], name: str) -> None:
        """Two items of one id would be versions of each other. Raises SettingsError."""
        if self._overrides.item_id is None:
            if not all(item.item_id for item in items):
                raise SettingsError("plain text without a name; say which item it is with --item-id")
            return
        if len(items) > 1:
            raise SettingsError(f"--item-id, but the input has {len(items)} items")
        if self._named is not None:
            raise SettingsError(f"--item-id names one item, and {self._named} was sent as that")
        self._named = name


def _source(path: Path | None) -> str:
    return "standard input" if path is None else str(path.absolute())


def file_bytes(path: Path | None, stdin: BinaryIO) -> bytes:
    """The bytes of a file, or of standard input for None. Raises OSError, and OversizedDocument over MAX_BYTES."""
    if path is None:
        return whole(stdin, None)
    with path.open("rb") as file:
        return whole(file, path.stat().st_size)


def whole(file: BinaryIO, size: int | None) -> bytes:
    """What a file of this size (None where nobody knows) holds. Raises OversizedDocument over MAX_BYTES, reading no more."""
    if size is not None and size > MAX_BYTES:
        raise OversizedDocument(f"{size} bytes; at most {MAX_BYTES}", file.read(OversizedDocument.HEAD), size)
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OversizedDocument(f"more than {MAX_BYTES} bytes", data, len(data))
    return data


def read_items(data: bytes, path: Path | None, overrides: Overrides, settings: Settings) -> FileItems:
    """The items of a document; `path` is None for standard input.

    Raises UnreadableWire, also where nothing names the provider.
    """
    name = "-" if path is None else str(path)
    try:
        reading = read(data, name=name, provider=overrides.provider, settings=settings)
        items, losses = reading.items, reading.losses
        if reading.format == "text" and path is not None:
            items = [replace(item, item_id=path.stem) if _is_plain(item) else item for item in items]
    except NoWire:
        plain = plain_text(data, path.stem if path else None, is_meant=overrides.provider is not None)
        if plain is None:
            raise
        items, losses = [plain], []
    return FileItems(overrides.apply(items), losses)


def _is_plain(item: RawItem) -> bool:
    return item.origin is not None and item.origin.profile is None


def plain_text(data: bytes, stem: str | None, is_meant: bool) -> RawItem | None:
    """An article as plain text: paragraphs in lines, the headline the first line, or the second under a standfirst.

    A standfirst is a first line that ends like a sentence, followed by a shorter line that does not. None if it is no text. Where
    somebody says who delivers (`is_meant`) a short text or one without a headline is one, too. What a page copied from the web
    begins with, the paper's name or the way to the page ("Diario Alba", "Inicio > Política"), is left out.
    """
    lines = [line.strip() for line in decode(data).splitlines() if line.strip()]
    if not lines or lines[0][0] in "<{[%" or any(ord(char) < 9 for line in lines for char in line):
        return None
    if not any(char.isalpha() for line in lines for char in line):
        return None
    if not is_meant and (len(lines) < 2 or sum(map(len, lines)) < 80):
        return None
    while len(lines) > 3 and is_masthead(lines[0]):
        lines = lines[1:]
    headline, subheadline, body = None, None, lines
    if _is_sentence(lines[0]) and len(lines) > 2 and not _is_sentence(lines[1]) and len(lines[1]) < 200:
        subheadline, headline, body = lines[0], lines[1], lines[2:]
    elif not _is_sentence(lines[0]) and len(lines[0]) < 200 and len(lines) > 1:
        headline, body = lines[0], lines[1:]
    elif not is_meant:
        return None
    return RawItem(
        provider="unknown",
        item_id=stem or "",
        version=0,
        headline=headline,
        subheadline=subheadline,
        body="\n".join(body),
        origin=Origin("text"),
    )


def _is_sentence(line: str) -> bool:
    return line.rstrip("\"'”»)").endswith((".", "…", "!", "?"))
