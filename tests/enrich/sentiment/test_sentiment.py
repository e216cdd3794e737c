"""Sentiment: tone of invented articles, both sides of an act, shifts of tone, and whatever else reaches the stage."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from teletipo.enrich.model import Draft
from teletipo.enrich.sentiment import SentimentScorer
from teletipo.enrich.sentiment.columns import Columns, WordTable
from teletipo.enrich.sentiment.lexicon import CLASSES, load_lexicon
from teletipo.enrich.sentiment.target_features import Mentions
from teletipo.records import Entity, Event, Mention, Participant, RawItem, Sentiment, Span
from teletipo.settings import Settings

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def pipelines() -> dict[str, Any]:
    folder = ROOT / "streams" / "teletipo" / "pipelines"
    return {language: spacy.load(folder / f"{language}_teletipo") for language in ("es", "en")}


@pytest.fixture(scope="module")
def scorer() -> SentimentScorer:
    return SentimentScorer(Settings())


def rate(
    scorer: SentimentScorer, pipelines: dict[str, Any], text: str, language: str = "es", names: tuple[str, ...] = ()
) -> tuple[Sentiment | None, dict[str, Sentiment]]:
    entities = [
        Entity(name, "PER", name, mentions=[Mention(text.index(name), text.index(name) + len(name), name)]) for name in names
    ]
    headline = text.split("\n\n")[0] if "\n\n" in text else None
    draft = Draft(RawItem("x", "1"), text=text, headline=headline, language=language, doc=pipelines[language](text))
    draft.entities = entities
    scorer([draft])
    for sentiment in [draft.sentiment, *(entity.sentiment for entity in entities)]:
        if sentiment is not None:
            assert sentiment.positive + sentiment.neutral + sentiment.negative == pytest.approx(1, abs=1e-9)
            assert sentiment.score == pytest.approx(sentiment.positive - sentiment.negative, abs=1e-9)
            assert all(text[e.start : e.end] == e.text for e in sentiment.evidence)
    return draft.sentiment, {entity.name: entity.sentiment for entity in entities}


def test_articles_written_after_training(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    cases = {
        "Ocho muertos en un tiroteo\n\nLa policía busca a los atacantes, que dispararon contra una fiesta.": "negative",
        "Liberan a los dos pescadores\n\nLa guerrilla los entregó a la Cruz Roja y ya abrazaron a sus familias.": "positive",
        "La ministra viajará el lunes\n\nLa visita a Tarsis durará dos días, según la agenda oficial.": "neutral",
    }
    found = {text: rate(scorer, pipelines, text)[0] for text in cases}
    assert {text: sentiment and sentiment.label for text, sentiment in found.items()} == cases


def test_the_users_article_reports_an_agreement(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    lines = (ROOT / "seeds" / "000_e08587906b7245c9.txt").read_text("utf-8").splitlines()
    body = [line for line in lines[1:] if not line.startswith(("Podés leer:", "Te puede interesar:"))]
    sentiment, _ = rate(scorer, pipelines, body[0] + "\n\n" + "\n".join(body[1:]))
    assert sentiment is not None
    assert sentiment.label == "positive"


def test_an_act_is_not_the_same_for_both_sides(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    text = "Senator Grier condemned Governor Holt for lying to voters about the corrupt deal."
    _, of = rate(scorer, pipelines, text, "en", ("Grier", "Holt"))
    assert of["Holt"].score < of["Grier"].score
    assert of["Holt"].label == "negative"


def test_what_ends_something_bad_is_not_bad(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    war, _ = rate(scorer, pipelines, "Estalla la guerra en la frontera")
    over, _ = rate(scorer, pipelines, "Firman el fin de la guerra en la frontera")
    assert war is not None
    assert over is not None
    assert war.score < 0 < over.score


def test_evidence_names_the_words_that_decided(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    sentiment, _ = rate(scorer, pipelines, "Una masacre dejó once muertos en la aldea.")
    assert sentiment is not None
    assert {e.text for e in sentiment.evidence} == {"masacre", "muertos"}
    assert all(e.weight < 0 for e in sentiment.evidence)


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("es", "El juez Ortega acusó a la empresa Minera Azul de no pagar a los vecinos y de mentir ante el tribunal.", ("Ortega", "Azul")),
        ("es", "Según ella, Vidal fue el peor de los ministros que hubo en la ciudad; por eso la echaron.", ("Vidal",)),
        ("en", "It was to Grier that the committee gave all of the blame for what had been done in the war.", ("Grier",)),
    ],
)  # fmt: skip
def test_evidence_of_entities_has_no_function_words(
    scorer: SentimentScorer, pipelines: dict[str, Any], language: str, text: str, names: tuple[str, ...]
) -> None:
    _, of = rate(scorer, pipelines, text, language, names)
    evidence = {e.text.casefold() for sentiment in of.values() for e in sentiment.evidence}
    assert evidence
    assert not evidence & {
        "a",
        "de",
        "la",
        "los",
        "el",
        "y",
        "ante",
        "en",
        "por",
        "que",
        "según",
        "ella",
        "the",
        "of",
        "to",
        "it",
        "that",
        "in",
        "for",
        "all",
    }


def test_words_of_names_have_no_tone(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    sentiment, _ = rate(scorer, pipelines, "El delegado del Banco Interamericano de Desarrollo llegó a la ciudad el lunes.")
    assert sentiment is not None
    assert "Desarrollo" not in {e.text for e in sentiment.evidence}


def test_background_behind_the_story_does_not_change_its_tone(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    story = "Firman la paz en Tarsis\n\nEl Gobierno y la guerrilla firmaron un acuerdo que pone fin a la guerra y libera a los presos."
    plain = "\nLa ceremonia fue en el palacio. Habrá otra sesión el jueves. Los delegados se alojan en un hotel del centro." * 3
    sentiment, _ = rate(scorer, pipelines, story + plain)
    assert sentiment is not None
    assert sentiment.label == "positive"


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_class_has_words(language: str) -> None:
    lexicon = load_lexicon(language)
    table = {"es": ["asesinato", "acuerdo", "reunión", "casa"], "en": ["killed", "agreement", "meeting", "house"]}[language]
    names = [CLASSES[lexicon.codes(word)[0] - 1] if lexicon.codes(word)[0] else None for word in table]
    assert names == ["neg_death", "pos_accord", "neu_meeting", None]


def test_no_language_no_sentiment(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    draft = Draft(RawItem("x", "1"), text="Bom dia", language="pt", doc=None)
    scorer([draft])
    assert draft.sentiment is None


@pytest.mark.parametrize("text", ["Hola", "\n\n", '"', "?!", "guerra " * 3000, "قال الرئيس", "«" * 500, "paz\n\n" * 50])
@pytest.mark.parametrize("language", ["es", "en"])
def test_bad_input_gives_valid_probabilities(
    scorer: SentimentScorer, pipelines: dict[str, Any], text: str, language: str
) -> None:
    sentiment, of = rate(scorer, pipelines, text, language, (text[0],))
    assert sentiment is not None
    assert set(of) == {text[0]}


def test_an_article_is_rated_alike_in_whatever_company(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    texts = [
        "Elena Robledo condenó el ataque\n\nLa ministra exigió a Iván Sorel que retire las tropas de la frontera.",
        "Hola",
        "Iván Sorel ganó las elecciones. Su rival, Elena Robledo, lo felicitó y pidió calma",
        "Grier praised Holt for the truce.\n\nHolt was jailed last year over the missing funds.",
    ]

    def drafts() -> list[Draft]:
        made = []
        for text in texts:
            language = "en" if "Grier" in text else "es"
            names = [name for name in ("Elena Robledo", "Iván Sorel", "Grier", "Holt") if name in text]
            draft = Draft(RawItem("x", "1"), text=text, language=language, doc=pipelines[language](text))
            places = [text.index(name) for name in names]
            draft.entities = [
                Entity(name, "PER", name, mentions=[Mention(at, at + len(name), name)])
                for name, at in zip(names, places, strict=True)
            ]
            made.append(draft)
        return made

    alone, together, again = drafts(), drafts(), drafts()
    for draft in alone:
        scorer([draft])
    scorer(together)
    scorer([*again[::-1], *drafts()])
    for one, two, three in zip(alone, together, again, strict=True):
        assert one.sentiment == two.sentiment == three.sentiment
        assert [e.sentiment for e in one.entities] == [e.sentiment for e in two.entities] == [e.sentiment for e in three.entities]


def test_a_mention_at_the_end_of_an_article_does_not_read_the_next(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    columns = Columns([pipelines["es"](text) for text in ("habló Sorel", "ganó Robledo")], WordTable(load_lexicon("es")), 5)
    mentions = Mentions(columns, np.array([1, 4]), np.array([2, 5]))
    assert [columns.strings[form] for form in columns.lower[mentions.around].tolist()] == ["habló", "ganó"]


def attack(actor: Participant, recipient: Participant, sentence: Span, trigger: Span) -> Event:
    return Event(
        "e", 1, "a", 1, "x", "es", None, None, "ASSAULT", None, [], "190", 4, -10.0, "asserted", [actor], [recipient],
        None, None, None, sentence, trigger, 0.9, "c",
    )  # fmt: skip


def test_who_is_attacked_fares_worse_than_who_attacks(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    text = "El lunes hubo novedades entre Robledo y Sorel en la costa."

    def score(actor: str, recipient: str) -> float:
        def part(name: str) -> Participant:
            return Participant(text.index(name), text.index(name) + len(name), name, name)

        event = attack(part(actor), part(recipient), Span(0, len(text), text), Span(14, 23, "novedades"))
        draft = Draft(RawItem("x", "1"), text=text, language="es", doc=pipelines["es"](text), events=[event])
        draft.entities = [Entity("s", "PER", "Sorel", mentions=[Mention(text.index("Sorel"), text.index("Sorel") + 5, "Sorel")])]
        scorer([draft])
        return draft.entities[0].sentiment.score

    assert score("Robledo", "Sorel") < score("Sorel", "Robledo")


def test_time_grows_with_length_only(scorer: SentimentScorer, pipelines: dict[str, Any]) -> None:
    def seconds(times: int) -> float:
        text = "Elena Robledo condenó el ataque y firmó un acuerdo con la guerrilla. " * times
        doc = pipelines["es"](text)
        starts = [69 * i for i in range(times)]
        entity = Entity("e", "PER", "e", mentions=[Mention(s, s + 13, text[s : s + 13]) for s in starts])
        who, whom = Participant(0, 13, "Elena Robledo", "Elena Robledo"), Participant(58, 67, "guerrilla", "guerrilla")
        events = [attack(who, whom, Span(s, s + 68, text[s : s + 68]), Span(s + 14, s + 21, "condenó")) for s in starts]
        draft = Draft(RawItem("x", "1"), text=text, language="es", doc=doc, entities=[entity], events=events)
        draft.entities += [Entity(str(s), "PER", "e", mentions=[Mention(s, s + 13, text[s : s + 13])]) for s in starts]
        rounds = []
        for _ in range(3):  # the fastest: a collection of garbage takes longer than the rating
            started = time.process_time()
            scorer([draft])
            rounds.append(time.process_time() - started)
        return min(rounds)

    seconds(5)
    assert seconds(1600) < 16 * max(seconds(200), 0.01)


def test_the_labelled_articles_are_balanced() -> None:
    rows = [json.loads(line) for line in (ROOT / "bench" / "sets" / "tone.jsonl").read_text("utf-8").splitlines()]
    labels = [row["label"] for row in rows]
    assert len(rows) >= 100
    assert min(labels.count(label) for label in ("positive", "neutral", "negative")) > len(rows) / 4


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("El paro baja a su nivel más bajo\n\nEl desempleo cayó por quinto mes.", "es"),
        ("Unemployment falls\n\nPoverty dropped for the fifth month.", "en"),
    ],
)
def test_something_bad_that_becomes_less_is_good(
    scorer: SentimentScorer, pipelines: dict[str, Any], text: str, language: str
) -> None:
    sentiment, _ = rate(scorer, pipelines, text, language)
    assert sentiment is not None
    assert sentiment.label == "positive"
