"""A folder that an agency or its transfer program writes wire files into: local, or anything that fsspec reaches.

A file is complete when its size and time have stood still for `settle` seconds and its name is not one of a transfer in
progress (`.name`, `name.tmp`, `name.part`, `name.filepart`). It is remembered by its bytes only after Kafka has acknowledged
every item in it, so a crash costs repeats, never items.
"""

from __future__ import annotations

import ftplib
import posixpath
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import Any

import fsspec

from teletipo.errors import InputError, OversizedDocument, SettingsError, TeletipoError, UserError
from teletipo.feeds.files import MAX_BYTES
from teletipo.feeds.ledger import Ledger, digest
from teletipo.feeds.overrides import Overrides
from teletipo.feeds.refusals import Refusals
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings
from teletipo.wires import read

MAX_BACKOFF = 300.0
"""Seconds between attempts to reach a folder whose server is away."""
_UNFINISHED = (".tmp", ".part", ".filepart", ".partial", ".crdownload", ".swp")


class FolderLost(UserError):
    """A folder cannot be reached any more; it is worth another try if it is on another machine."""


@dataclass(slots=True)
class Place:
    """A folder on a file system: `file` for local paths, else what the URL's scheme names (s3, sftp, ftp …)."""

    fs: Any
    path: str
    url: str
    known_hosts: Path | None = None

    @classmethod
    def of(cls, url: str, known_hosts: Path | None = None) -> Place:
        """Open a path or URL. Raises UserError if the scheme is unknown or the folder cannot be reached; shows no password.

        The key of an sftp server must stand in `known_hosts` (~/.ssh/known_hosts if that is not given).
        """
        place = cls(None, "", url, known_hosts)
        place.open()
        return place

    @property
    def shown(self) -> str:
        """The address without user and password."""
        return re.sub(r"(?<=//)[^/@]*@", "", self.url)

    def shown_file(self, path: str) -> str:
        """The address of a file of this file system, as it is shown: with scheme and host, without user and password."""
        base = "" if self.is_local else self.shown.rstrip("/").removesuffix(self.path.rstrip("/"))
        return base + path

    def open(self) -> None:
        """Connect, or connect anew."""
        options: dict[str, Any] = {"skip_instance_cache": True} if "://" in self.url else {}
        if self.url.startswith(("sftp://", "ssh://")):
            from teletipo.feeds.host_keys import only_known

            options["host_key_policy"] = only_known(self.known_hosts)
        try:
            self.fs, self.path = fsspec.core.url_to_fs(self.url, **options)
            there = self.fs.isdir(self.path)
        except Exception as error:
            # Each file system of fsspec raises what its own library raises; whatever it is, the person must set it right.
            raise FolderLost(f"{self.shown}: cannot be opened ({self.reason(error)})") from None
        if not there:
            raise FolderLost(f"{self.shown}: no such folder")

    def reason(self, error: Exception) -> str:
        """What an exception of a file system says, on one line and without a password."""
        return " ".join(str(error).replace(self.url, self.shown).split()) or type(error).__name__

    @property
    def is_local(self) -> bool:
        """True for a folder of this machine, which is watched instead of polled."""
        return "file" in (self.fs.protocol if isinstance(self.fs.protocol, tuple) else (self.fs.protocol,))

    def files(self) -> Iterator[tuple[str, int, Any]]:
        """Path, size and time of each finished-looking file directly in the folder, in order of name."""
        self.fs.invalidate_cache(self.path)
        for entry in sorted(self.fs.ls(self.path, detail=True), key=lambda one: one["name"]):
            name = posixpath.basename(entry["name"])
            if entry["type"] == "file" and not name.startswith(".") and not name.lower().endswith(_UNFINISHED):
                yield entry["name"], entry["size"] or 0, entry.get("mtime") or entry.get("LastModified") or entry.get("modify")


class FolderFeeder:
    """Takes complete files of one folder, sends their items, and moves, deletes or leaves them.

    Refused files go to `refused`, with the reason in `NAME.reason.txt` beside; without such a folder they stay and are
    remembered. `say` gets one line for each file.
    """

    def __init__(
        self,
        place: Place,
        sender: Sender,
        ledger: Ledger,
        settings: Settings,
        *,
        overrides: Overrides,
        done: str | None = None,
        refused: str | None = None,
        settle: float = 1.0,
        say: Callable[[str], None],
        stop: Flag | None = None,
    ) -> None:
        self._place, self._sender, self._ledger, self._settings = place, sender, ledger, settings
        self._refusals, self._stop = Refusals(sender, "feed dir", ledger), stop or Flag()
        self._overrides = overrides
        self._done, self._refused = (folder and place.fs._strip_protocol(folder) for folder in (done, refused))
        self._settle, self.say = settle, say
        self._seen: dict[str, tuple[int, Any, float]] = {}

    def sweep(self) -> int:
        """Take every file that is complete by now; returns how many still have to settle. Raises FolderLost."""
        try:
            return self._sweep()
        except TeletipoError:
            raise
        except Exception as error:
            # As in Place.open: the libraries below fsspec have no exception in common.
            raise FolderLost(f"{self._place.shown}: {self._place.reason(error)}") from None

    def _sweep(self) -> int:
        waiting = 0
        present = set()
        for path, size, changed in self._place.files():
            present.add(path)
            if self._stop.is_set():
                return 0
            known = self._seen.get(path)
            now = time.monotonic()
            if known is None or known[:2] != (size, changed):
                self._seen[path] = (size, changed, now)
                waiting += 1
            elif now - known[2] < self._settle:
                waiting += 1
            elif known[2] != float("-inf"):
                if self._take(path, size):
                    # Its name is free: another file of that name may have the same size and, where seconds count, time.
                    del self._seen[path]
                else:
                    self._seen[path] = (size, changed, float("-inf"))
        self._seen = {path: seen for path, seen in self._seen.items() if path in present}
        return waiting

    def _take(self, path: str, size: int) -> bool:
        """Send a file, or refuse it; whether it was moved away."""
        name = posixpath.basename(path)
        data = b""
        try:
            if size > MAX_BYTES:
                head = self._place.fs.cat_file(path, end=OversizedDocument.HEAD)
                raise OversizedDocument(f"{size} bytes; at most {MAX_BYTES}", head, size)
            data = self._place.fs.cat_file(path)
            identity = digest(data)
            if self._ledger.has(identity):
                self.say(f"{name}: taken before")
            else:
                self._send(path, name, data)
                self._ledger.take(identity, name)
        except FileNotFoundError:
            return True
        except (PermissionError, ftplib.error_perm) as error:
            self.say(f"{name}: cannot be taken: {self._place.reason(error)}")
            return False
        except (InputError, SettingsError) as error:
            return self._refuse(path, name, data, error)
        if self._done:
            self._place.fs.mv(path, self._target(self._done, name))
        return bool(self._done)

    def _send(self, path: str, name: str, data: bytes) -> None:
        reading = read(data, name=name, provider=self._overrides.provider, settings=self._settings)
        items = self._overrides.apply(reading.items)
        for item in items:
            self._sender.send(item)
        self._sender.flush()
        for loss in reading.losses:
            self.say(f"{name}: {loss}")
        self._refusals.lost(data, reading.losses, self._place.shown_file(path), self._overrides.provider)
        self.say(f"{name}: {len(items)} items")

    def _refuse(self, path: str, name: str, data: bytes, error: InputError | SettingsError) -> bool:
        self.say(f"{name}: refused: {error}")
        target = self._target(self._refused, name) if self._refused else None
        self._refusals.keep(data, error, self._place.shown_file(target or path), self._overrides.provider)
        if target:
            self._place.fs.mv(path, target)
            self._place.fs.pipe_file(target + ".reason.txt", f"{error}\n".encode())
        return bool(target)

    def _target(self, folder: str, name: str) -> str:
        """Where a file goes; one of the same name that lies there already stays, this one gets the time to its name."""
        if not self._place.fs.isdir(folder):
            self._place.fs.makedirs(folder, exist_ok=True)
        target = posixpath.join(folder, name)
        if self._place.fs.exists(target):
            target = posixpath.join(folder, f"{time.time_ns()}-{name}")
        return target


def run(feeder: FolderFeeder, place: Place, stop: Flag, interval: float) -> None:
    """Sweep until `stop` is set: a local folder when something in it changes, others every `interval` seconds."""
    if not place.is_local:
        _poll(feeder, place, stop, interval)
        return
    from watchfiles import watch

    waiting = feeder.sweep()
    # The timeout makes a quiet folder be looked at again: a file settles without a further notification.
    for _ in watch(place.path, stop_event=stop, rust_timeout=500, yield_on_timeout=True, recursive=False, raise_interrupt=False):
        waiting = feeder.sweep() if waiting or _ else waiting


def _poll(feeder: FolderFeeder, place: Place, stop: Flag, interval: float) -> None:
    """Look at a remote folder again and again. A server that goes away is waited for, with one line each time."""
    wait, is_lost = interval, False
    while not stop.is_set():
        waiting = 0
        try:
            if is_lost:
                place.open()
            waiting = feeder.sweep()
            wait, is_lost = interval, False
        except FolderLost as lost:
            wait, is_lost = max(interval, min(MAX_BACKOFF, max(wait * 2, 1.0))), True
            feeder.say(f"{lost}; tried again in {wait:.0f} s")
        stop.wait(min(interval, 1.0) if waiting else wait)
