"""Language tags in BCP 47's spelling: `swe` is sv, `NL` nl, `nb-NO` stays, `x-default`, `und` and `zxx` are none."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_].*)?$")
_NONE = {"und", "zxx", "mul", "mis", "qaa"}


def _read_table() -> dict[str, str]:
    table = resources.files("teletipo.wires").joinpath("language_codes.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {code: short for short, codes in rows for code in codes.split()}


_SHORT = _read_table()


def parse(value: Any) -> str | None:
    """The tag with language in lower, script in title and region in upper case; None if it names no language."""
    match = _TAG.match(value.strip()) if isinstance(value, str) else None
    if not match:
        return None
    language = match[1].lower()
    language = _SHORT.get(language, language)
    if language in _NONE:
        return None
    return "-".join(part for part in (language, match[2] and match[2].title(), match[3] and match[3].upper()) if part)
