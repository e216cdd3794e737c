"""Whatever reaches the enricher gives a valid record in bounded time: all stages together, through the annotator."""

from __future__ import annotations

import time
from functools import cache

import pytest
from pydantic import TypeAdapter
from teletipo.enrich import Enriched, Enricher, Task
from teletipo.enrich.model import Draft
from teletipo.records import Article, Event, RawItem, dumps
from teletipo.settings import load_settings

ARTICLE, EVENT = TypeAdapter(Article), TypeAdapter(Event)
WORDS = 100_000
MICROSECONDS_A_WORD = 2_000
"""Twice what the worker allows (1 ms a word), so that a busy machine does not fail the test."""
STORY = (
    "El presidente de Chile, Gabriel Prueba, recibió el martes en Santiago a la canciller peruana, Ana Ejemplo. "
    "«No habrá nuevas sanciones», dijo Ejemplo, según la agencia. Ambos países firmarán en mayo un acuerdo de pesca.\n"
)


@cache
def enricher() -> Enricher:
    return Enricher(load_settings())


def enriched(body: str, language: str = "es") -> Enriched:
    (result,) = enricher().enrich([Task(RawItem("p", "1", headline=None, body=body, language=language))])
    assert isinstance(result, Enriched), result
    article = ARTICLE.validate_json(dumps(result.article))
    for event in result.events:
        EVENT.validate_json(dumps(event))
    text = article.text
    for entity in article.entities:
        assert all(text[m.start : m.end] == m.text for m in entity.mentions)
    for quote in article.quotes:
        assert all(part is None or text[part.start : part.end] == part.text for part in (quote, quote.speaker, quote.cue))
    return result


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n\n\t",
        "Hola",
        "«No habrá paz». " * 300,
        "“A” 'b' «c» \"d\" ‘e’ –f– " * 300,
        '«« “ " ‘ ( [ dijo que ' * 300,
        "» ” ’ ) ] } dijo Juan Prueba. " * 300,
        "قال الرئيس «لن نوقع الاتفاق» وأضاف أن المفاوضات ستستمر حتى يوم الجمعة. " * 50,
        "\u202eEl presidente dijo: \u202d«שלום» y firmó\u202c el acuerdo con Israel. " * 50,
        "👍🏽 " * 1000,
        "a" * 50_000,
        ", " * 5_000,
        "Rusia y " * 2_000,
        " ".join(f"Nombre{i} Apellido{i}" for i in range(6_000)),
    ],
    ids=["empty", "blank", "one word", "quotes only", "all marks", "never closed", "never opened", "arabic", "directions", "emoji",
         "no space", "commas", "names", "people"],
)  # fmt: skip
def test_odd_text_gives_a_valid_record(body: str) -> None:
    started = time.process_time()
    enriched(body)
    assert time.process_time() - started < 10


def test_a_hundred_thousand_words_take_no_longer_a_word() -> None:
    words = len(STORY.split())
    started = time.process_time()
    result = enriched(STORY * (WORDS // words + 1))
    assert time.process_time() - started < MICROSECONDS_A_WORD * WORDS / 1e6
    assert result.article.quotes
    assert {entity.name for entity in result.article.entities} >= {"Gabriel Prueba", "Ana Ejemplo", "Santiago"}


def test_white_space_within_a_name_is_a_part_of_it() -> None:
    stages = enricher().stages
    text = "El ex presidente Bashar\xa0al-Assad habló con John  Brennan en Nueva  York."
    draft = Draft(RawItem("p", "1", body=text), text=text, language="es")
    for stage in stages[2:4]:  # without the cleaner, which makes it a plain space
        stage([draft])
    assert draft.doc is not None
    assert draft.doc.text == text
    assert all(not span.text[0].isspace() and not span.text[-1].isspace() for span in draft.doc.ents)
