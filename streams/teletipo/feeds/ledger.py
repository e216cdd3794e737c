"""What a feeder has taken already, kept over restarts: the same bytes under another name are not taken twice."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from pathlib import Path


def digest(data: bytes) -> str:
    """The identity of a document: 128 bits of BLAKE2 of its bytes, in hexadecimal."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class Ledger:
    """A SQLite file with one row for each document taken or refused, and small notes of a feeder (ETags, positions)."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS taken (digest TEXT PRIMARY KEY, name TEXT, at REAL) WITHOUT ROWID")
        self._db.execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")

    def has(self, identity: str) -> bool:
        """True if a document of this digest was taken before."""
        return self._db.execute("SELECT 1 FROM taken WHERE digest = ?", (identity,)).fetchone() is not None

    def take(self, identity: str, name: str) -> None:
        """Remember a document; call it only when Kafka has acknowledged all its items."""
        self._db.execute("INSERT OR IGNORE INTO taken VALUES (?, ?, ?)", (identity, name, time.time()))

    def note(self, name: str) -> str | None:
        """A note of this feeder, or None."""
        row = self._db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_note(self, name: str, value: str | None) -> None:
        """Keep a note; None forgets it."""
        if value is None:
            self._db.execute("DELETE FROM notes WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Release the file."""
        self._db.close()
