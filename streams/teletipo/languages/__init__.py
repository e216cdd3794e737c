"""A language is a folder of data that a linguist edits; this module only finds and reads it."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from teletipo.errors import LexiconError


@lru_cache(maxsize=1)
def available() -> tuple[str, ...]:
    """Codes of all languages that have a folder here, sorted."""
    root = resources.files(__name__)
    return tuple(sorted(e.name for e in root.iterdir() if e.is_dir() and len(e.name) == 2))


@cache
def load(language: str, table: str) -> dict[str, Any]:
    """Read `languages/LANGUAGE/TABLE.toml`. Raises LexiconError that names the file and the line of a fault."""
    name = f"languages/{language}/{table}.toml"
    try:
        return tomllib.loads((resources.files(__name__) / language / f"{table}.toml").read_text("utf-8"))
    except FileNotFoundError:
        raise LexiconError(f"{name}: no such table") from None
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}: {error}") from None
