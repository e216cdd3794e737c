"""Read the shared wire samples and print, by format: files, items, fields found, refusals and speed in CPU time.

    python bench/wires.py [--seconds S] [FOLDER…]

The folder is $TELETIPO_SHARED/wires, else ../shared/wires beside the repository; FOLDER limits it to some of its folders.
A file whose format differs from the one that the samples' INDEX.tsv says is named, as is every refusal.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields
from pathlib import Path

from teletipo.errors import UnreadableWire
from teletipo.records.raw import RawItem
from teletipo.wires import read

_NOT_COUNTED = {"provider", "item_id", "body_format", "origin", "status"}


@dataclass
class Row:
    """What one format's files gave."""

    files: int = 0
    items: int = 0
    losses: int = 0
    refused: int = 0
    size: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    filled: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Print the table; 1 if the samples are not there."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=0.0, help="repeat each format's files for so long, for steady speeds")
    options.add_argument("folders", nargs="*")
    given = options.parse_args()
    root = Path(os.environ.get("TELETIPO_SHARED", Path(__file__).resolve().parents[1].parent / "shared")) / "wires"
    if not (root / "INDEX.tsv").is_file():
        print(f"no samples at {root}: set TELETIPO_SHARED to the folder that has wires/INDEX.tsv", file=sys.stderr)
        return 1
    with (root / "INDEX.tsv").open(encoding="utf-8") as table:
        said = {row["file"]: row["format"] for row in csv.DictReader(table, delimiter="\t")}
    rows: dict[str, Row] = defaultdict(Row)
    for name, format_name in sorted(said.items()):
        if not given.folders or name.split("/")[0] in given.folders:
            _measure(root / name, name, format_name, rows[format_name], given.seconds)
    _print(rows)
    return 0


def _measure(path: Path, name: str, said: str, row: Row, seconds: float) -> None:
    data = path.read_bytes()
    row.files += 1
    started = time.process_time()
    try:
        reading = read(data, name=name)
    except UnreadableWire as fault:
        row.refused += 1
        print(f"refused   {name}: {fault}")
    else:
        took = time.process_time() - started
        row.size += len(data)
        row.seconds += took
        row.slowest = max(row.slowest, took)
        row.items += len(reading.items)
        row.losses += len(reading.losses)
        for item in reading.items:
            row.filled.update(_filled(item))
        if reading.format != said:
            print(f"format    {name}: read as {reading.format}, listed as {said}")
        until = time.process_time() + seconds
        while time.process_time() < until:
            again = time.process_time()
            read(data, name=name)
            row.size += len(data)
            row.seconds += time.process_time() - again
            row.items += len(reading.items)
            row.filled.update(name for item in reading.items for name in _filled(item))


def _filled(item: RawItem) -> list[str]:
    return [
        slot.name for slot in fields(item) if slot.name not in _NOT_COUNTED and getattr(item, slot.name) not in (None, "", [])
    ]


def _print(rows: dict[str, Row]) -> None:
    print(
        f"\n{'format':<12}{'files':>6}{'items':>7}{'lost':>6}{'refused':>9}{'fields/item':>13}{'items/s':>9}{'MB/s':>7}{'slowest':>10}"
    )
    for name, row in sorted(rows.items()):
        per_item = sum(row.filled.values()) / row.items if row.items else 0.0
        spent = row.seconds or 1e-9
        print(
            f"{name:<12}{row.files:>6}{row.items:>7}{row.losses:>6}{row.refused:>9}{per_item:>13.1f}"
            f"{row.items / spent:>9.0f}{row.size / 1e6 / spent:>7.1f}{row.slowest * 1000:>7.0f} ms"
        )
    print("\nshare of items in which a field was found, per cent")
    names = [slot.name for slot in fields(RawItem) if slot.name not in _NOT_COUNTED]
    for name in names:
        shares = " ".join(
            f"{format_name}={100 * row.filled[name] // row.items}" for format_name, row in sorted(rows.items()) if row.items
        )
        print(f"{name:<16}{shares}")


if __name__ == "__main__":
    sys.exit(main())
