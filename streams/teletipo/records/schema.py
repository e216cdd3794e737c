"""The JSON Schemas and the AsyncAPI document of the contract, generated from the records."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import TypeAdapter

from teletipo.records.article import Article
from teletipo.records.event import Event
from teletipo.records.raw import RawItem

MAJOR = 1
URN = "urn:teletipo:schema:{name}:1"
"""`ce_dataschema` of a record kind; the last part is the major version."""

_KINDS: dict[str, tuple[Any, Literal["validation", "serialization"], str]] = {
    "raw": (RawItem, "validation", "One wire item, as a feeder writes it."),
    "article": (Article, "serialization", "The enriched article."),
    "event": (Event, "serialization", "One normalized event."),
}
_CHANNELS = {
    "news.raw": ("raw", "receive", "Wire items; internal: it holds embargoed and later killed text."),
    "news.articles": ("article", "send", "Enriched articles, keyed by item key; keep the highest revision."),
    "news.events": ("event", "send", "Events, keyed by event id; keep the highest revision."),
    "news.deadletter": (None, "send", "Inputs that could not be processed, byte for byte, with the reason in headers."),
}
_FED = ("ce_id", "ce_source", "ce_type", "ce_specversion", "ce_time", "ce_dataschema", "content-type")
_PUBLISHED = (*_FED, "ce_subject", "traceparent")
_ERROR = ("stage", "type", "message", "topic", "partition", "offset", "attempts")
_REFUSED = ("feeder", "source", "provider", "size", "digest", "part_of")
_HEADERS: dict[str, dict[str, str]] = {
    "raw": {
        **dict.fromkeys(_FED, "as our feeders write it; a producer may leave it out"),
        "traceparent": "the trace that the outputs go on with",
        "teletipo-rekeyed": "sent on once to the right key and partition",
        "teletipo-replayed": "how often it had been tried when it was replayed from news.deadletter",
        "teletipo-letter": "the dead letter that it was replayed from",
        "teletipo-recode": "sent by teletipo recode: code it again, publish the differences",
    },
    "article": dict.fromkeys(_PUBLISHED, ""),
    "event": dict.fromkeys(_PUBLISHED, ""),
    "deadletter": {
        **{f"error.{name}": "" for name in _ERROR},
        **{f"error.{name}": "only of a document that a feeder refused" for name in _REFUSED},
    },
}
"""What our programs set, by message, with what is not said by the name. A dead letter has the headers of its input too."""
_KEYS = {"event": "event id", "deadletter": "the input's key; none of a document that a feeder refused"}


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema (2020-12) of each record kind, by name."""
    return {name: _json_schema(name, *kind) for name, kind in _KINDS.items()}


def _json_schema(name: str, record: Any, mode: Literal["validation", "serialization"], title: str) -> dict[str, Any]:
    schema = TypeAdapter(record).json_schema(mode=mode)
    if mode == "serialization":
        for part in (schema, *schema.get("$defs", {}).values()):
            if "properties" in part:
                part["required"] = sorted(part["properties"])
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = URN.format(name=name)
    schema["description"] = title
    return schema


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3 document: channels, keys and headers of the topics that producers and subscribers use."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Teletipo",
            "version": f"{MAJOR}.0.0",
            "description": "News wires in, normalized event records out. Read with isolation.level=read_committed.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, kind, text) for topic, (kind, _, text) in _CHANNELS.items()},
        "operations": {
            topic.replace("news.", action): {"action": action, "channel": {"$ref": f"#/channels/{topic}"}}
            for topic, (_, action, _) in _CHANNELS.items()
        },
    }


def _channel(topic: str, kind: str | None, text: str) -> dict[str, Any]:
    name = kind or "deadletter"
    headers = {
        header: {"type": "string", "description": meaning} if meaning else {"type": "string"}
        for header, meaning in _HEADERS[name].items()
    }
    message: dict[str, Any] = {
        "headers": {"type": "object", "properties": headers},
        "bindings": {"kafka": {"key": {"type": "string", "description": _KEYS.get(name, "item key")}}},
    }
    if kind:
        message["payload"] = {"$ref": f"./{kind}.json"}
    else:
        message["contentType"] = "application/octet-stream"
    return {"address": topic, "description": text, "messages": {name: message}}


def write(folder: Path) -> list[Path]:
    """Write all documents into `folder` (schemas/v1 of the repository); returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = {**json_schemas(), "asyncapi": asyncapi()}
    paths = []
    for name, document in documents.items():
        path = folder / f"{name}.json"
        path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        paths.append(path)
    return paths
