"""Keeps a PostgreSQL table of the events that stand: `python postgres.py postgresql://user@host/database`.

Needs `pip install psycopg[binary]`. The table is made if it is missing.
"""

from __future__ import annotations

import sys
from typing import Any

import psycopg
from teletipo.records import Event, dumps
from teletipo.subscribe import events

TABLE = """
CREATE TABLE IF NOT EXISTS events (
    id text PRIMARY KEY, revision integer NOT NULL, article_id text NOT NULL, type text NOT NULL, cameo text NOT NULL,
    day date, confidence real NOT NULL, record jsonb NOT NULL
)
"""
UPSERT = """
INSERT INTO events VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (id) DO UPDATE SET (revision, article_id, type, cameo, day, confidence, record) =
    (EXCLUDED.revision, EXCLUDED.article_id, EXCLUDED.type, EXCLUDED.cameo, EXCLUDED.day, EXCLUDED.confidence, EXCLUDED.record)
WHERE events.revision < EXCLUDED.revision
"""
DELETE = "DELETE FROM events WHERE id = %s AND revision <= %s"


def apply(database: psycopg.Connection[Any], event: Event, gone: bool) -> None:
    """Bring the table in step with one change; applying a change twice, or an old one late, changes nothing."""
    with database.transaction():
        if gone:
            database.execute(DELETE, (event.id, event.revision))
            return
        day = event.date["from"] if event.date else None
        row = (event.id, event.revision, event.article_id, event.type, event.cameo, day, event.confidence, dumps(event).decode())
        database.execute(UPSERT, row)


def main(address: str, **options: Any) -> None:
    """Follow the events and keep the table; the position is committed after each change is in the table."""
    with psycopg.connect(address, autocommit=True) as database, events(group="postgres-example", **options) as changes:
        database.execute(TABLE)
        for change in changes:
            apply(database, change.record, change.gone)


if __name__ == "__main__":
    main(sys.argv[1])
