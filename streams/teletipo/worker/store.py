"""The worker's copy of `news.state` and `news.held` on disk: what it reads at each decision, and what spares it a full re-read.

The topics are the truth. The copy notes the offset of each that it reflects, so that opening a partition reads only what was
written since; it is never ahead of the topics, because it is written after the transaction has been committed.
"""

from __future__ import annotations

import fcntl
import re
import shutil
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from rocksdict import Options, Rdict, WriteBatch

from teletipo.broker.paths import state_folder
from teletipo.broker.topics import HELD, STATE
from teletipo.settings import Settings

_KINDS = {STATE: b"s", HELD: b"h"}
_OFFSET = b"o"
_WORKERS = 64


def claim_folder(settings: Settings, cluster: str) -> tuple[Path, IO[str]]:
    """A cache folder that no other worker on this machine uses, and the open file that keeps it ours while we live.

    `cluster` names the topics' incarnation: state of topics that were deleted and made again is never believed.
    """
    base = state_folder(settings) / "worker"
    base.mkdir(parents=True, exist_ok=True)
    for number in range(_WORKERS):
        lock = (base / f"{settings.topic_prefix}{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        folder = base / f"{settings.topic_prefix}{number}-{cluster}"
        for old in base.glob(f"{settings.topic_prefix}{number}-*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
        return folder, lock
    raise RuntimeError(f"{base}: {_WORKERS} workers already run here")


def forget_folders(settings: Settings) -> None:
    """Remove what workers of this prefix kept here; only after they and their topics are gone for good."""
    prefix = settings.topic_prefix
    for path in (state_folder(settings) / "worker").glob(f"{prefix}*"):
        if re.match(r"\d+[.-]", path.name.removeprefix(prefix)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


class Store:
    """Key-value store of the partitions this worker has owned. Keys and values are the topics' own bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        options = Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_write_buffer_size(8 * 2**20)
        options.set_max_write_buffer_number(2)
        options.set_keep_log_file_num(2)
        options.set_max_open_files(64)
        try:
            self._db = Rdict(str(folder), options)
        except Exception:
            # A copy that cannot be opened is worth nothing: the topics have it all. RocksDB's errors are bare exceptions here.
            shutil.rmtree(folder, ignore_errors=True)
            self._db = Rdict(str(folder), options)

    def get(self, topic: str, partition: int, key: bytes) -> bytes | None:
        """The value of a key of `news.state` or `news.held`, or None."""
        value = self._db.get(_key(_KINDS[topic], partition, key))
        return None if value is None else bytes(value)

    def keys(self, topic: str, partition: int) -> Iterator[bytes]:
        """All keys of a topic's partition."""
        for key, _ in self.items(topic, partition):
            yield key

    def items(self, topic: str, partition: int, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """All keys and values of a topic's partition from the key `start` on, in the order of the keys."""
        prefix = _key(_KINDS[topic], partition, b"")
        cursor = self._db.iter()
        cursor.seek(prefix + start)
        while cursor.valid():
            key = bytes(cursor.key())
            if not key.startswith(prefix):
                return
            yield key[len(prefix) :], bytes(cursor.value())
            cursor.next()

    def offset(self, topic: str, partition: int) -> int:
        """The next offset of the topic's partition that this copy does not reflect yet."""
        value = self._db.get(_key(_OFFSET, partition, _KINDS[topic]))
        return struct.unpack(">q", bytes(value))[0] if value is not None else 0

    def apply(self, topic: str, partition: int, values: Mapping[bytes, bytes | None], offset: int) -> None:
        """Write values (None deletes) together with the offset they bring the copy to."""
        batch = WriteBatch(raw_mode=True)
        kind = _KINDS[topic]
        for key, value in values.items():
            if value is None:
                batch.delete(_key(kind, partition, key))
            else:
                batch.put(_key(kind, partition, key), value)
        batch.put(_key(_OFFSET, partition, kind), struct.pack(">q", offset))
        self._db.write(batch)

    def forget(self, topic: str, partition: int) -> None:
        """Drop the copy of a topic's partition: it does not belong to the topic as it is now."""
        for key in list(self.keys(topic, partition)):
            self._db.delete(_key(_KINDS[topic], partition, key))
        self._db.delete(_key(_OFFSET, partition, _KINDS[topic]))

    def close(self) -> None:
        """Flush and close; a worker that is killed instead loses nothing that the topics do not have."""
        self._db.close()


def _key(kind: bytes, partition: int, key: bytes) -> bytes:
    return kind + struct.pack(">H", partition) + key
