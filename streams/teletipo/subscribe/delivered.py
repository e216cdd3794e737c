"""What a subscriber has been given, so that it can be told when a record no longer matches its filter."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class Delivered:
    """A set of record ids in a SQLite file, or in memory without a path (then it is forgotten with the process)."""

    def __init__(self, path: Path | None = None) -> None:
        # One thread at a time uses a subscription, but it need not be the one that made it.
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS delivered (id TEXT PRIMARY KEY) WITHOUT ROWID")

    def __contains__(self, record_id: str) -> bool:
        return self._db.execute("SELECT 1 FROM delivered WHERE id = ?", (record_id,)).fetchone() is not None

    def add(self, record_id: str) -> None:
        """Remember that the subscriber has this record."""
        self._db.execute("INSERT OR IGNORE INTO delivered VALUES (?)", (record_id,))

    def discard(self, record_id: str) -> None:
        """Forget a record that the subscriber was told is gone."""
        self._db.execute("DELETE FROM delivered WHERE id = ?", (record_id,))

    def close(self) -> None:
        """Release the file."""
        self._db.close()
