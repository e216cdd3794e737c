"""Quotes and tone of whole articles against records written by reading them; the entities are test_entities.py's."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from teletipo.enrich.annotate import AnnotateStage
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.entities import EntityLinker
from teletipo.enrich.events import EventCoder
from teletipo.enrich.language import LanguageIdentifier
from teletipo.enrich.model import Draft
from teletipo.enrich.quotes import QuoteFinder
from teletipo.enrich.sentiment import SentimentScorer
from teletipo.records import RawItem
from teletipo.settings import Settings

ARTICLES = Path(__file__).parent / "articles"
SEED = Path(__file__).parents[2] / "seeds" / "000_e08587906b7245c9.txt"
SETTINGS = Settings()
KINDS = (Cleaner, LanguageIdentifier, AnnotateStage, EntityLinker, QuoteFinder, EventCoder, SentimentScorer)
STAGES = [stage(SETTINGS) for stage in KINDS]


def enriched(body: str, headline: str | None, language: str) -> Draft:
    draft = Draft(RawItem("p", "1", headline=headline, body=body, language=language))
    for stage in STAGES:
        stage([draft])
    return draft


def quotes(draft: Draft) -> list[tuple[str, bool, str | None, str | None]]:
    """Text, kind, speaker by the name of the entity or else as the text has it, and cue."""
    names = {entity.id: entity.name for entity in draft.entities}
    return [
        (q.text, q.direct, q.speaker and (names[q.speaker.entity] if q.speaker.entity else q.speaker.text), q.cue and q.cue.text)
        for q in draft.quotes
    ]


@pytest.mark.parametrize("path", sorted(ARTICLES.glob("*.toml")), ids=lambda path: path.stem)
def test_quotes_come_out_as_read(path: Path) -> None:
    article: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    draft = enriched(article["body"], article["headline"], article["language"])
    wanted = [(row["text"], row["direct"], row["speaker"], row["cue"]) for row in article["quotes"]]
    assert quotes(draft) == wanted
    assert draft.sentiment is not None


def test_most_articles_have_the_tone_that_a_reader_gives_them() -> None:
    """None of them was used in training; where the model errs it calls a toned article neutral, never the opposite."""
    articles = [tomllib.loads(path.read_text("utf-8")) for path in sorted(ARTICLES.glob("*.toml"))]
    found = [enriched(article["body"], article["headline"], article["language"]).sentiment for article in articles]
    pairs = [(article["sentiment"]["label"], given.label) for article, given in zip(articles, found, strict=True) if given]
    assert len(pairs) == len(articles)
    assert sum(wanted == given for wanted, given in pairs) >= 3, pairs
    assert not {("positive", "negative"), ("negative", "positive")} & set(pairs), pairs


@pytest.mark.parametrize("with_headline", [True, False])
def test_the_users_article_is_complete(with_headline: bool) -> None:
    standfirst, headline, body = SEED.read_text("utf-8").split("\n", 2)
    draft = enriched(body, headline, "es") if with_headline else enriched("\n".join((standfirst, headline, body)), None, "es")
    support = "Apreciamos mucho su apoyo sistemático y permanente a la política rusa, incluido en el tema ucraniano"
    treaty = (
        'la firma de un "documento fundamental" establecerá las bases de las relaciones a largo plazo '
        "entre Rusia y Corea del Norte"
    )
    blackmail = "Rusia y Corea del Norte no tolerarán lenguaje de chantaje y no descartan la cooperación técnico-militar"
    assert quotes(draft) == [
        (support, True, "Vladimir Putin", "declaró"),
        (treaty, False, "Vladimir Putin", "adelantó"),
        (blackmail, True, "Vladimir Putin", "añadió"),
    ]
    assert draft.sentiment is not None
    assert draft.sentiment.label == "positive"
    found = {(entity.type, entity.name) for entity in draft.entities}
    assert found == {
        ("PER", "Vladimir Putin"), ("PER", "Kim Jong-un"), ("LOC", "Pyongyang"), ("LOC", "Moscú"), ("LOC", "Ucrania"),
        ("LOC", "plaza Kim Il Sung"), ("LOC", "Rusia"), ("LOC", "Corea del Norte"), ("LOC", "Casa Estatal de Huéspedes Kumsusan"),
        ("LOC", "Occidente"), ("MISC", "Guerra de Corea"), ("LOC", "Extremo Oriente ruso"), ("ORG", "Consejo de Seguridad de la ONU"),
    } | (set() if with_headline else {("LOC", "Europa")} & found)  # fmt: skip
