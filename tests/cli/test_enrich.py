"""`teletipo enrich` as the contract describes it, and the frame of the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter
from teletipo.records import Article, Event

ROOT = Path(__file__).parents[2]
TREATY = {
    "provider": "austral",
    "item_id": "1",
    "version": 3,
    "published_at": "2025-03-12T15:00:00Z",
    "language": "es",
    "headline": "Chile y Perú firman un tratado de extradición",
    "body": "Chile y Perú firmaron este miércoles en Lima un tratado de extradición.\nTe puede interesar: El tiempo en Lima",
}


def run(*arguments: str, lines: list[Any] | None = None) -> tuple[int, list[Any], str]:
    """Exit status, parsed output lines and standard error of the command."""
    given = b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines or [])
    done = subprocess.run([sys.executable, "-m", "teletipo", *arguments], input=given, capture_output=True, timeout=120)
    return done.returncode, [orjson.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


@pytest.fixture(scope="module")
def outcome() -> tuple[int, list[Any], str]:
    """One run over all kinds of lines: loading the pipelines is what takes time."""
    return run(
        "enrich",
        lines=[
            TREATY,
            b"",
            {**TREATY, "item_id": "2", "status": "canceled", "ed_note": "anulada"},
            b"{not json",
            {"provider": "austral", "item_id": "3", "status": "canceled", "version": "x"},
            {"provider": "austral", "item_id": "4", "body": "", "embargoed_until": "2999-01-01T00:00:00Z", "headline": "Flash"},
            {
                "provider": "austral",
                "item_id": "5",
                "body": "Ça va très bien aujourd'hui, merci beaucoup, dit le président français.",
            },
            {"provider": "austral", "item_id": "6", "body": "\u202e\u0000\u0007 👍 ¿¡\n\n«»"},
        ],
    )


def test_there_is_one_line_for_each_record_in_order(outcome: Any) -> None:
    status, lines, _ = outcome
    assert status == 1
    assert len(lines) == 7
    assert [line["article"]["item_id"] if "article" in line else "error" for line in lines] == [
        "1",
        "2",
        "error",
        "error",
        "4",
        "5",
        "6",
    ]


def test_a_usable_record_gives_article_and_events(outcome: Any) -> None:
    article, events = outcome[1][0]["article"], outcome[1][0]["events"]
    assert (article["version"], article["revision"], article["supersedes"]) == (3, 1, None)
    assert article["text"].startswith(TREATY["headline"] + "\n\n")
    assert [removed["text"] for removed in article["removed"]] == ["Te puede interesar: El tiempo en Lima"]
    assert article["event_ids"] == [event["id"] for event in events]
    signing = next(event for event in events if event["type"] == "SUPPORT")
    assert signing["cameo"] == "057"
    assert {actor["country"] for actor in signing["actors"]} == {"CHL", "PER"}
    assert (signing["date"]["from"], signing["place"]["name"]) == ("2025-03-12", "Lima")


def test_every_offset_quotes_the_text(outcome: Any) -> None:
    for line in outcome[1]:
        if "article" not in line:
            continue
        text = line["article"]["text"]
        spans = [mention for entity in line["article"]["entities"] for mention in entity["mentions"]]
        for event in line["events"]:
            spans += [event["sentence"], event["trigger"], *event["actors"], *event["recipients"], *event["also"]]
            spans += [event["date"]] if event["date"] else []
        for quote in line["article"]["quotes"]:
            spans += [part for part in (quote, quote["speaker"], quote["cue"]) if part]
        for span in spans:
            assert text[span["start"] : span["end"]] == span["text"]


def test_records_keep_to_their_schema(outcome: Any) -> None:
    for line in outcome[1]:
        if "article" in line:
            TypeAdapter(Article).validate_python(line["article"])
            TypeAdapter(list[Event]).validate_python(line["events"])


def test_a_canceled_record_gives_a_retracted_article(outcome: Any) -> None:
    line = outcome[1][1]
    article = line["article"]
    assert (article["retracted"], article["retraction"], article["ed_note"]) == (True, "killed", "anulada")
    assert (article["text"], article["headline"], article["entities"], line["events"]) == ("", None, [], [])


def test_what_cannot_be_used_is_an_error_line_with_the_input(outcome: Any) -> None:
    broken, kill = outcome[1][2], outcome[1][3]
    assert (broken["error"]["type"], broken["input"]) == ("NotJSON", "{not json")
    assert kill["error"]["type"] == "InvalidRecord"
    assert "version" in kill["error"]["message"]


def test_an_embargo_is_ignored_aloud(outcome: Any) -> None:
    assert outcome[1][4]["article"]["headline"] == "Flash"
    assert "embargo until 2999-01-01T00:00:00Z ignored" in outcome[2]


def test_another_language_gets_its_record_without_analysis(outcome: Any) -> None:
    article = outcome[1][5]["article"]
    assert article["language"] == "fr"
    assert (article["entities"], article["sentiment"]) == ([], None)
    assert article["processing"]["skipped"]


def test_the_same_text_gives_the_same_records(outcome: Any) -> None:
    again = run("enrich", lines=[TREATY])[1][0]
    assert again == outcome[1][0]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["enrich", "missing.jsonl"], "missing.jsonl"),
        (["tail", "raw"], "--internal"),
        (["nonsense"], "nonsense"),
        (["tail", "events", "--since", "ayer"], "RFC 3339"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(arguments: list[str], complaint: str) -> None:
    status, _, error = run(*arguments)
    assert status == 2
    assert complaint in error
    assert len(error.strip().splitlines()) == 1


def test_a_wrong_setting_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELETIPO_TOPIC_PARTITIONS", "many")
    status, _, error = run("topics", "list")
    assert status == 2
    assert error.startswith("teletipo: TELETIPO_TOPIC_PARTITIONS: ")


def test_help_names_every_command_and_imports_none() -> None:
    code = "import sys; from teletipo.cli import cli; cli.main(['--help'], standalone_mode=False); print('MODULES', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    help_text, _, modules = done.stdout.partition("MODULES")
    words = set(help_text.split())
    assert {"demo", "enrich", "feed", "worker", "tail", "deadletter", "explain"} <= words
    assert not set(modules.split()) & {"spacy", "kafka", "pydantic", "faust", "lxml"}, "help must stay fast"


def test_every_command_of_the_frame_can_be_imported() -> None:
    from teletipo.cli import COMMANDS, cli

    for name in COMMANDS:
        assert cli.get_command(None, name) is not None, name  # type: ignore[arg-type]
