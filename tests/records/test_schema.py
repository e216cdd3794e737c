"""The generated documents are current, and what was released stays readable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from teletipo.records.schema import asyncapi, json_schemas

ROOT = Path(__file__).parents[2]
RELEASED = json.loads((Path(__file__).parent / "released_v1.json").read_text("utf-8"))


@pytest.mark.parametrize("name", [*json_schemas(), "asyncapi"])
def test_document_in_the_repository_is_current(name: str) -> None:
    generated = {**json_schemas(), "asyncapi": asyncapi()}[name]
    stored = json.loads((ROOT / "schemas" / "v1" / f"{name}.json").read_text("utf-8"))
    assert stored == json.loads(json.dumps(generated)), "run `make schemas`"


@pytest.mark.parametrize("name", list(json_schemas()))
def test_documents_are_valid_json_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schemas()[name])


def shape(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every field of a schema and of its parts as `part.field` with its type and whether it is required."""
    parts = {"": schema, **{f"{name}.": part for name, part in schema.get("$defs", {}).items()}}
    return {
        f"{prefix}{field}": {"type": _type(body), "required": field in part.get("required", ())}
        for prefix, part in parts.items()
        for field, body in part.get("properties", {}).items()
    }


def _type(body: dict[str, Any]) -> str:
    if "$ref" in body:
        return body["$ref"].rpartition("/")[2]
    if "anyOf" in body:
        return "|".join(sorted(_type(option) for option in body["anyOf"]))
    if "enum" in body or "const" in body:
        return "enum"
    if body.get("type") == "array":
        return f"[{_type(body['items'])}]"
    return str(body.get("type", "any"))


@pytest.mark.parametrize("name", list(json_schemas()))
def test_a_released_field_is_not_renamed_retyped_or_made_required(name: str) -> None:
    now = shape(json_schemas()[name])
    for field, released in RELEASED[name].items():
        assert field in now, f"{name}.{field} was released and is gone"
        assert now[field]["type"] == released["type"], f"{name}.{field} changed its type"
        if name == "raw":
            assert released["required"] or not now[field]["required"], f"{name}.{field} was optional for producers"
        else:
            assert now[field]["required"], f"{name}.{field} must always be present"
