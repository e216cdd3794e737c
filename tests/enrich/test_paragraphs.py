"""Entities of dense invented paragraphs against what a reader finds in them: one entry for each thing, its type, state and mentions."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from teletipo.enrich.entities import EntityLinker
from teletipo.enrich.model import Draft
from teletipo.records import Entity, RawItem
from teletipo.settings import Settings

PARAGRAPHS = Path(__file__).parent / "articles" / "paragraphs"
LINKER = EntityLinker(Settings())


@cache
def pipeline(language: str) -> Language:
    return spacy.load(str(resources.files("teletipo.pipelines") / f"{language}_teletipo"))


def linked(text: str, language: str) -> list[Entity]:
    draft = Draft(RawItem("p", "1", body=text), text=text, language=language, doc=pipeline(language)(text))
    LINKER([draft])
    return draft.entities


def allows(wanted: list[str], mentions: list[str]) -> bool:
    """Whether mentions are those wanted, in order: "?x" may be missing, "a|b" is either of two."""
    if not wanted:
        return not mentions
    here = bool(mentions) and mentions[0] in wanted[0].removeprefix("?").split("|") and allows(wanted[1:], mentions[1:])
    return here or (wanted[0].startswith("?") and allows(wanted[1:], mentions))


def meets(wanted: list[str], entity: Entity) -> bool:
    kind, country, *mentions = wanted
    return (
        entity.type in kind.split("|")
        and (country == "*" or (entity.country or "") == country)
        and allows(mentions, [mention.text for mention in entity.mentions])
    )


def faults(row: dict[str, Any], language: str) -> tuple[list[Any], list[Any]]:
    """Entities wanted that did not come, and those that came without being wanted."""
    found = linked(row["text"], language)
    missing = []
    for wanted in row["entities"]:
        match = next((entity for entity in found if meets(wanted, entity)), None)
        if match is not None:
            found.remove(match)
        elif not all(mention.startswith("?") for mention in wanted[2:]):
            missing.append(wanted)
    return missing, [(e.type, e.country, [m.text for m in e.mentions]) for e in found]


@pytest.mark.parametrize("language", ["es", "en"])
def test_dense_paragraphs_come_out_as_read(language: str) -> None:
    rows = tomllib.loads((PARAGRAPHS / f"{language}.toml").read_text("utf-8"))["paragraphs"]
    wrong = [(missing, extra) for row in rows for missing, extra in [faults(row, language)] if missing or extra]
    wanted = sum(not all(m.startswith("?") for m in entity[2:]) for row in rows for entity in row["entities"])
    missing = sum(len(missing) for missing, _ in wrong)
    extra = sum(len(extra) for _, extra in wrong)
    assert missing <= 0.05 * wanted, wrong
    assert extra <= 0.05 * wanted, wrong
    assert all(entity.wikidata is None or entity.country for row in rows for entity in linked(row["text"], language))
