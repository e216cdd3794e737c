"""The agent that the bench measures the worker against does what its user wants: entities and sentences of each item."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from teletipo.broker.topics import EVENTS
from teletipo.feeds.sender import Sender
from teletipo.records import RawItem, loads
from teletipo.settings import Settings

from bench.stream import NaiveAgent, Outputs

pytestmark = pytest.mark.long


def test_each_item_gives_one_record_by_the_pipeline_of_its_language(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    (tmp_path / "stock").mkdir()
    for language, place in (("es", "Quito"), ("en", "Oslo")):
        nlp = spacy.blank(language)
        nlp.add_pipe("sentencizer")
        nlp.add_pipe("entity_ruler").add_patterns([{"label": "LOC", "pattern": place}])  # type: ignore[attr-defined]
        nlp.to_disk(tmp_path / "stock" / language)
    naive = settings(topic_prefix="naive.")
    outputs = Outputs(naive, EVENTS)
    agent = NaiveAgent(naive, tmp_path / "stock", tmp_path)
    try:
        with Sender(naive) as sender:
            sender.send(RawItem("p", "1", 1, language="es", headline="Viaje.", body="Fue a Quito. Volvió de Oslo."))
            sender.send(RawItem("p", "2", 1, language="en", headline="A trip.", body="She went to Oslo and Quito."))
        values = sorted((loads(value) for _, value in outputs.read(2, 60)), key=lambda value: len(value["sentences"]))
    finally:
        outputs.close()
        agent.stop()
    found: list[Any] = [([ent["text"] for ent in value["entities"]], len(value["sentences"])) for value in values]
    assert found == [(["Oslo"], 2), (["Quito"], 3)]
