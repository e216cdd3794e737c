"""What is wrong with a setting, in one line: which variable, what it is, what is allowed. Never the value of a secret."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

PREFIX = "TELETIPO_"
SHOWN = 60
"""Characters of a wrong value that are shown."""


def wrong_value(error: ValidationError, model: type[BaseModel], file: Path) -> str:
    """The line for the first value that a settings model refused."""
    fault = error.errors(include_url=False)[0]
    name = str(fault["loc"][0])
    return refusal(name, model.model_fields[name], fault["input"], file)


def refusal(name: str, field: FieldInfo, value: object, file: Path) -> str:
    """The line for one refused value of one setting."""
    shown = "" if SecretStr in _plain_types(field) else f"{str(value)[:SHOWN]!r} is wrong; "
    return f"{where(name, file)}: {shown}allowed is {allowed(field)}"


def where(name: str, file: Path) -> str:
    """The variable that sets a field, or its line in the settings file if that is where it comes from."""
    variable = f"{PREFIX}{name.upper()}"
    in_environment = variable in (key.upper() for key in os.environ)
    return f"{file}: {name}" if not in_environment and name in _keys(file) else variable


def allowed(field: FieldInfo) -> str:
    """What a setting takes, in words: its own where it has any, else from its type and limits."""
    if isinstance(field.json_schema_extra, Mapping) and "allowed" in field.json_schema_extra:
        return str(field.json_schema_extra["allowed"])
    for kind in _plain_types(field):
        if get_origin(kind) is Literal:
            return "one of " + ", ".join(get_args(kind))
        if get_origin(kind) is list:
            return 'a list of paths in JSON, as in ["/data/one.csv", "/data/two.csv"]'
        if kind is bool:
            return "true or false"
        if kind in (int, float):
            return ("a whole number" if kind is int else "a number, with a decimal point,") + _limits(field)
    return "a path" if Path in _plain_types(field) else "text"


def _limits(field: FieldInfo) -> str:
    limits = {name: getattr(rule, name) for rule in field.metadata for name in ("ge", "gt", "le") if hasattr(rule, name)}
    if "ge" in limits and "le" in limits:
        return f" from {limits['ge']} to {limits['le']}"
    words = {"ge": "not below", "gt": "above", "le": "not above"}
    return "".join(f" {words[name]} {limit}" for name, limit in limits.items())


def _plain_types(field: FieldInfo) -> list[Any]:
    kind = field.annotation
    return list(get_args(kind)) if get_origin(kind) in (Union, UnionType) else [kind]


def _keys(file: Path) -> Iterable[str]:
    try:
        return tomllib.loads(file.read_text("utf-8")).keys()
    except (OSError, ValueError):
        return ()


def misspelt(fields: Iterable[str], file: Path) -> str | None:
    """The line for a name that is no setting: any in the settings file, and a variable that is nearly one of ours.

    Other programs may have TELETIPO_ variables of their own, so a name that resembles none is left alone.
    """
    known = list(fields)
    for key in _keys(file):
        if key not in known:
            return f"{file}: {key}: there is no such setting{_meant(key, known, '', 0.6)}"
    for variable in sorted(os.environ):
        name = variable.upper().removeprefix(PREFIX).lower()
        if variable.upper().startswith(PREFIX) and name not in known and (meant := _meant(name, known, PREFIX, 0.85)):
            return f"{variable}: there is no such setting{meant}"
    return None


def _meant(name: str, known: list[str], prefix: str, likeness: float) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=likeness)
    return f"; did you mean {prefix}{close[0].upper() if prefix else close[0]}?" if close else ""
