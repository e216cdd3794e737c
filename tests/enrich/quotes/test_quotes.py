"""Quotes: the hand-marked sets, the user's article, and whatever else reaches the stage."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import spacy
from teletipo.enrich.model import Draft
from teletipo.enrich.quotes import QuoteFinder
from teletipo.records import Entity, Mention, Quote, RawItem
from teletipo.settings import Settings

ROOT = Path(__file__).parents[3]
PIPELINES = ROOT / "streams" / "teletipo" / "pipelines"


@pytest.fixture(scope="module")
def pipelines() -> dict[str, Any]:
    return {language: spacy.load(PIPELINES / f"{language}_teletipo") for language in ("es", "en")}


@pytest.fixture(scope="module")
def finder() -> QuoteFinder:
    return QuoteFinder(Settings())


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quality_quotes", ROOT / "bench" / "quality_quotes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["quality_quotes"] = module
    spec.loader.exec_module(module)
    return module


def find(finder: QuoteFinder, pipelines: dict[str, Any], text: str, language: str = "es") -> list[Quote]:
    quotes = finder.find(pipelines[language](text), text, language, [])
    for quote in quotes:
        for span in (quote, quote.speaker, quote.cue):
            assert span is None or text[span.start : span.end] == span.text
    return quotes


@pytest.mark.parametrize("name", ["marked", "blind", "fresh"])
def test_hand_marked_sets_are_found(quality: ModuleType, name: str) -> None:
    tallies = quality.measure(name)
    assert tallies[True].f1 >= 0.88
    assert tallies[False].f1 >= 0.70
    right = tallies[True].speakers_right + tallies[False].speakers_right
    assert right / (tallies[True].speakers + tallies[False].speakers) >= 0.88


def test_quotes_of_the_users_article(finder: QuoteFinder, pipelines: dict[str, Any]) -> None:
    lines = (ROOT / "seeds" / "000_e08587906b7245c9.txt").read_text("utf-8").splitlines()
    # What cleaning takes out: the publisher's own links, which begin so.
    body = [line for line in lines if not line.startswith(("Podés leer:", "Te puede interesar:"))]
    found = find(finder, pipelines, "\n".join(body))
    support = "Apreciamos mucho su apoyo sistemático y permanente a la política rusa, incluido en el tema ucraniano"
    treaty = (
        'la firma de un "documento fundamental" establecerá las bases de las relaciones a largo plazo '
        "entre Rusia y Corea del Norte"
    )
    blackmail = "Rusia y Corea del Norte no tolerarán lenguaje de chantaje y no descartan la cooperación técnico-militar"
    expected = [
        (support, True, "Putin", "declaró"),
        (treaty, False, "Putin", "adelantó"),
        (blackmail, True, "Putin", "añadió"),
    ]
    assert [(q.text, q.direct, q.speaker and q.speaker.text, q.cue and q.cue.text) for q in found] == expected


def test_a_speaker_is_linked_to_the_entity_that_is_mentioned_there(finder: QuoteFinder, pipelines: dict[str, Any]) -> None:
    text = "«No firmaremos nada», dijo Elena Robledo."
    entity = Entity("PER:elena robledo", "PER", "Elena Robledo", mentions=[Mention(27, 40, "Elena Robledo")])
    draft = Draft(RawItem("x", "1"), text=text, language="es", doc=pipelines["es"](text), entities=[entity])
    finder([draft])
    assert [quote.speaker.entity for quote in draft.quotes if quote.speaker] == ["PER:elena robledo"]


@pytest.mark.parametrize(
    "text",
    [
        'El llamado "milagro económico" fue un espejismo.',
        'La novela "Cuando vuelva el agua" se publica en mayo.',
        'Marcharon con una pancarta: "Pan y trabajo".',
        "El proyecto –que costará millones– será votado el lunes.",
        "No dijo que la obra terminaría.",
    ],
)
def test_what_is_no_quote(finder: QuoteFinder, pipelines: dict[str, Any], text: str) -> None:
    assert find(finder, pipelines, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hola",
        "\n\n",
        '"',
        "«»",
        '"Sí"',
        '«« ““ " \' » ”\n– — -\n"',
        '"A dijo. ' * 400,
        "« « « « « « dijo que " * 200,
        'قال الرئيس: "لن نوقع الاتفاق" وأضاف',
        "dijo que " * 300,
        "–" * 500,
    ],
)
@pytest.mark.parametrize("language", ["es", "en"])
def test_bad_input_gives_valid_quotes(finder: QuoteFinder, pipelines: dict[str, Any], text: str, language: str) -> None:
    find(finder, pipelines, text, language)


def test_time_grows_with_length_only(finder: QuoteFinder, pipelines: dict[str, Any]) -> None:
    unit = '«No vamos a ceder», dijo Elena Robledo. El ministro añadió que "no hay plazo" para la firma, según la agencia. '

    def seconds(times: int) -> float:
        doc = pipelines["es"](unit * times)
        taken = []
        for _ in range(3):
            started = time.process_time()
            finder.find(doc, doc.text, "es", [])
            taken.append(time.process_time() - started)
        return min(taken)

    seconds(5)
    assert seconds(800) < 16 * max(seconds(100), 0.01)
